#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# When there is no memory, copies of frames go on from the switch's pool, then they are counted drops, then all recovers.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

fault=/sys/kernel/debug/fail_vmswitch
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null || :
cleanup() {
	[[ ! -e $fault ]] || echo 0 >"$fault/probability"
}
trap cleanup EXIT

switch vs0
taps ann,bob,cid vlan access 10
vs set-mac vs0 ann "${MAC[a]}"
vs set-mac vs0 bob "${MAC[b]}"
expect_eq "a pool is full from the start" "$(nic_stat vs0 pool_heads pool_low pool_misses)" "$(($(nproc --all) * 64)) 64 0"
expect_reach "a flood takes nothing from it" "ann src=a dst=all" "bob cid"
expect_eq "... while there is memory" "$(nic_stat vs0 pool_hits)" 0
if [[ ! -e $fault ]]; then
	skip "the pool under allocation failures" "this kernel can not make allocations fail"
	finish
	exit
fi

# fail_all YES: whether the switch's allocations fail, all of them.
fail_all() {
	echo -1 >"$fault/times"
	echo 0 >"$fault/verbose"
	echo "$1" >"$fault/probability"
}

# flood COUNT: so many broadcasts from ann.
flood() {
	local i
	for ((i = 0; i < $1; i++)); do
		send ann src=a dst=all
	done
}

# The part of the pool that cannot be used up by what is sent here, whichever CPUs send.
fail_all 100
before=$(stat_of vs0 bob tx-packets)
flood 50
expect_eq "without memory floods go on" "$(($(stat_of vs0 bob tx-packets) - before))" 50
expect_eq "... to all" "$(drops_of vs0 bob) $(drops_of vs0 cid)" "none none"
expect_reach "... whole, to the last byte" "ann src=a dst=all" "bob cid"
expect_eq "... by the pool" "$(($(nic_stat vs0 pool_hits) >= 51))" 1
expect_reach "unicast goes on" "ann src=a dst=b" bob

empty() {
	flood 32
	(($(nic_stat vs0 pool_misses) > 0))
}
wait_for 10 empty || :
expect_eq "an empty pool is a counted drop" "$(($(drop_of vs0 bob no-memory) + $(drop_of vs0 cid no-memory)))" \
	"$(nic_stat vs0 pool_misses)"
expect_eq "... of the copies alone" "$(($(drop_of vs0 bob no-memory) > 0)) $(drops_of vs0 ann)" "1 none"
expect_reach "unicast goes on still" "ann src=a dst=b" bob
expect_reach "a frame that takes memory by itself, for its S-tag, does not" "ann src=a dst=b tag=88a8:5" -
expect_eq "... and is counted" "$(drop_of vs0 ann no-memory)" 1

fail_all 0
full() {
	[[ $(nic_stat vs0 pool_heads) == "$(($(nproc --all) * 64))" ]]
}
expect_ok "the pool is filled up again" wait_for 10 full
expect_eq "... and says what it took" "$(nic_stat vs0 pool_refills)" "$(nic_stat vs0 pool_hits)"
dropped=$(nic_stat vs0 pool_misses)
expect_reach "floods reach all again" "ann src=a dst=all" "bob cid"
expect_reach "... and S-tags stay in the frame" "ann src=a dst=b tag=88a8:5" "bob:s5"
expect_eq "... by the usual way" "$(nic_stat vs0 pool_misses)" "$dropped"
finish
