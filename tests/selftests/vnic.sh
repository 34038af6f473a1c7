#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The switch's own NIC: made with its port, moved to a namespace, deleted there, made again (decision 14).
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
tap bob vlan access 10
tap eve vlan access 20
expect_ok "add-nic makes a port and its netdev" vs add-nic vs0 host0 vlan access 10
host0=$(ip -d link show host0)
expect_match "it is of kind vmsnic" "$host0" 'vmsnic'
expect_match "it is a child of vs0" "$host0" 'host0@vs0'
expect_no_match "... and no slave of it" "$host0" 'master'
address=$(<"/sys/class/net/host0/address")
expect_eq "its address is the port's" "$(port_of vs0 host0 mac)" "$address"
ip link set host0 up
rig packet host0
expect_reach "it sends into its VLAN" "host0 src=$address dst=all" bob
expect_reach "it receives from it" "bob src=b dst=$address" host0
expect_reach "... and from no other" "eve src=e dst=all" -
expect_reach "it can not send from another address" "host0 src=99 dst=all" -
expect_eq "... which is counted" "$(drop_of vs0 host0 mac-guard)" 1

netns guest1
expect_ok "it can be moved to another namespace" ip link set host0 netns guest1
ip -n guest1 link set host0 up
rig close host0
rig packet host0 netns=/run/netns/guest1
wait_for 3 has_link vs0 host0
expect_reach "... and keeps sending" "host0 src=$address dst=all" bob
expect_reach "... and receiving" "bob src=b dst=$address" host0
expect_reach "... from its VLAN only" "eve src=e dst=all" -
expect_match "its namespace shows it as linked to another" "$(ip -n guest1 -d link show host0)" 'link-netnsid|host0@if'
expect_match "show names its namespace" "$(port_of vs0 host0 netnsid)" '^[0-9]'
ip -n guest1 link set host0 down
ip -n guest1 link set host0 name eth0
ip -n guest1 link set eth0 up
wait_for 3 has_link vs0 host0
rig close host0
rig packet host0 dev=eth0 netns=/run/netns/guest1
expect_reach "a new name in its namespace changes nothing" "bob src=b dst=$address" host0
rig close host0

expect_ok "its namespace can delete it" ip -n guest1 link del eth0
expect_within "... but not the port, which stays without link" 3 has_no_link vs0 host0
expect_eq "... with its address and VLAN" "$(port_of vs0 host0 mac pvid)" "$address 10"
expect_reach "frames for it go nowhere else" "bob src=b dst=$address" -
expect_ok "add-nic makes the netdev again" vs add-nic vs0 host0
expect_eq "... with the same address" "$(<"/sys/class/net/host0/address")" "$address"
ip link set host0 up
rig packet host0
wait_for 3 has_link vs0 host0
expect_reach "... in the same VLAN" "bob src=b dst=$address" host0
expect_reach "... and no other" "eve src=e dst=all" -
expect_fail "add-nic of a port that has its vNIC is refused" 2 'host0' vs add-nic vs0 host0

rig close host0
vs set-mac vs0 host0 "$address,${MAC[82]}"
ip link del host0
expect_ok "so does ip link add" ip link add link vs0 name host0 type vmsnic
expect_eq "... with the addresses of the port" "$(</sys/class/net/host0/address) $(port_of vs0 host0 mac pvid)" \
	"$address $address,${MAC[82]} 10"
ip link del host0
ip link add link vs0 name host0 address "${MAC[83]}" type vmsnic
expect_eq "... but for one that it is told" "$(</sys/class/net/host0/address) $(port_of vs0 host0 mac)" "${MAC[83]} ${MAC[83]}"

expect_ok "add-nic can make it right in a namespace" vs add-nic vs0 web netns guest1 mac "${MAC[80]}" mtu 1400 vlan access 10
web=$(ip -n guest1 link show web)
expect_match "... with its address" "$web" "${MAC[80]}"
expect_match "... and MTU" "$web" 'mtu 1400'
ip netns add guest2
vs add-nic vs0 gone netns guest2 mac "${MAC[81]}"
ip netns del guest2
expect_within "a namespace that ends takes its vNIC, and leaves the port" 5 is_unplugged vs0 gone
expect_eq "... with its address" "$(port_of vs0 gone mac)" "${MAC[81]}"
expect_ok "... from which it is made again" vs add-nic vs0 gone
expect_eq "... with that address" "$(<"/sys/class/net/gone/address")" "${MAC[81]}"
expect_ok "del-port removes port and vNIC" vs del-port vs0 web
expect_fail "... in its namespace too" 0 'web' ip -n guest1 link show web
expect_fail "a vNIC with a group address is refused" 0 'mac|address' vs add-nic vs0 bad mac 01:00:5e:00:00:01
expect_fail "a vNIC whose name is taken is refused" 2 'bob|exist' vs add-nic vs0 bob
expect_fail "a vNIC in a namespace that is not there is refused" 0 'nowhere' vs add-nic vs0 bad netns nowhere
expect_fail "... and leaves no port" 2 'bad' vs show vs0 bad
expect_ok "del-switch removes vNICs in all namespaces" eval 'vs add-nic vs0 web netns guest1 && vs del-switch vs0'
expect_fail "... really" 0 'web' ip -n guest1 link show web
finish
