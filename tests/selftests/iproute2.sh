#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Stock iproute2 has words for part of the state, and they mean what they say (decisions 19, 20, 23).
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

expect_ok "ip link add makes a switch" ip link add vs0 type vmswitch
ip link set vs0 up
details=$(ip -d link show vs0)
expect_match "ip -d link names its kind" "$details" 'vmswitch'
expect_match "it does no ARP" "$details" 'NOARP'
expect_match "it has carrier" "$details" 'LOWER_UP'
expect_ok "its details are valid JSON" jq -e '.[0].linkinfo.info_kind == "vmswitch"' <<<"$(ip -j -d link show vs0)"

rig tap ann
rig tap bob
expect_ok "ip link set master plugs a device" ip link set ann master vs0
expect_match "... and the link shows it" "$(ip link show ann)" 'master vs0'
ip link set bob master vs0
expect_eq "it makes a port with its name and the defaults" \
	"$(port_of vs0 ann port dev mode pvid auto)" "ann ann access 1 true"
ip link set ann up
ip link set bob up
wait_for 3 has_link vs0 ann
wait_for 3 has_link vs0 bob
expect_reach "such ports switch" "ann src=a dst=all" bob
expect_eq "ip link show master lists them" "$(ip -br link show master vs0 | awk '{ print $1 }' | paste -sd' ')" 'ann bob'
ip link add vs1 type vmswitch
ip link set ann master vs1
expect_eq "a device that is given another master moves there" "$(ports_of vs0) $(ports_of vs1)" "bob ann"
ip link del vs1
ip link set ann master vs0
ip link set ann up
expect_ok "nomaster unplugs" ip link set ann nomaster
expect_fail "... and the automatic port is gone" 2 'ann' vs show vs0 ann
ip link set ann master vs0
rig close ann
expect_within "an automatic port goes with its device" 3 cannot vs show vs0 ann
vs set-port vs0 bob priority 3
expect_eq "a setting makes a port one's own" "$(port_of vs0 bob auto)" false
ip link set bob nomaster
expect_ok "... which stays at nomaster" vs show vs0 bob
expect_eq "... with the setting" "$(port_of vs0 bob priority)" 3
ip link set bob master vs0
expect_eq "... and takes the device again" "$(ports_of vs0)" bob

rig tap ann
vs add-port vs0 ann dev ann vlan access 10
vs set-vlan vs0 bob access 10
wait_for 3 has_link vs0 bob
send ann src=a dst=all
vs fdb add vs0 mac "${MAC[50]}" vlan 10 port bob
fdb=$(bridge fdb show dev vs0)
# about MAC: the line about it.
about() {
	grep "^$(mac "$1")" <<<"$fdb" || :
}
expect_match "bridge fdb show dev vs0 lists what is learned" "$(about a)" 'vlan 10'
expect_match "... and the device that it is behind" "$(about a)" 'via ann'
expect_match "... and what is static" "$(about 50)" 'static|permanent'
expect_match "bridge fdb show without a device does too" "$(bridge fdb show | grep "^${MAC[a]}")" 'vs0.*vlan 10'
expect_eq "its number of entries is vswctl's" "$(grep -cE 'vlan|via' <<<"$fdb")" "$(fdb_of vs0 | wc -l)"
expect_eq "bridge fdb show br vs0 is empty: vs0 is no bridge" "$(bridge fdb show br vs0 2>/dev/null | grep -c "${MAC[a]}" || :)" 0

numbers() {
	local text rx tx
	text=$(ip -j -s link show vs0)
	rx=${text#*\"rx\":}
	tx=${text#*\"tx\":}
	printf '%s %s %d\n' "$(values "$rx" packets)" "$(values "$tx" packets)" \
		$(($(values "$rx" dropped) + $(values "$tx" dropped)))
}
rig tap eve
vs add-port vs0 eve dev eve vlan access 10
read -r rx tx dropped <<<"$(numbers)"
send ann src=a dst=all count=7
send ann src=a dst=all vlan=3
read -r rx2 tx2 dropped2 <<<"$(numbers)"
expect_eq "ip -s link: RX of vs0 is what was accepted" "$((rx2 - rx))" 7
expect_eq "... TX what was delivered" "$((tx2 - tx))" 14
expect_eq "... dropped what was not" "$((dropped2 - dropped))" 1
rig packet vs0 all
send vs0 src=1 dst=all
read -r _ _ dropped3 <<<"$(numbers)"
expect_eq "what is sent on vs0 itself is dropped and counted" "$((dropped3 - dropped2))" 1
rig count ann
expect_eq "... and goes nowhere" "$rig_answer" 0

expect_ok "ip link add makes a vNIC" ip link add link vs0 name host0 type vmsnic
expect_match "... of kind vmsnic" "$(ip -d link show host0)" 'host0@vs0.*vmsnic'
expect_eq "... with a port of the defaults" "$(port_of vs0 host0 kind mode pvid)" "internal access 1"
ip link add link vs0 name host1 address "${MAC[f]}" type vmsnic
expect_eq "... or with the address that is asked for" "$(port_of vs0 host1 mac)" "${MAC[f]}"
expect_fail "a vNIC needs a switch to be linked to" 0 '.' ip link add host2 type vmsnic
expect_fail "... a real one" 0 '.' ip link add link ann name host2 type vmsnic
expect_fail "... which is not its master" 0 'master' ip link add link vs0 name host2 master vs0 type vmsnic
expect_fail "... and leaves no port" 2 'host2' vs show vs0 host2
ip link add master0 type dummy
expect_fail "... nor with another one, that might refuse it" 0 'master' ip link add link vs0 name host2 master master0 type vmsnic
expect_fail "... and that leaves no port, either" 2 'host2' vs show vs0 host2
ip link del master0
odd=$'h\xc3\xa9'
expect_fail "a vNIC whose name vswctl can not say is refused" 0 'name' ip link add link vs0 name "$odd" type vmsnic
ip link add "$odd" type dummy || :
expect_fail "... and so is another device" 0 'name' ip link set "$odd" master vs0
expect_no_match "... and there is no such port" "$(ports_of vs0)" "$odd"
ip link del "$odd"
expect_ok "ip link del deletes a vNIC" ip link del host1
expect_ok "ip link del deletes a switch" ip link del vs0
expect_fail "... with its vNICs" 0 'host0' ip link show host0
expect_no_match "... and frees its devices" "$(ip link show ann)" 'master'
finish
