#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A tap as QEMU makes it with script=no: nobody sets it up, and it vanishes with the VM (decision 8).
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
vs add-port vs0 vm7 dev vm7 mac "${MAC[a]}" vlan access 10
vs add-port vs0 bob dev bob vlan access 10
vs add-port vs0 eve dev eve vlan access 20
rig tap bob
rig tap eve
rig tap vm7
expect_within "a tap that a VM makes is plugged and set up without a script" 3 has_link vs0 vm7
wait_for 3 has_link vs0 bob
wait_for 3 has_link vs0 eve
expect_match "it is up" "$(ip link show vm7)" '[<,]UP[,>]'
expect_reach "the guest can send" "vm7 src=a dst=all" bob
expect_reach "... and receive" "bob src=b dst=a" vm7
expect_reach "its VLAN holds" "eve src=e dst=all" -
expect_reach "... and its MAC guard" "vm7 src=66 dst=all" -
rig close vm7
expect_within "the VM ends: the tap is gone, the port stays without link" 3 has_no_link vs0 vm7
expect_fail "... the tap really is" 0 'vm7' ip link show vm7
expect_eq "... and what the guest may do is kept" \
	"$(port_of vs0 vm7 mac pvid dev)" "${MAC[a]} 10 vm7"
expect_reach "frames for it go nowhere else" "bob src=b dst=a" -
for round in 2 3; do
	rig tap vm7 vnet offload
	expect_within "start $round: it is plugged again" 3 has_link vs0 vm7
	expect_reach "start $round: it has its VLAN" "vm7 src=a dst=all" bob
	expect_reach "start $round: it has its guard" "vm7 src=66 dst=all" -
	rig close vm7
	wait_for 3 has_no_link vs0 vm7
done
expect_match "its counters outlive it" "$(stat_of vs0 vm7 rx-packets)" '^[1-9]'
finish
