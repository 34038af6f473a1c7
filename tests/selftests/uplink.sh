#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# What plugging does to the uplink's device, and undoes (decisions 6, 10, 23), and what it says.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

promiscuity() {
	values "$(ip -j -d link show "$1")" promiscuity allmulti
}
switch vs0
ip link add up0 type veth peer name wire0
ip link set wire0 up
# Older versions of iproute2 do not show allmulti.
no=$(values "$(ip -j -d link show up0)" allmulti)
expect_eq "a device is not promiscuous before" "$(promiscuity up0)" "0 $no"
expect_ok "an uplink is plugged" vs add-port vs0 up0 dev up0 uplink
expect_match "its device is promiscuous, by count" "$(promiscuity up0)" '^1 '
if [[ $no != - ]]; then
	expect_eq "... and takes all multicast" "$(promiscuity up0)" "1 1"
else
	skip "... and takes all multicast" "this iproute2 does not show it"
fi
expect_no_match "the switch never sets the uplink up" "$(ip link show up0)" '[<,]UP[,>]'
ip link set up0 up
expect_within "it has link when the admin does" 3 has_link vs0 up0
ip link set up0 promisc on
vs del-port vs0 up0
expect_match "unplugging takes back its own count only" "$(promiscuity up0)" '^1 '
ip link set up0 promisc off
expect_eq "... all of it" "$(promiscuity up0)" "0 $no"
expect_match "... and leaves it as up as it was" "$(ip link show up0)" '[<,]UP[,>]'

ip address add 10.1.2.3/24 dev up0
check_output vs add-port vs0 up0 dev up0 uplink
expect_match "plugging a device that holds an address warns" "$output" '[Aa]ddress|vNIC|IP'
ip address del 10.1.2.3/24 dev up0
vs del-port vs0 up0
check_output vs add-port vs0 up0 dev up0 uplink
expect_eq "... and without one it does not" "$output" ""
vs del-port vs0 up0
ip link add link up0 name up0.7 type vlan id 7
ip link set up0.7 up
check_output vs add-port vs0 up0 dev up0 uplink
expect_match "plugging a device with a VLAN device on it warns" "$output" 'VLAN'
rig packet wire dev=wire0
rig packet stacked dev=up0.7
rig tap ann
vs add-port vs0 ann dev ann vlan trunk 1-4094 native 1
expect_reach "the VLAN of a stacked device ends there" "wire src=99 dst=all vlan=7" stacked
expect_reach "... and another comes through" "wire src=99 dst=all vlan=8" "ann:8"
expect_eq "VLANs that stacked devices take are shown" "$(port_of vs0 up0 vlan-taken)" 7
ip link add link up0 name up0.8 type vlan id 8
ip link add link up0 name up0.9 type vlan id 9 protocol 802.1ad
expect_eq "... also later ones, if of 802.1Q" "$(port_of vs0 up0 vlan-taken)" 7-8
expect_match "... and in words" "$(vs show vs0 up0)" 'vlan-taken +7-8 \(by VLAN devices'
ip link del up0.9
ip link del up0.8
ip link del up0.7
expect_eq "... until they are gone" "$(port_of vs0 up0 vlan-taken)" -
rig close stacked

# What the wire takes and brings.
expect_reach "an uplink is a trunk of all VLANs" "ann src=a dst=all vlan=4094" "wire:4094"
expect_reach "... with VLAN 1 native" "ann src=a dst=all" wire
ip link set up0 address "${MAC[42]}"
expect_reach "the uplink's own address means nothing to the switch" "wire src=99 dst=42" ann
ip link set up0 mtu 1400
expect_reach "the uplink's MTU bounds what leaves by it" "ann src=a dst=all len=1450" -
expect_eq "... and is counted there" "$(drop_of vs0 up0 too-big)" 1
ip link del up0
expect_within "an uplink that goes leaves its port" 3 has_no_link vs0 up0
finish
