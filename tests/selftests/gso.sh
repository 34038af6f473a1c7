#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A frame keeps its offload request through the switch; it is cut and summed only where a NIC can not take it whole.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
need busybox ethtool

switch vs0
# ann and bob offer what virtio-net offers, eve takes plain frames only.
rig tap ann vnet offload
rig tap bob vnet offload
rig tap eve vnet
rig tap dan
for name in ann bob eve dan; do
	vs add-port vs0 "$name" dev "$name"
done
send bob src=b dst=all
send eve src=e dst=all
send dan src=d dst=all
expect_reach "guest to guest a big segment is neither cut nor summed" "ann src=a dst=b tcp=10000 gso=1000" \
	"bob+gso+csum(10000)"
expect_reach "a guest without TSO gets it cut and summed" "ann src=a dst=e tcp=10000 gso=1000" "eve*10(10000)"
expect_reach "... also without any offload header" "ann src=a dst=d tcp=10000 gso=1000" "dan*10(10000)"
expect_reach "a checksum that was left open is filled in for it" "ann src=a dst=d tcp=100 gso=1000" "dan(100)"
expect_reach "... and left open for who can do it" "ann src=a dst=b tcp=100 gso=1000" "bob+csum(100)"
expect_reach "a flood is cut for those only who need it" "ann src=a dst=all tcp=10000 gso=1000" \
	"bob+gso+csum(10000) eve*10(10000) dan*10(10000)"
expect_reach "the biggest frame passes" "ann src=a dst=b tcp=60000 gso=1448" "bob+gso+csum(60000)"
# Segments must fit the destination's MTU.
ip link set bob mtu 1000
expect_reach "a big frame whose segments fit passes a small MTU" "ann src=a dst=b tcp=10000 gso=900" "bob+gso+csum(10000)"
expect_reach "one whose segments do not fit is dropped" "ann src=a dst=b tcp=10000 gso=1448" -
expect_eq "... and counted as too-big" "$(drop_of vs0 bob too-big)" 1
ip link set bob mtu 1500
vs set-vlan vs0 bob trunk 1
vs set-vlan vs0 eve trunk 1
send bob src=b dst=all vlan=1
send eve src=e dst=all vlan=1
expect_reach "a tag does not hinder it" "ann src=a dst=b tcp=10000 gso=1000" "bob:1+gso+csum(10000)"
expect_reach "... nor the cutting" "ann src=a dst=e tcp=10000 gso=1000" "eve:1*10(10000)"
expect_reach "an inner tag is payload to it" "ann src=a dst=b tag=88a8:7 tcp=5000 gso=1000" "bob:1/s7+gso+csum(5000)"

# The same by whole protocol stacks: two veth guests and two vNICs.
guest vic 10.9.0.1/24 vlan access 9
guest vera 10.9.0.2/24 vlan access 9
netns nina nora
vs add-nic vs0 nina netns nina vlan access 9
vs add-nic vs0 nora netns nora vlan access 9
ip -n nina -batch - <<<$'address add 10.9.0.3/24 dev nina\nlink set nina up'
ip -n nora -batch - <<<$'address add 10.9.0.4/24 dev nora\nlink set nora up'
bytes=3000000
[[ -z ${VMS_EMULATED:-} ]] || bytes=1000000
head -c "$bytes" /dev/urandom >/dev/shm/sent.$$
trap 'rm -f /dev/shm/*.$$; rig_stop' EXIT
listening() {
	[[ -n $(in_ns "$1" ss -Hltn "sport = :$2") ]]
}
# transfer FROM TO ADDRESS: the file through TCP; both ends must agree. The listener's own input must not end, or the
# sender takes that for the end of all.
port=5000
transfer() {
	local pid rc=0
	port=$((port + 1))
	ip netns exec "$2" busybox nc -l -p "$port" >"/dev/shm/got.$$" <&"$pause_fd" &
	pid=$!
	wait_for 5 listening "$2" "$port"
	in_ns "$1" timeout "$((15 * PATIENCE))" busybox nc "$3" "$port" <"/dev/shm/sent.$$" >/dev/null || rc=$?
	((rc == 0)) || kill "$pid"
	wait "$pid" || rc=$?
	((rc == 0)) && cmp "/dev/shm/sent.$$" "/dev/shm/got.$$"
}
expect_match "a vNIC offers TSO and checksums" "$(in_ns nina ethtool -k nina | grep -E '^tcp-seg|^tx-checksumming|^scatter' | paste -s)" \
	'tx-checksumming: on.*scatter-gather: on.*tcp-segmentation-offload: on'
expect_ok "$bytes bytes by TCP from veth to veth come equal" transfer vic vera 10.9.0.2
expect_ok "... from vNIC to vNIC" transfer nina nora 10.9.0.4
expect_ok "... from veth to vNIC" transfer vic nina 10.9.0.3
expect_ok "... from vNIC to veth" transfer nora vera 10.9.0.2
in_ns nina ethtool -K nina tso off gso off tx off >/dev/null
expect_ok "... from a vNIC without offloads" transfer nina nora 10.9.0.4
ethtool -K vera tso off gso off tx off sg off >/dev/null
expect_ok "... to a veth without offloads" transfer nora vera 10.9.0.2
expect_eq "nothing was dropped as not doable" "$(drop_of vs0 vera offload)$(drop_of vs0 nora offload)" 00
# A segment of 1,000 bytes that asks to be cut, whose IP header claims to be of 16 bytes: nobody can cut that.
vs set-vlan vs0 ann access 9
vera_mac=$(mac_of vera)
printf -v liar '%s0200000000aa080044000410000040004006%0100d%02000d' "${vera_mac//:/}" 0 0
is_not_doable() {
	[[ $(drop_of vs0 vera offload) == 1 ]]
}
send ann "hex=$liar" tcp=1000 gso=400
expect_within "one that can not be cut is dropped: offload" 3 is_not_doable
finish
