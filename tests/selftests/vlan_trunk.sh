#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A trunk is a member of the VLANs of its list, tagged.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
tap tom vlan trunk 10,20,100-200
tap tim vlan trunk 10,150
tap ann vlan access 10
tap eve vlan access 20
tap dan vlan access 200

expect_reach "a tagged frame goes to its VLAN: tagged to trunks, untagged to access ports" \
	"tom src=1 dst=all vlan=10" "tim:10 ann"
expect_reach "... and to no other" "tom src=1 dst=all vlan=20" eve
expect_reach "the last VID of a range is a member" "tom src=1 dst=all vlan=200" dan
expect_reach "a VID inside a range is a member" "tom src=1 dst=all vlan=150" "tim:150"
expect_reach "a VID beyond the range is not" "tom src=1 dst=all vlan=201" -
expect_eq "... and is counted as vlan-filtered" "$(drop_of vs0 tom vlan-filtered)" 1
expect_reach "a VID below the range is not" "tom src=1 dst=all vlan=99" -
expect_reach "a VID of another trunk's list only is not let out" "tim src=2 dst=all vlan=20" -
expect_eq "... nor counted elsewhere" "$(drops_of vs0 tim)" "vlan-filtered 1"
expect_reach "an untagged frame is dropped without a native VLAN" "tom src=1 dst=all" -
expect_eq "... and counted as vlan-untagged" "$(drop_of vs0 tom vlan-untagged)" 1
expect_reach "VID 4095 is dropped" "tom src=1 dst=all vlan=4095" -
expect_eq "... and counted as vlan-reserved" "$(drop_of vs0 tom vlan-reserved)" 1
expect_reach "unicast to a trunk leaves tagged" "ann src=a dst=1" "tom:10"
expect_reach "one address lives apart in each VLAN: independent learning" "tim src=1 dst=a vlan=150" "tom:150"
expect_reach "... so the other VLAN still finds it" "ann src=a dst=1" "tom:10"
expect_reach "PCP is kept from trunk to trunk" "tom src=1 dst=2 vlan=10 pcp=6" "tim:10p6 ann"
expect_reach "DEI is kept from trunk to trunk" "tom src=1 dst=2 vlan=10 pcp=3 dei=1" "tim:10p3d ann"

vs set-vlan vs0 tom trunk 10,300
expect_reach "a VLAN leaves the list at once" "tom src=1 dst=all vlan=20" -
expect_reach "... and nothing of it comes" "eve src=e dst=all" -
vs set-vlan vs0 tim trunk 300
expect_reach "a VLAN that joins the list works at once" "tom src=1 dst=all vlan=300" "tim:300"
expect_fail "VID 0 in a list is refused" 0 'vlan|vid|range|list' vs set-vlan vs0 tom trunk 0-10
expect_fail "VID 4095 in a list is refused" 0 'vlan|vid|range|list' vs set-vlan vs0 tom trunk 10,4095
expect_fail "a range that runs backwards is refused" 0 'vlan|vid|range|list' vs set-vlan vs0 tom trunk 20-10
expect_eq "the list is as it was" "$(port_of vs0 tom vlans)" '10,300'
vs set-vlan vs0 tom trunk 5,1,2,3,7-9,8-10
expect_eq "show prints a list in order and joined" "$(port_of vs0 tom vlans)" '1-3,5,7-10'
vs set-vlan vs0 tom trunk 1-4094
expect_reach "a trunk can carry all VLANs" "tom src=1 dst=all vlan=200" dan
vs set-vlan vs0 dan access 4094
expect_reach "... up to 4094" "tom src=1 dst=all vlan=4094" dan
finish
