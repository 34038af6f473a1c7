#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A frame that is too big for the device it would leave by is dropped and counted there (decision 21).
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
tap ann
tap bob
tap tom vlan trunk 1,10
ip link set tom mtu 1600
vs add-nic vs0 host0 mac "${MAC[f]}" mtu 1400
ip link set host0 up
rig packet host0
expect_reach "1,500 bytes fit an MTU of 1,500" "ann src=a dst=all len=1500" "bob tom:1"
expect_eq "... and not one of 1,400" "$(drop_of vs0 host0 too-big)" 1
expect_reach "1,501 bytes do not fit 1,500" "ann src=a dst=all len=1501" "tom:1"
expect_eq "... which is counted at the port it would have left by" "$(drop_of vs0 bob too-big)" 1
expect_eq "... and not at the one it came in by" "$(drop_of vs0 ann too-big)" 0
expect_reach "the outer tag is not counted" "tom src=1 dst=all vlan=1 len=1500" "ann bob"
expect_reach "an inner tag is: 1,496 bytes and a tag fit" "ann src=a dst=all tag=88a8:5 len=1496" "bob:s5 tom:1/s5"
expect_reach "... and 1,497 do not" "ann src=a dst=all tag=88a8:5 len=1497" "tom:1/s5"
expect_reach "1,400 bytes fit the vNIC's 1,400" "ann src=a dst=f len=1400" host0
expect_reach "1,401 do not" "ann src=a dst=f len=1401" -
expect_eq "the vNIC's MTU is what was asked for" "$(cat /sys/class/net/host0/mtu)" 1400
ip link set host0 mtu 9000
expect_reach "the vNIC's MTU is set by ip link" "ann src=a dst=f len=8000" host0
ip link set bob mtu 4000
expect_reach "a device's new MTU holds at once" "host0 src=f dst=all len=4000" "bob"
ip link set bob mtu 1500
expect_reach "... when it shrinks, too" "host0 src=f dst=all len=1600" "tom:1"
expect_fail "a vNIC with an MTU below 68 is refused" 0 'mtu' vs add-nic vs0 host1 mtu 67
expect_ok "a vNIC with an MTU of 65,535 is made" vs add-nic vs0 host1 mtu 65535
ip link set host1 up
rig packet host1
expect_reach "a big frame comes through whole" "host0 src=f dst=all len=8900" host1
finish
