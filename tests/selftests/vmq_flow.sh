#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# VMQ: a flow that goes on while its rule is lost and set again, its queue changes, or somebody else takes its address,
# loses no frame and sees none twice.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/selftests/vmq_lib.sh
. "$TESTS/vmq_lib.sh"

flow_cleanup() {
	ip link del s1 || :
	vmq_cleanup
} 2>/dev/null
trap flow_cleanup EXIT

# arrived: frames that s1 has got of the flow; the others in $faults.
arrived=0 faults=
look() {
	local nic frames lost twice alien _
	while read -r nic frames _ lost _ twice alien _; do
		[[ $nic != s1 ]] || arrived=$frames faults="lost $lost twice $twice alien $alien"
	done </sys/kernel/debug/labnic/sink
}

# flows: it is alive, that is, more has come since; for wait_for.
flows() {
	local had
	look
	had=$arrived
	pause 20
	look
	((arrived > had))
}

whole() {
	look
	printf '%s\n' "$faults"
	[[ $faults == "lost 0 twice 0 alien 0" ]]
}

# unbroken NAME: all that has come so far came once. A frame that was overtaken counts as lost until it comes.
unbroken() {
	flows || :
	expect_within "$1" 5 whole
}

nic s1 1 txqueuelen 0
vmq_uplink 6
vs add-port vs0 ann dev s1 mac "${MAC[a]}" vmq on
ethtool -G n0 rx 4096
labnic "sink s1" "feed n0 src=02:00:00:00:ff:01 dst=${MAC[a]} count=100000000 rate=$((PATIENCE > 1 ? 1000 : 5000))"
expect_within "a flow comes by its queue" 8 vmq_is ann "1 true" queue verified
for i in {1..5}; do
	labnic "forget n0 all"
	expect_within "its rule is lost and set again ($i)" 8 rules_are "${MAC[a]} 1"
done
unbroken "... and nothing of it is lost"
ethtool -X n0 equal 2
expect_within "RSS takes its queue" 8 in_state ann "2 moved"
ethtool -X n0 equal 1
unbroken "... and nothing of it is lost (2)"
ethtool -N n0 flow-type ether dst "${MAC[a]}" action 3 loc 1 >/dev/null
expect_within "somebody else has a rule for it" 8 in_state ann "- rule-exists"
unbroken "... and nothing of it is lost (3)"
ethtool -N n0 delete 1 >/dev/null
expect_within "he has none any more" 8 vmq_is ann hardware mode
knob fail-delete=1
vs set-vmq vs0 ann weight 0
expect_within "it is to have no queue" 8 in_state ann "- weight-zero"
unbroken "... and nothing of it is lost (4)"
vs set-vmq vs0 ann weight 100
expect_within "it is to have one again" 8 vmq_is ann hardware mode
ethtool -K n0 ntuple off
expect_within "filters are turned off" 8 in_state ann "- ntuple-off"
ethtool -K n0 ntuple on
expect_within "... and on" 8 vmq_is ann hardware mode
labnic "feed-stop n0"
settled() {
	[[ $(labnic_waiting n0) == 0 ]]
}
wait_for 5 settled
look
expect_eq "in the end nothing of it is lost" "$faults" "lost 0 twice 0 alien 0"
expect_eq "... nor was by a queue that was full" "$(nic_stat n0 rx_queue_0_drops rx_queue_1_drops rx_queue_2_drops)" "0 0 0"
printf '# %d frames\n' "$arrived"
finish
