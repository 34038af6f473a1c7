#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Link: a vNIC's carrier follows its port; the carrier of a foreign device is its owner's alone (decision 7).
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
vs add-nic vs0 host0
ip link set host0 up
carrier() {
	[[ $(<"/sys/class/net/$1/carrier") == "$2" ]]
}
expect_within "a vNIC whose port is up has carrier" 3 carrier host0 1
vs set-port vs0 host0 admin down
expect_within "... and none when its port is down" 3 carrier host0 0
expect_eq "the port has no link then" "$(link_of vs0 host0)" false
vs set-port vs0 host0 admin up
expect_within "it comes back with the port" 3 carrier host0 1
expect_within "... and the port's link" 3 has_link vs0 host0

outside up0
vs set-port vs0 host0 link-follow on
expect_within "link-follow: carrier stays while the uplink has it" 3 carrier host0 1
rig carrier up0 off
expect_within "... goes with the uplink's" 3 carrier host0 0
vs add-nic vs0 host1
ip link set host1 up
expect_within "a vNIC without link-follow keeps it" 3 carrier host1 1
rig carrier up0 on
expect_within "... and comes back with it" 3 carrier host0 1
vs set-port vs0 host0 link-follow off
rig carrier up0 off
wait_for 3 has_no_link vs0 up0
expect_ok "link-follow off: the uplink does not matter" carrier host0 1
rig carrier up0 on

tap ann mac "${MAC[a]}"
tap bob
expect_within "a tap with a reader has link" 3 has_link vs0 ann
expect_reach "... and gets frames" "bob src=b dst=a" ann
rig carrier ann off
expect_within "a tap without carrier has none" 3 has_no_link vs0 ann
expect_reach "... and gets no frames" "bob src=b dst=a" -
expect_eq "... which is counted as link-down" "$(($(drop_of vs0 ann link-down) > 0))" 1
rig carrier ann on
expect_within "it has link again with carrier" 3 has_link vs0 ann
vs set-port vs0 ann admin down
expect_eq "a port that is down leaves its tap up, with carrier" "$(<"/sys/class/net/ann/carrier")" 1
vs set-port vs0 ann admin up
ip tuntap add pet mode tap
vs add-port vs0 pet dev pet
expect_within "a persistent tap that nobody reads has no link" 3 has_no_link vs0 pet
rig tap pet
expect_within "... until somebody does" 3 has_link vs0 pet
rig close pet
expect_within "... and no more when the reader is gone" 3 has_no_link vs0 pet

guest vic 10.9.0.1/24 vlan access 1
vs set-port vs0 vic admin down
expect_eq "down-mode keep: a veth guest's link stays" "$(in_ns vic cat /sys/class/net/eth0/carrier)" 1
vs set-port vs0 vic admin up down-mode close
guest_carrier() {
	[[ $(in_ns vic cat /sys/class/net/eth0/carrier) == "$1" ]]
}
vs set-port vs0 vic admin down
expect_within "down-mode close: a veth guest sees its link go" 3 guest_carrier 0
vs set-port vs0 vic admin up
expect_within "... and come back" 3 guest_carrier 1
expect_within "... with the port's" 3 has_link vs0 vic
ip link set vic down
expect_within "a device that is set down by hand has no link" 3 has_no_link vs0 vic
ip link set vic up
expect_within "... until it is set up" 3 has_link vs0 vic
finish
