#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Which tag is the frame's VLAN, and which is payload (decision 10): only an outermost 0x8100 is the switch's. Taps hand
# their tags over in the slot beside the frame, packet sockets on a vNIC in the bytes.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
taps ann,bob vlan access 10
tap eve vlan access 20
tap tom vlan trunk 10,20
vs add-nic vs0 host0 mac "${MAC[f]}" vlan trunk 10,20
ip link set host0 up
rig packet host0

expect_reach "an S-tag is payload: the frame is untagged" "ann src=a dst=all tag=88a8:200" \
	"bob:s200 tom:10/s200 host0:10/s200"
expect_reach "an S-tag does not hide a C-tag of another VLAN: both are payload" "ann src=a dst=all tag=88a8:200 tag=8100:20" \
	"bob:s200/20 tom:10/s200/20 host0:10/s200/20"
expect_reach "of two C-tags the outer is the VLAN, the inner payload" "tom src=1 dst=all tag=8100:10 tag=8100:20:5" \
	"ann:20p5 bob:20p5 host0:10/20p5"
expect_reach "two C-tags do not hop into the inner VLAN from an access port" "ann src=a dst=all tag=8100:10 tag=8100:20" -
expect_reach "a priority tag before a C-tag does not either" "ann src=a dst=all tag=8100:0 tag=8100:20" \
	"bob:20 tom:10/20 host0:10/20"
expect_reach "a C-tag before an S-tag is the VLAN" "tom src=1 dst=all tag=8100:20 tag=88a8:7" "eve:s7 host0:20/s7"
expect_reach "an S-tag on a trunk without native VLAN is untagged, and dropped" "tom src=1 dst=all tag=88a8:10" -
expect_eq "... as such" "$(drop_of vs0 tom vlan-untagged)" 1

expect_reach "a tag in the bytes from a vNIC is its VLAN" "host0 src=f dst=all vlan=10" "ann bob tom:10"
expect_reach "... with its PCP" "host0 src=f dst=all vlan=20 pcp=7" "eve tom:20p7"
expect_reach "... and filtered like any" "host0 src=f dst=all vlan=30" -
expect_eq "... and counted" "$(drop_of vs0 host0 vlan-filtered)" 1
expect_reach "two tags in the bytes: the outer is the VLAN" "host0 src=f dst=all tag=8100:20 tag=8100:10" \
	"eve:10 tom:20/10"
vs set-vlan vs0 host0 access 10
expect_reach "an access vNIC's tagged frame is dropped" "host0 src=f dst=all vlan=10" -
expect_eq "... as vlan-tagged" "$(drop_of vs0 host0 vlan-tagged)" 1
expect_reach "an access vNIC's S-tag is payload" "host0 src=f dst=all tag=88a8:20" "ann:s20 bob:s20 tom:10/s20"
expect_reach "an access vNIC's priority tag is taken off" "host0 src=f dst=all vlan=0 pcp=4" "ann bob tom:10p4"
# The Ethernet header alone, with the type of a tag that is not there.
before=$(drops_of vs0 host0)

rig send host0 "hex=ffffffffffff02000000000f8100" || :
if [[ $(drops_of vs0 host0) == "$before" ]]; then
	skip "a frame that ends inside its tag is malformed" "the packet socket does not send it"
else
	expect_eq "a frame that ends inside its tag is malformed" "$(drop_of vs0 host0 malformed)" 1
fi

# A VLAN device on a vNIC hands its tag over in the slot.
vs set-vlan vs0 host0 trunk 10,20
ip link add link host0 name host0.20 type vlan id 20
ip link set host0.20 up
rig packet host0.20
expect_reach "a VLAN device on a vNIC sends into its VLAN" "host0.20 src=f dst=all" "eve tom:20"
expect_reach "... and gets it" "eve src=e dst=f" "host0:20 host0.20"
finish
