#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# An uplink that filters VLANs in hardware is told which it needs: those that another port is a member of too, and no
# others (decision 6). Netdevsim shows what it was told; it also is a device with a lock of its own (decision 9).
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

modprobe -q netdevsim || skip_all "no netdevsim here"
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null || skip_all "no debugfs here"
bus=/sys/bus/netdevsim
# Its devices are the whole kernel's, and do not end with the script.
cleanup() {
	echo 71 >"$bus/del_device" || :
	echo 72 >"$bus/del_device" || :
	rm -f "/dev/shm/uplink.$$"
	rig_stop
} 2>/dev/null
trap cleanup EXIT
for id in 71 72; do
	echo "$id 1" >"$bus/new_device"
	device=("$bus/devices/netdevsim$id/net/"*)
	ip link set "${device[0]##*/}" name "sim$id"
done
filter=/sys/kernel/debug/netdevsim/netdevsim71/ports/0/vlan
[[ -e $filter ]] || skip_all "this netdevsim does not show VLAN filters"
vids() {
	sed -n 's/^ctag //p' "$filter" | grep -vx 0 | paste -sd, -
}
promiscuity() {
	values "$(ip -j -d link show sim71)" promiscuity
}
exec {ns}</proc/self/ns/net
if echo "$ns:$(<"/sys/class/net/sim71/ifindex") $ns:$(<"/sys/class/net/sim72/ifindex")" >"$bus/link_device"; then
	linked=yes
fi

switch vs0
vs add-port vs0 up dev sim71 uplink
ip link set sim71 up
ip link set sim72 up
expect_eq "a device with a lock of its own is plugged, promiscuous" "$(promiscuity)" 1
expect_eq "a trunk of 4,094 VLANs alone registers none" "$(vids)" ""
rig tap ann
vs add-port vs0 ann dev ann vlan access 10
expect_eq "a VLAN that another port joins is registered" "$(vids)" 10
rig tap tom
vs add-port vs0 tom dev tom vlan trunk 10,20,30-32
expect_eq "... and the others of a trunk" "$(vids)" 10,20,30,31,32
vs set-vlan vs0 ann access 11
expect_eq "a change registers the new one, and keeps what another port needs" "$(vids)" 10,11,20,30,31,32
vs set-vlan vs0 tom trunk 20
expect_eq "what nobody needs any more is given up" "$(vids)" 11,20
vs set-vlan vs0 up trunk 5,11
expect_eq "... or the uplink itself leaves" "$(vids)" 11
vs set-vlan vs0 up trunk 1-4094 native 1
vs del-port vs0 tom
expect_eq "a port that is deleted gives its own up" "$(vids)" 11
vs batch - <<<$'set-vlan vs0 ann access 12\nadd-port vs0 bob vlan access 13\nset-vlan vs0 nosuch access 14' 2>/dev/null || :
expect_eq "a refused transaction registers nothing" "$(vids)" 11
vs add-port vs0 bob vlan access 13
expect_eq "a port without a NIC counts" "$(vids)" 11,13
if [[ -n ${linked:-} ]]; then
	rig packet wire dev=sim72
	expect_reach "frames pass in a registered VLAN" "wire src=99 dst=all vlan=11" ann
	expect_reach "... in both directions" "ann src=a dst=all" "wire:11"
else
	skip "frames pass in a registered VLAN" "devices of this netdevsim can not be linked"
fi
# The filter itself comes and goes.
has_vids() {
	[[ $(vids) == "$1" ]]
}
ethtool -K sim71 rx-vlan-filter off
expect_within "a filter that is switched off has nothing registered" 3 has_vids ""
vs add-port vs0 cat vlan access 14
expect_eq "... and is given nothing" "$(vids)" ""
ethtool -K sim71 rx-vlan-filter on
expect_within "one that is switched on gets all at once" 3 has_vids 11,13,14
vs del-port vs0 cat
refused() {
	port_of vs0 up vlan-refused
}
log=/dev/shm/uplink.$$
if can_fail; then
	"$VSWCTL" -j monitor >"$log" &
	monitor=$!
	heard() {
		vs add-switch probe && vs del-switch probe
		grep -q probe "$log"
	}
	told() {
		grep -q "\"event\":\"port-change\".*\"vlan-refused\":$1," "$log"
	}
	wait_for 5 heard
	fail_in vlan_vid_add
	check_output vs add-port vs0 cat vlan trunk 10-12
	fail_no_more
	expect_match "VLANs that are refused are told as a warning" "$output" 'refused'
	expect_eq "... and counted" "$(refused) $(vids)" "2 11,13"
	expect_within "... and an event" 3 told 2
	expect_match "... and in the table" "$(vs show vs0)" 'up +external.*[, ]refused'
	ethtool -K sim71 rx-vlan-filter off
	ethtool -K sim71 rx-vlan-filter on
	expect_within "switching the filter off and on tries again" 3 has_vids 10,11,12,13
	expect_within "... which is an event, too" 3 told 0
	vs del-port vs0 cat
	kill "$monitor"
	rm -f "$log"
else
	skip "VLANs that are refused are told as a warning" "no fault injection here"
fi
expect_eq "nothing is refused any more" "$(refused) $(vids)" "0 11,13"
vs disconnect vs0 up
expect_eq "unplugging gives all up" "$(vids)" ""
expect_eq "... and the promiscuity" "$(promiscuity)" 0
vs connect vs0 up dev sim71
expect_eq "plugging registers them again" "$(vids)" 11,13
vs del-switch vs0
expect_eq "the end of the switch gives all up" "$(vids)" ""
expect_eq "... and the promiscuity" "$(promiscuity)" 0

# By name, with the notifier that is called under the device's lock.
switch vs0
vs add-port vs0 vm dev late0
ip link set sim71 down
ip link set sim71 name late0
expect_within "a device with a lock of its own is plugged by its name" 3 has_link vs0 vm
ip link set late0 mtu 1400
ip link set late0 down
expect_within "... and followed" 3 has_no_link vs0 vm
ip link set late0 up
wait_for 3 has_link vs0 vm
echo 71 >"$bus/del_device"
expect_within "... until it goes" 3 has_no_link vs0 vm
finish
