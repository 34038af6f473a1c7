#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# What a port costs in memory when nothing happens at it: from what the kernel says that it has given away before and
# after thousands of them were made, so that it holds what allocators round up, too.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

[[ -z ${VMS_DEBUG:-} ]] || skip_all "the memory of a kernel that is debugged is another"
need_labnic
few=500
many=3500
[[ -z ${VMS_EMULATED:-} ]] || many=1500
cpus=$(getconf _NPROCESSORS_CONF)
# At most this for per-CPU counters, for each CPU, and this in all where there are two.
percpu_limit=512
limit=$((8192 + (cpus - 2) * percpu_limit))

# memory NAME...: the sum of these lines of /proc/meminfo, in bytes, when it falls no more.
memory() {
	local now best='' steady=0
	while ((steady < 5)); do
		now=$(awk -v names="^($(IFS='|' && echo "$*")):" '$0 ~ names { sum += $2 } END { print sum * 1024 }' /proc/meminfo)
		if [[ -z $best ]] || ((now < best)); then
			best=$now steady=0
		else
			steady=$((steady + 1))
		fi
		sleep 0.1
	done
	printf '%s\n' "$best"
}

# batch FROM TO LINE: a line for each number, which takes the place of #; all of them one change.
batch() {
	seq "$1" $(($2 - 1)) | awk -v line="$3" '{ text = line; gsub("#", $0, text); print text }' >/dev/shm/batch.$$
	vs batch /dev/shm/batch.$$
}

# measure WHAT LINE: sets `percpu` and `all`, what a port made so takes.
measure() {
	local counters everything
	batch 0 "$few" "$2"
	counters=$(memory Percpu)
	everything=$(memory Percpu Slab VmallocUsed)
	batch "$few" "$many" "$2"
	percpu=$((($(memory Percpu) - counters) / (many - few)))
	all=$((($(memory Percpu Slab VmallocUsed) - everything) / (many - few)))
	printf '# a port %s: %d bytes, %d of them for %d CPUs\n' "$1" "$all" "$percpu" "$cpus"
}

# expect_at_most NAME FOUND LIMIT
expect_at_most() {
	if (($2 > 0 && $2 <= $3)); then
		pass "$1"
	else
		fail "$1" "it takes $2, the limit is $3"
	fi
}

# What earlier tests have given back is used up first: ports are made until each batch of them takes new memory.
use_up() {
	local n had
	vs add-switch full
	for ((n = 0; n < 16; n++)); do
		had=$(memory Percpu)
		batch $((n * few)) $(((n + 1) * few)) 'add-port full f# vlan access 10'
		(($(memory Percpu) - had < few * cpus * 100)) || return 0
	done
}

use_up
switch vs0
measure "without a device" 'add-port vs0 p# vlan access 10'
expect_at_most "a port has at most $percpu_limit bytes of counters for a CPU" $((percpu / cpus)) "$percpu_limit"
expect_at_most "... and takes at most $limit bytes in all" "$all" "$limit"
vs del-switch vs0

for ((i = 0; i < many; i++)); do
	printf 'link add name n%d up type labnic\n' "$i"
done | ip -batch -
switch vs0
measure "with a device" 'add-port vs0 n# dev n# vlan access 10'
expect_ok "all ports have their devices" has_link vs0 "n$((many - 1))"
expect_at_most "a port with a device has no more counters" $((percpu / cpus)) "$percpu_limit"
expect_at_most "... and takes at most $limit bytes in all" "$all" "$limit"
vs del-switch full
rm -f /dev/shm/*.$$
finish
