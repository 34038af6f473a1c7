#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# An access port is a member of one VLAN and knows no tags.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
taps ann,bob vlan access 10
tap eve vlan access 20
tap tom vlan trunk 10,20

expect_reach "untagged broadcast goes to its VLAN only, tagged to a trunk" "ann src=a dst=all" "bob tom:10"
expect_reach "the other VLAN is apart" "eve src=e dst=all" "tom:20"
expect_reach "learned unicast goes to its port only" "bob src=b dst=a" ann
expect_reach "an address of another VLAN is not found" "eve src=e dst=a" "tom:20"
expect_reach "a tagged frame is dropped" "ann src=a dst=all vlan=10" -
expect_eq "... and counted as vlan-tagged" "$(drop_of vs0 ann vlan-tagged)" 1
expect_reach "a tag of another VLAN does not lead there" "ann src=a dst=all vlan=20" -
expect_eq "... and is counted too" "$(drop_of vs0 ann vlan-tagged)" 2
expect_reach "VID 4095 is dropped" "ann src=a dst=all vlan=4095" -
expect_match "... and counted" "$(drops_of vs0 ann)" '(vlan-reserved 1|vlan-tagged 3)'
expect_eq "nothing else was dropped" "$(drops_of vs0 bob)$(drops_of vs0 eve)$(drops_of vs0 tom)" nonenonenone

vs set-vlan vs0 bob access 20
expect_reach "a port changes its VLAN at once" "ann src=a dst=all" "tom:10"
expect_reach "... and is in the new one" "bob src=b dst=all" "eve tom:20"
expect_reach "what was learned in the old one is forgotten there" "ann src=a dst=b" "tom:10"
expect_fail "VID 0 is refused" 0 'vlan|vid' vs set-vlan vs0 bob access 0
expect_fail "VID 4095 is refused" 0 'vlan|vid' vs set-vlan vs0 bob access 4095
expect_ok "VID 1 is taken" vs set-vlan vs0 bob access 1
expect_ok "VID 4094 is taken" vs set-vlan vs0 bob access 4094
finish
