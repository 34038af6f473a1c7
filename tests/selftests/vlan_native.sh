#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The native VLAN of a trunk leaves untagged; it comes in untagged or tagged (decision 23).
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
tap tom vlan trunk 10,20 native 10
tap tim vlan trunk 10,20 native 20
tap ann vlan access 10
tap eve vlan access 20

expect_reach "untagged is of the native VLAN" "tom src=1 dst=all" "tim:10 ann"
expect_reach "the native VLAN is also accepted tagged" "tom src=1 dst=all vlan=10" "tim:10 ann"
expect_reach "the native VLAN leaves untagged" "ann src=a dst=all" "tom tim:10"
expect_reach "another VLAN leaves tagged, or untagged where it is native" "eve src=e dst=all" "tom:20 tim"
expect_reach "a tagged frame of another VLAN is of that VLAN" "tom src=1 dst=all vlan=20" "tim eve"
expect_reach "two native VLANs do not leak into each other" "tim src=2 dst=all" "tom:20 eve"
# A tag inside would become the outer one where the outer is taken off before another switch: VLAN hopping.
expect_reach "a frame with a C-tag inside does not leave untagged at a trunk" "ann src=a dst=all tag=8100:0 tag=8100:20" "tim:10/20"
expect_eq "... which is counted there as vlan-tagged" "$(drop_of vs0 tom vlan-tagged)" 1
outside up0 vlan access 10
expect_reach "... nor at an uplink in access mode" "ann src=a dst=all tag=8100:0 tag=8100:20" "tim:10/20"
expect_eq "... which is counted there, too" "$(drop_of vs0 up0 vlan-tagged)" 1
expect_reach "... whose other frames pass" "ann src=a dst=all" "tom tim:10 up0"
vs del-port vs0 up0
vs set-vlan vs0 tom trunk 20 native 10
expect_reach "the native VLAN is a member without being in the list" "tom src=1 dst=all" "tim:10 ann"
vs set-vlan vs0 tom trunk 10,20
expect_reach "a trunk whose native VLAN was taken away drops untagged frames" "tom src=1 dst=all" -
expect_eq "... as vlan-untagged" "$(drop_of vs0 tom vlan-untagged)" 1
expect_eq "show prints no native VLAN then" "$(port_of vs0 tom mode native)" "trunk -"
expect_reach "... and it leaves tagged" "ann src=a dst=all" "tom:10 tim:10"
finish
