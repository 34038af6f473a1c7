#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# What would make a loop, or is no guest, is refused when it is plugged (decision 22).
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
switch vs1
vs add-nic vs0 host0
expect_fail "a switch is not plugged into a switch" 2 'loop|levels|switch|nest' vs add-port vs1 p dev vs0
expect_fail "... nor into itself" 2 'loop|levels|switch|nest' vs add-port vs0 p dev vs0
expect_fail "... nor by iproute2" 0 '.' ip link set vs0 master vs1
expect_fail "a switch's vNIC is not plugged into another" 2 'loop|levels|switch|nest|vNIC' vs add-port vs1 p dev host0
expect_fail "... nor into its own" 2 'loop|levels|switch|nest|vNIC' vs add-port vs0 p dev host0
expect_fail "... nor by iproute2" 0 '.' ip link set host0 master vs1
expect_fail "... nor as an uplink" 2 'loop|levels|switch|nest|vNIC' vs add-port vs1 p dev host0 uplink
ip link add link host0 name host0.5 type vlan id 5
expect_fail "a VLAN device on a vNIC is not either" 2 'loop|levels|switch|nest|vNIC' vs add-port vs1 p dev host0.5
ip link add link host0.5 name host0.5.6 type vlan id 6
expect_fail "... two levels up" 2 'loop|levels|switch|nest|vNIC' vs add-port vs1 p dev host0.5.6 uplink
if ip link add bond0 type bond 2>/dev/null; then
	ip link set host0 down
	ip link set host0 master bond0
	expect_fail "a bond over a vNIC is not" 2 'loop|levels|switch|nest|vNIC' vs add-port vs1 p dev bond0 uplink
	ip link set host0 nomaster
	ip link del bond0
else
	skip "a bond over a vNIC is not" "no bonds here"
fi
if ip link add link host0 name mac0 type macvlan 2>/dev/null; then
	expect_fail "a macvlan on a vNIC is not" 2 'loop|levels|switch|nest|vNIC|macvlan' vs add-port vs1 p dev mac0
else
	skip "a macvlan on a vNIC is not" "no macvlans here"
fi
expect_fail "nothing of it is left" 2 "'?p'?" vs show vs1 p

ip link add br0 type bridge
ip link add vic type veth peer name vicpeer
ip link set vic master br0
expect_fail "a device that has a master is refused" 2 'master|busy|another|use' vs add-port vs0 p dev vic
ip link set vic nomaster
expect_fail "a bridge is refused" 2 'bridge|loop|.' vs add-port vs0 p dev br0
expect_fail "the loopback device is refused" 2 'lo' vs add-port vs0 p dev lo
if ip tuntap add tun0 mode tun; then
	expect_fail "a device that is not Ethernet is refused" 2 'ethernet|type' vs add-port vs0 p dev tun0
fi
expect_fail "the ports were not made" 2 "'?p'?" vs show vs0 p

# The same for a device that appears after its port: there is nobody to refuse, so it stays unplugged.
vs add-port vs1 late dev late0
vs add-nic vs0 late0
ip link set late0 up
vs add-port vs1 late2 dev late2.5
ip link add link late0 name late2.5 type vlan id 5
# A tap that appears after them is plugged after them.
vs add-port vs1 ann dev ann
rig tap ann
wait_for 3 has_link vs1 ann
expect_no_match "a vNIC that appears under a bound name stays unplugged" "$(port_of vs1 late state)" plugged
expect_no_match "... and a VLAN device on one" "$(port_of vs1 late2 state)" plugged
expect_no_match "... without a master" "$(ip link show late0; ip link show late2.5)" 'master'

# What is no loop is allowed.
ip link add link vic name vic.5 type vlan id 5
expect_ok "a VLAN device on a veth may be a port" vs add-port vs0 tagged dev vic.5
expect_ok "... or an uplink" vs add-port vs1 up dev "$(ip link add link vic name vic.6 type vlan id 6 && echo vic.6)" uplink
expect_eq "... which is access 1 then, for its tag is the VLAN device's" \
	"$(port_of vs1 up mode pvid)" "access 1"
ip link set host0 up
ip link add link host0 name host0.9 type vlan id 9
expect_ok "a VLAN device on a vNIC is usable by the host" ip link set host0.9 up

# Who stacks devices until a frame goes through more than eight on its way, a tunnel among them since that one counts for
# nobody as a device above another, loses it at the port that would have been the next. Kernels since 2026 count a tunnel
# twice.
switch vs2
vs add-nic vs2 low vlan trunk 1-4094
ip link set low up
guest vera
vs add-port vs2 vera dev vera vlan trunk 1-4094
below=low
for ((level = 1; level <= 7; level++)); do
	ip link add link "$below" name "low$level" type vlan id "$level"
	ip link set "low$level" up
	below=low$level
done
# through LEVELS: a frame into a tunnel above so many of them; it arrives, is counted, or neither.
through() {
	ip -batch - <<-EOT
		address add 10.9.$1.1/24 dev low$1
		neigh add 10.9.$1.2 lladdr ${MAC[c]} dev low$1 nud permanent
		link add vx$1 type vxlan id $1 remote 10.9.$1.2 dstport 4789
		link set vx$1 up
	EOT
	rig packet "vx$1" "dev=vx$1"
	sent_before=$(stat_of vs2 vera tx-packets)
	send "vx$1" src=a dst=b
}
has_passed() {
	[[ $(stat_of vs2 vera tx-packets) -gt $sent_before ]]
}
is_loop() {
	[[ $(drops_of vs2 vera) == "loop 1" ]]
}
wait_for 3 has_link vs2 vera
through 5
expect_within "a frame through seven or eight devices arrives" 3 has_passed
expect_eq "... without a drop" "$(drops_of vs2 vera)" none
through 6
is_loop || through 7
expect_within "one more, and it is dropped, counted as loop" 3 is_loop
finish
