#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A port is made, changed and deleted, with and without a NIC.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
expect_ok "a port needs no device" vs add-port vs0 web
expect_eq "a guest port is access 1 by default, and show says so" "$(port_of vs0 web mode pvid)" "access 1"
expect_eq "it has no link" "$(port_of vs0 web link)" false
expect_eq "its other defaults are printed" "$(port_of vs0 web kind admin learning mac-limit mac-guard mac-change unknown-flood \
	mcast-flood bcast-flood priority qdisc autoup down-mode link-follow)" \
	"netdev up auto 1024 true false auto true true 0 auto true keep false"
expect_ok "an uplink port can be made before its device" vs add-port vs0 up0 dev up0 uplink
expect_eq "an uplink is trunk 1-4094 native 1 by default" "$(port_of vs0 up0 mode vlans native)" "trunk 1-4094 1"
expect_eq "an uplink may learn 16,384 addresses" "$(port_of vs0 up0 mac-limit)" 16384
expect_eq "the switch names its uplink" "$(values "$(vs -j show vs0)" uplink)" up0
expect_fail "a second uplink is refused" 2 'uplink' vs add-port vs0 up1 dev up1 uplink

expect_fail "a port name that is in use is refused" 2 'web.*(exist|has a port)' vs add-port vs0 web
expect_ok "a port name of 31 bytes is taken" vs add-port vs0 a234567890123456789012345678901
expect_fail "a port name of 32 bytes is refused" 0 'name|long|port' vs add-port vs0 a2345678901234567890123456789012
expect_fail "a port of no switch is refused" 2 'nosuch' vs add-port nosuch web
expect_ok "one request makes a port with all its settings" vs add-port vs0 db mac "${MAC[d]}" vlan trunk 10,20,100-200 \
	native 10 admin down learning off mac-limit 7 mac-guard off unknown-flood on mcast-flood off bcast-flood off \
	priority 3 qdisc bypass autoup off down-mode close
expect_eq "... and show prints them back" "$(port_of vs0 db mac vlans native admin learning mac-limit mac-guard unknown-flood \
	mcast-flood bcast-flood priority qdisc autoup down-mode)" \
	"${MAC[d]} 10,20,100-200 10 down off 7 false on false false 3 bypass false close"
expect_ok "one setting can be changed" vs set-port vs0 db priority 5
expect_eq "... and the others stay" "$(port_of vs0 db priority mac-limit admin vlans)" "5 7 down 10,20,100-200"
expect_fail "a wrong setting is refused by name" 0 'priority' vs set-port vs0 db priority 8
vs add-port vs0 other mac "${MAC[61]}" vlan access 10
expect_fail "a request that is half wrong is refused" 2 'mac|address' vs set-port vs0 db mac-limit 9 mac "${MAC[61]}"
expect_eq "... and changes nothing" "$(port_of vs0 db mac-limit)" 7
expect_fail "a port that would be wrong is not made" 0 'vlan|vid|4095|range' vs add-port vs0 bad vlan access 4095
expect_fail "... not even in part" 2 'bad' vs show vs0 bad
expect_ok "--check of a port validates" vs --check add-port vs0 new vlan access 5
expect_fail "... and makes none" 2 'new' vs show vs0 new
expect_ok "--check of a deletion validates" vs --check del-port vs0 db
expect_ok "... and deletes nothing" vs show vs0 db
expect_ok "del-port deletes a port" vs del-port vs0 db
expect_fail "... once" 2 'db' vs del-port vs0 db

# Ports with devices.
taps ann,bob,eve
read -r -a ids <<<"$(all_values "$(vs -j show vs0)" id)"
expect_eq "each port has an id of its own" "${#ids[@]} $(printf '%s\n' "${ids[@]}" | sort -u | grep -c '^[1-9]')" "7 7"
expect_fail "a device is plugged into one port only" 2 'ann' vs add-port vs0 ann2 dev ann
expect_fail "... in the whole namespace" 2 'ann' vs batch - <<<$'add-switch vs1\nadd-port vs1 ann dev ann'
expect_reach "three guests hear each other" "ann src=a dst=all" "bob eve"
vs set-port vs0 ann admin down
expect_reach "a port that is down sends nothing" "ann src=a dst=all" -
expect_eq "... and counts what it is given" "$(drop_of vs0 ann port-down)" 1
vs set-port vs0 ann admin up
vs set-port vs0 bob admin down
expect_reach "a port that is down gets nothing" "ann src=a dst=all" eve
vs set-mac vs0 bob "${MAC[b]}"
expect_reach "... nor what is meant for it" "ann src=a dst=b" -
expect_eq "... which is counted there as link-down" "$(drop_of vs0 bob link-down)" 1
vs set-port vs0 bob admin up
expect_reach "it gets it when it is up again" "ann src=a dst=b" bob
expect_ok "disconnect unplugs a device" vs disconnect vs0 bob
expect_reach "... which is silent then" "ann src=a dst=b" -
expect_no_match "... and free" "$(ip link show bob)" 'master'
expect_eq "the port and its policy stay" \
	"$(port_of vs0 bob mac)" "${MAC[b]}"
expect_ok "connect plugs it again" vs connect vs0 bob dev bob
expect_reach "... and it gets its frames" "ann src=a dst=b" bob
vs del-port vs0 eve
expect_reach "a deleted port gets nothing" "ann src=a dst=all" bob
expect_no_match "its device stays, free" "$(ip link show eve)" 'master'
expect_ok "its device can be plugged into a new port" vs add-port vs0 eve2 dev eve
expect_reach "... and hears the others" "ann src=a dst=all" "bob eve"
finish
