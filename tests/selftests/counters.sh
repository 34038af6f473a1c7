#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Counters per port, per VLAN and of the switch tell frames and bytes exactly.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
taps ann,bob vlan access 10
tap eve vlan access 20
tap tom vlan trunk 10,20
expect_eq "a new port has counted nothing" "$(values "$(vs -j stats vs0 ann)" rx-packets rx-bytes tx-packets tx-bytes \
	moves limited) $(drops_of vs0 ann)" "0 0 0 0 0 0 none"
# The counters of a port as "RX-PACKETS/BYTES TX-PACKETS/BYTES".
counted() {
	local words
	read -r -a words <<<"$(values "$(vs -j stats vs0 "$1")" rx-packets rx-bytes tx-packets tx-bytes)"
	printf '%s/%s %s/%s\n' "${words[@]}"
}
send ann src=a dst=all count=5
expect_eq "a source counts each frame once, from the MAC header on" "$(counted ann)" "5/300 0/0"
expect_eq "a destination counts what it gets" "$(counted bob)" "0/0 5/300"
expect_eq "the tag is not counted, as on a device that strips it" "$(counted tom)" "0/0 5/300"
expect_eq "who gets nothing counts nothing" "$(counted eve)" "0/0 0/0"
send tom src=1 dst=all vlan=20 len=100 count=3
expect_eq "... nor one that comes in" "$(counted tom)" "3/342 5/300"
expect_eq "... so both ends count the same" "$(counted eve)" "0/0 3/342"
send bob src=b dst=a count=2
expect_eq "unicast counts at both ends" "$(counted ann) $(counted bob)" "5/300 2/120 2/120 5/300"
send ann src=a dst=all vlan=7
expect_eq "a dropped frame is not accepted" "$(counted ann)" "5/300 2/120"
expect_eq "stats of all ports lists each" "$(all_values "$(vs -j stats vs0)" port)" "ann bob eve tom"

vlans=$(vs -j stats vs0 vlan)
# VLAN 10 is VLAN 10, and not 100.
vlan_counted() {
	local entry pattern="\"vlan\": *$1[,}]"
	[[ $vlans =~ $pattern ]] || return 0
	entry=${vlans#*"${BASH_REMATCH[0]}"}
	values "${entry%%\}*}" rx-packets tx-packets
}
expect_eq "VLAN 10 has counted its frames and their copies" "$(vlan_counted 10)" "7 12"
expect_eq "... and VLAN 20 its own" "$(vlan_counted 20)" "3 3"
expect_match "... and no VLAN that nobody has used has frames" "$(vlan_counted 7) $(vlan_counted 1)" '^[0 ]*$'
said=$(ip -j -s link show vs0)
expect_eq "the switch counts what was accepted and delivered" \
	"$(values "${said#*\"rx\":}" packets) $(values "${said#*\"tx\":}" packets)" "10 15"
vs set-port vs0 ann priority 1
vs disconnect vs0 ann
vs connect vs0 ann dev ann
expect_eq "counters outlive a change of settings and of the device" "$(counted ann)" "5/300 2/120"
finish
