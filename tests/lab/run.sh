# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034  # variables are for the scripts that source this
# What `uml` and `vm` share: options, the run folder, the end of a run. Sourced after lib.sh.

kernel=
cpus=2
mem=2048
timeout=1800
out=
build=yes
command=()

# What `guest` writes into the kernel log before it starts the command.
BEGIN='vmswitch-lab: begin'

# parse_option WORD VALUE: an option that both know; sets `used` to the number of words taken.
parse_option() {
	used=2
	case $1 in
	--cpus | --smp) cpus=$2 ;;
	--mem) mem=${2%M} ;;
	--timeout) timeout=$2 ;;
	--out) out=$2 ;;
	--no-build)
		build=
		used=1
		;;
	-h | --help)
		usage
		exit 0
		;;
	*) die "unknown option '$1' (see --help)" ;;
	esac
}

# prepare_run VENUE: build what is to be tested, and a folder that tells the guest what to run.
prepare_run() {
	local dir
	((EUID == 0)) || die "the lab runs as root: sudo $0 ..."
	((${#command[@]})) || die "no command (see --help)"
	ensure_kernel "$kernel"
	[[ -z $build ]] || "$LAB_DIR/build" --quiet --kernel "$kernel" >/dev/null
	dir=$(kernel_dir "$kernel")
	remove_stale_runs
	run=$(mktemp -d "$CACHE/run/$$.XXXXXX")
	trap end_run EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	out=$(realpath -m "${out:-$run/out}")
	mkdir -p "$out"
	with_lock "$(build_lock host)" take_repository
	with_lock "$(build_lock "$kernel")" take_modules
	{
		printf 'LAB_COMMAND=%q\n' "$(printf '%q ' "${command[@]}")"
		printf 'LAB_REPO=%q\n' "$REPO"
		printf 'LAB_MODULES=%q\n' "$dir/lib/modules"
		printf 'export %s=%q\n' VMSWITCH_KO "$run/modules/vmswitch/vmswitch.ko" VMSWITCH_LAB_VENUE "$1" \
			VMSWITCH_LAB_KERNEL "$kernel" VMSWITCH_LAB_CACHE "$CACHE" VMSWITCH_LAB_OUT "$out"
		pass_environment
	} >"$run/env"
}

# Copies of the repository and of the modules, so that a long run does not see them change.
take_repository() {
	rsync -a --exclude=/.git --exclude='*.o' "$REPO/" "$run/repo/"
}

take_modules() {
	mkdir -p "$run/modules"
	[[ ! -d $(build_root)/$kernel ]] || rsync -a --prune-empty-dirs --include='*/' --include='*.ko' --exclude='*' \
		"$(build_root)/$kernel/" "$run/modules/"
}

# What runs that were killed have left; a run folder begins with the process that owns it.
remove_stale_runs() {
	local old owner
	mkdir -p "$CACHE/run"
	for old in "$CACHE"/run/*; do
		owner=${old##*/}
		[[ -d $old && ! -d /proc/${owner%%.*} ]] && rm -rf "$old"
	done
	return 0
}

# Variables that the guest's command sees too.
pass_environment() {
	local name
	for name in "${!VMSWITCH_@}" "${!KSFT_@}" "${!CI@}"; do
		case $name in
		CI | KSFT_* | VMSWITCH_*) ;;
		*) continue ;;
		esac
		case $name in
		VMSWITCH_KO | VMSWITCH_LAB_*) ;;
		*) printf 'export %s=%q\n' "$name" "${!name}" ;;
		esac
	done
}

# boot CMD...: run the emulator. Its descriptor 3 is our standard output, its own output the console's log. It
# dies with us, however we die. Sets `boot_status`: 137 after the time given.
boot() {
	local reader output
	exec {output}> >(exec cat)
	reader=$!
	setpriv --pdeathsig KILL timeout -s KILL -k 5 "$timeout" setpriv --pdeathsig KILL "$@" \
		3>&"$output" {output}>&- </dev/null >"$run/console" 2>&1 &
	emulator=$!
	boot_status=0
	{ wait "$emulator" || boot_status=$?; } 2>/dev/null
	emulator=
	exec {output}>&-
	wait "$reader" || true
}

# has_begun FILE: does the kernel log FILE tell that the command was started?
has_begun() {
	grep -qa "$BEGIN" "$1"
}

# executed_nothing FILE: did the kernel die of an int3 that its memory does not hold? QEMU's threads do that now and then
# with code that the kernel patches: one translates a page anew after another has announced its write to it, and
# before it has written. The byte before the marked one is where the int3 was, by then something else.
executed_nothing() {
	grep -aF -A6 'Oops: int3' "$1" | grep -aE 'Code: .*([0-9a-bd-f][0-9a-f]|c[0-9abd-f]) <' >/dev/null
}

# boot_again CMD...: boot, and up to twice more if the kernel ends before the command has begun, when nothing of ours has
# run, or if the emulator is to blame.
boot_again() {
	local try
	for try in 1 2 3; do
		boot "$@"
		((try < 3 && boot_status != 137)) || return 0
		if executed_nothing "$run/console"; then
			say "the emulator executed an int3 that is not there: from the beginning"
		elif ! has_begun "$run/console"; then
			say "the kernel ended while it was booting: once more"
		else
			return 0
		fi
		keep_console
	done
}

end_run() {
	if [[ -n ${emulator:-} ]]; then
		kill -TERM "$emulator" 2>/dev/null || true
		wait "$emulator" || true
	fi
	rm -rf "$run"
}

# What a healthy kernel never says. (Memory leaks are looked for apart.)
COMPLAINTS='WARNING: |\bBUG[: ]|Oops|Kernel panic|kernel BUG at|general protection fault|UBSAN: |KASAN: '
COMPLAINTS+='|INFO: (task|rcu|trying to register)|rcu: INFO: |possible circular locking|possible recursive locking'
COMPLAINTS+='|inconsistent lock state|suspicious RCU usage|ODEBUG: |ref_tracker: |refcount_t: |Object .* leaked'
COMPLAINTS+='|unregister_netdevice: waiting for|soft lockup|hard LOCKUP|hw csum failure|scheduling while atomic'
COMPLAINTS+='|Slab cache still has objects|segfault at .* in vmswitch|Modules linked in:'

# since_begin FILE: the kernel log from where the command began; the whole log if it never did.
since_begin() {
	if has_begun "$1"; then
		sed "1,/$BEGIN/d" "$1"
	else
		cat "$1"
	fi | tr -d '\r'
}

# complaints FILE: the lines of the kernel log that are one, with what follows the first.
complaints() {
	since_begin "$1" | grep -aE -m1 -A60 "$COMPLAINTS"
}

# keep_console: for a closer look, the whole log of a run whose kernel did not do well.
keep_console() {
	local log
	log=$CACHE/log/console-$kernel-$$
	mkdir -p "$CACHE/log"
	find "$CACHE/log" -name 'console-*' -mtime +2 -delete
	cat "$run/console" "$run/dmesg" >"$log" 2>/dev/null || true
	say "the emulator ended with status $boot_status; the whole kernel log is $log"
}

# verdict: end with the status of the command, unless the kernel has something to say.
verdict() {
	local log=$run/dmesg
	[[ -s $log ]] || log=$run/console
	if complaints "$run/console" >"$run/report" || complaints "$log" >"$run/report"; then
		say "the kernel complained:"
		cat "$run/report" >&2
		keep_console
		exit "$EXIT_KERNEL"
	fi
	if [[ -s $run/kmemleak ]]; then
		say "$(grep -c '^unreferenced object' "$run/kmemleak") memory leaks:"
		head -n 120 "$run/kmemleak" >&2
		exit "$EXIT_KERNEL"
	fi
	if [[ -s $run/status ]]; then
		exit "$(<"$run/status")"
	fi
	tail -n 30 "$run/console" >&2
	keep_console
	if ((boot_status == 137)); then
		say "stopped after $timeout s"
		exit "$EXIT_TIMEOUT"
	fi
	say "the kernel ended before the command did"
	exit "$EXIT_KERNEL"
}
