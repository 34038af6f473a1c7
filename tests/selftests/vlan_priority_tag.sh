#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# VID 0 is no VLAN: such a frame takes the port's VLAN and keeps its priority. A port can give one to untagged frames.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
taps ann,bob vlan access 10
tap eve vlan access 20
tap tom vlan trunk 10,20 native 20
tap tim vlan trunk 10,20

expect_reach "an access port takes VID 0 as untagged, and its PCP is kept" "ann src=a dst=all vlan=0 pcp=5" \
	"bob tom:10p5 tim:10p5"
expect_reach "a trunk takes VID 0 as of its native VLAN" "tom src=1 dst=all vlan=0 pcp=2" "eve tim:20p2"
expect_reach "a trunk without native VLAN drops VID 0" "tim src=2 dst=all vlan=0 pcp=2" -
expect_eq "... as untagged" "$(drop_of vs0 tim vlan-untagged)" 1
expect_reach "untagged frames have PCP 0" "ann src=a dst=all" "bob tom:10 tim:10"
vs set-port vs0 ann priority 6
expect_reach "priority gives untagged frames a PCP" "ann src=a dst=all" "bob tom:10p6 tim:10p6"
expect_reach "... but leaves a priority tag its own" "ann src=a dst=all vlan=0 pcp=1" "bob tom:10p1 tim:10p1"
vs set-port vs0 tom priority 4
expect_reach "a tagged frame keeps its own on a trunk" "tom src=1 dst=all vlan=10 pcp=1" "ann bob tim:10p1"
expect_reach "an untagged one gets the port's there" "tom src=1 dst=all" "eve tim:20p4"
finish
