#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Dynamic entries can be flushed by port, VLAN, address or all; they go with their port's link. Static ones stay.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
tap tom vlan trunk 10,20
tap tim vlan trunk 10,20
tap ann vlan access 10
vs fdb add vs0 mac "${MAC[50]}" vlan 10 port ann
fill() {
	send tom src=1 dst=all vlan=10
	send tom src=1 dst=all vlan=20
	send tim src=2 dst=all vlan=10
	send tim src=3 dst=all vlan=20
	send ann src=a dst=all
}
# What is known, in short: the last digit of the address and the VLAN.
known() {
	fdb_of vs0 dynamic | sed 's/^.*:.\(.\) \([0-9]*\) .*/\1@\2/' | sort | paste -sd' '
}
fill
expect_eq "all is learned" "$(known)" "1@10 1@20 2@10 3@20 a@10"
vs fdb flush vs0 vlan 10 port tom
expect_eq "a flush of a port in a VLAN" "$(known)" "1@20 2@10 3@20 a@10"
fill
vs fdb flush vs0 port tim
expect_eq "a flush of a port" "$(known)" "1@10 1@20 a@10"
fill
vs fdb flush vs0 vlan 20
expect_eq "a flush of a VLAN" "$(known)" "1@10 2@10 a@10"
fill
vs fdb flush vs0 mac "${MAC[1]}"
expect_eq "a flush of an address" "$(known)" "2@10 3@20 a@10"
fill
vs fdb flush vs0
expect_eq "a flush of all" "$(known)" ""
expect_eq "static entries stay" "$(fdb_of vs0 static)" "${MAC[50]} 10 ann static"
expect_reach "what was flushed is unknown" "tom src=1 dst=a vlan=10" "tim:10 ann"
expect_fail "a flush of an unknown port is refused" 2 'nosuch' vs fdb flush vs0 port nosuch
fill
rig carrier tim off
gone() {
	[[ $(known) == "1@10 1@20 a@10" ]]
}
expect_within "a port's entries go with its link" 3 gone
rig carrier tim on
wait_for 3 has_link vs0 tim
fill
ip link set tim down
expect_within "... and when its device is set down" 3 gone
ip link set tim up
wait_for 3 has_link vs0 tim
fill
vs set-port vs0 tim admin down
expect_within "... and when the port is" 3 gone
vs set-port vs0 tim admin up
fill
vs del-port vs0 tim
expect_eq "... and with the port" "$(known)" "1@10 1@20 a@10"
fill
vs set-vlan vs0 tom trunk 20
expect_no_match "... and with its membership" "$(known)" '1@10'
finish
