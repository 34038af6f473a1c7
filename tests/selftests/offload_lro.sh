#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# LRO of a device is off while it is a port, and on again afterwards; a program of XDP sees frames before the switch.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
need ethtool
need_labnic
cleanup() {
	ip link del n0 || :
	ip link del n1 || :
	rig_stop
} 2>/dev/null
trap cleanup EXIT

# lro DEV: on or off.
lro() {
	ethtool -k "$1" | sed -nE 's/^large-receive-offload: (on|off).*/\1/p'
}

nic n0 1
nic n1 1
expect_ok "the NIC has LRO" ethtool -K n0 lro on
expect_eq "... which is on" "$(lro n0) $(lro n1)" "on off"
switch vs0
vs add-port vs0 up dev n0 uplink
expect_eq "an uplink has it switched off" "$(lro n0)" off
# ethtool tells what has become of it by its exit status, in some versions.
check_output ethtool -K n0 lro on || :
expect_eq "... and keeps it off" "$(lro n0)" off
ethtool -K n0 lro off
vs disconnect vs0 up
expect_eq "it is on again when the NIC is unplugged" "$(lro n0)" on
vs connect vs0 up dev n0
expect_eq "... off when it is plugged again" "$(lro n0)" off
vs del-port vs0 up
expect_eq "... on when its port is deleted" "$(lro n0)" on
for family in 4 6; do
	conf=/proc/sys/net/ipv$family/conf
	vs add-port vs0 up dev n0 uplink
	echo 1 >"$conf/n0/forwarding"
	vs del-port vs0 up
	expect_eq "... and stays off where IPv$family is forwarded from it" "$(lro n0)" off
	echo 0 >"$conf/n0/forwarding"
	ethtool -K n0 lro on
done
vs add-port vs0 port dev n0
vs add-port vs0 other dev n1
expect_eq "any port's NIC has it off" "$(lro n0)" off
vs del-switch vs0
expect_eq "... until the switch is deleted" "$(lro n0)" on
expect_eq "a NIC that had none on gets none on" "$(lro n1)" off
switch vs0
ip link set n0 master vs0
expect_eq "ip link ... master switches it off" "$(lro n0)" off
ip link set n0 nomaster
expect_eq "... nomaster on" "$(lro n0)" on

# XDP, by the kernel's own means: the device of the port needs not know of it.
vs add-port vs0 up dev n0 uplink
tap ann mac "${MAC[a]}"
vs add-nic vs0 host0 mac "${MAC[b]}"
ip link set host0 up
wait_for 3 has_link vs0 ann
wait_for 3 has_link vs0 host0
rig packet host0
# fed DST: frames of 8 for it that the port of the wire has counted.
fed() {
	local before
	before=$(stat_of vs0 up rx-packets)
	feed n0 "src=02:00:00:00:ff:01 dst=${MAC[$1]} count=8"
	printf '%d\n' $(($(stat_of vs0 up rx-packets) - before))
}
if mount -t bpf bpf /sys/fs/bpf && check_output "$TESTS/bpf" drop /sys/fs/bpf/drop && "$TESTS/bpf" pass /sys/fs/bpf/pass; then
	expect_eq "without XDP frames of the wire come in" "$(fed a)" 8
	expect_ok "an uplink takes a program of XDP" ip link set n0 xdpgeneric pinned /sys/fs/bpf/drop
	expect_eq "what it drops does not come to the switch" "$(fed a)" 0
	ip link set n0 xdpgeneric off
	ip link set n0 xdpgeneric pinned /sys/fs/bpf/pass
	expect_eq "what it lets pass does" "$(fed a)" 8
	expect_reach "... and frames still go out" "ann src=a dst=b" host0
	vs del-port vs0 up
	expect_eq "LRO stays off while there is a program" "$(lro n0)" off
	ip link set n0 xdpgeneric off
	ip link set ann xdpgeneric pinned /sys/fs/bpf/drop
	expect_reach "a guest's frames can be dropped so" "ann src=a dst=b" -
	ip link set ann xdpgeneric off
	expect_reach "... or not" "ann src=a dst=b" host0
	ip link set host0 xdpgeneric pinned /sys/fs/bpf/drop
	expect_reach "and those for a vNIC" "ann src=a dst=b" -
	expect_eq "... which the switch has delivered" "$(drops_of vs0 host0)" none
	ip link set host0 xdpgeneric off
else
	skip "XDP on an uplink, a tap and a vNIC" "$output"
fi
finish
