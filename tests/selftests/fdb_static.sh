#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Static entries: added and deleted by the admin, valid in one VLAN, bound to a port.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
tap ann vlan access 10
tap bob vlan access 10
tap eve vlan access 10
tap tom vlan trunk 10,20
expect_ok "an entry is added" vs fdb add vs0 mac "${MAC[50]}" vlan 10 port bob
expect_eq "... and shown" "$(fdb_of vs0)" "${MAC[50]} 10 bob static"
expect_reach "unicast follows it" "ann src=a dst=50" bob
expect_reach "... in its VLAN only" "tom src=1 dst=50 vlan=20" -
expect_fail "it can not be added twice" 2 'exist|already' vs fdb add vs0 mac "${MAC[50]}" vlan 10 port eve
expect_ok "it can be deleted" vs fdb del vs0 mac "${MAC[50]}" vlan 10
expect_reach "... and is unknown then" "ann src=a dst=50" "bob eve tom:10"
expect_fail "it can not be deleted twice" 2 '.' vs fdb del vs0 mac "${MAC[50]}" vlan 10
expect_fail "a group address is refused" 0 'mac|address' vs fdb add vs0 mac 01:00:5e:00:00:01 vlan 10 port bob
expect_fail "VID 4095 is refused" 0 'vlan|vid' vs fdb add vs0 mac "${MAC[51]}" vlan 4095 port bob
expect_fail "an unknown port is refused" 2 'nosuch' vs fdb add vs0 mac "${MAC[51]}" vlan 10 port nosuch
vs set-mac vs0 eve "${MAC[e]}"
expect_fail "an entry that a port owns can not be deleted" 2 '.' vs fdb del vs0 mac "${MAC[e]}"
send ann src=a dst=all
expect_ok "a learned entry can be made static" vs fdb add vs0 mac "${MAC[a]}" vlan 10 port ann
send bob src=a dst=all
expect_reach "... and stays where it is" "tom src=1 dst=a vlan=10" ann
vs fdb add vs0 mac "${MAC[50]}" vlan 10 port bob
vs del-port vs0 bob
expect_eq "a port's static entries go with it" "$(fdb_of vs0 mac "${MAC[50]}")" ""
expect_ok "--check of an entry validates" vs --check fdb add vs0 mac "${MAC[52]}" vlan 10 port ann
expect_eq "... and adds none" "$(fdb_of vs0 mac "${MAC[52]}")" ""
vs fdb add vs0 mac "${MAC[53]}" vlan 20 port tom
vs set-vlan vs0 tom trunk 10
vs set-vlan vs0 ann access 20
expect_reach "an entry does not let frames into a VLAN that its port has left" "ann src=a7 dst=53" -
finish
