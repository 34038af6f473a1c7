# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034  # variables are for the scripts that source this
# What the scripts of the lab share: paths, progress, locks. Sourced, never run.

shopt -s inherit_errexit

LAB_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
REPO=$(cd "$LAB_DIR/../.." && pwd)
CACHE=${VMSWITCH_LAB_CACHE:-/var/cache/vmswitch-lab}

VM_KERNELS=(6.1 6.12 7)
UML_KERNELS=(uml uml-debug)

# Exit status of a run whose kernel complained, and of one that took too long.
EXIT_KERNEL=99
EXIT_TIMEOUT=124

say() {
	printf 'lab: %s\n' "$*" >&2
}

die() {
	printf 'lab: error: %s\n' "$*" >&2
	exit 1
}

# is_one_of WORD LIST...
is_one_of() {
	local word=$1 other
	shift
	for other; do
		[[ $word == "$other" ]] && return 0
	done
	return 1
}

# run_quietly LOGFILE CMD...: the output goes to LOGFILE, and its end is shown if CMD fails.
run_quietly() {
	local log=$1 rc=0
	shift
	mkdir -p "$(dirname "$log")"
	"$@" >"$log" 2>&1 || rc=$?
	if ((rc)); then
		tail -n 40 "$log" >&2
		say "failed ($rc): $*; the whole log is $log"
	fi
	return "$rc"
}

# with_lock NAME CMD...: run CMD while no other process of the lab holds NAME. Not in a condition: that
# would switch off `set -e` in CMD.
with_lock() {
	local name=$1 fd
	shift
	mkdir -p "$CACHE/lock"
	exec {fd}>"$CACHE/lock/$name"
	if ! flock -n "$fd"; then
		say "waiting for another run that holds '$name'"
		flock "$fd"
	fi
	"$@"
	exec {fd}>&-
}

# Where the files of one kernel live: version, vmlinuz or linux, kdir, lib/modules.
kernel_dir() {
	printf '%s/kernel/%s\n' "$CACHE" "$1"
}

# kernel_ready NAME: has setup finished with it?
kernel_ready() {
	[[ -e $CACHE/kernel/$1/ready ]]
}

# ensure_kernel NAME: run setup for it unless it is there.
ensure_kernel() {
	kernel_ready "$1" || "$LAB_DIR/setup" "$1" >&2
}

# A folder for what is built from this clone; two clones never share one.
build_root() {
	local id
	id=$(printf '%s' "$REPO" | sha256sum)
	printf '%s/build/%s\n' "$CACHE" "${id:0:12}"
}

# build_lock KERNEL: the name of the lock for what is built for it from this clone.
build_lock() {
	local root
	root=$(build_root)
	printf 'build-%s-%s\n' "${root##*/}" "$1"
}
