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

# One transaction may say several things of one entry.
lines() {
	printf '%s\n' "$@" | vs batch -
}
m=${MAC[54]}
vs add-port vs0 dan vlan access 10
expect_ok "an entry is made and deleted" lines "fdb add vs0 mac $m vlan 10 port dan" "fdb del vs0 mac $m vlan 10"
expect_eq "... and is not there" "$(fdb_of vs0 mac "$m")" ""
vs fdb add vs0 mac "$m" vlan 10 port ann
expect_ok "an entry is deleted and made again" lines "fdb del vs0 mac $m vlan 10" "fdb add vs0 mac $m vlan 10 port ann"
expect_eq "... and is there" "$(fdb_of vs0 mac "$m")" "$m 10 ann static"
expect_ok "an entry is deleted and made at another port" lines "fdb del vs0 mac $m vlan 10" "fdb add vs0 mac $m vlan 10 port dan"
expect_eq "... where it is" "$(fdb_of vs0 mac "$m")" "$m 10 dan static"
expect_ok "... also if its VLAN is not named" lines "fdb del vs0 mac $m" "fdb add vs0 mac $m vlan 10 port ann"
expect_eq "... where it is" "$(fdb_of vs0 mac "$m")" "$m 10 ann static"
expect_ok "it goes round, and is deleted at last" lines "fdb del vs0 mac $m vlan 10" "fdb add vs0 mac $m vlan 10 port dan" \
	"fdb del vs0 mac $m vlan 10" "fdb add vs0 mac $m vlan 10 port ann" "fdb del vs0 mac $m"
expect_eq "... really" "$(fdb_of vs0 mac "$m")" ""
expect_fail "what an earlier line has deleted is not there" 2 ':2: ' lines "fdb add vs0 mac $m vlan 10 port ann" \
	"fdb del vs0 mac ${MAC[99]} vlan 10"
vs fdb add vs0 mac "$m" vlan 10 port ann
expect_fail "... so it can not be deleted again" 2 ':2: ' lines "fdb del vs0 mac $m vlan 10" "fdb del vs0 mac $m vlan 10"
expect_eq "... and what was refused changes nothing" "$(fdb_of vs0 mac "$m")" "$m 10 ann static"
vs fdb del vs0 mac "$m"
expect_fail "an entry has one port" 2 ':2: .*already' lines "fdb add vs0 mac $m vlan 10 port ann" "fdb add vs0 mac $m vlan 10 port dan"
send tom src=54 dst=all vlan=10
expect_fail "... also one that was learned" 2 ':2: .*already' lines "fdb add vs0 mac $m vlan 10 port ann" \
	"fdb add vs0 mac $m vlan 10 port dan"
expect_fail "... of a port that has it in its list" 2 'address' lines "fdb add vs0 mac $m vlan 10 port ann" "set-mac vs0 dan $m"
expect_fail "... whichever comes first" 2 'address|already' lines "set-mac vs0 dan $m" "fdb add vs0 mac $m vlan 10 port ann"
expect_eq "... and what was learned stays" "$(fdb_of vs0 mac "$m")" "$m 10 tom dynamic"
vs fdb add vs0 mac "$m" vlan 10 port ann
expect_ok "an address goes from an entry into a list" lines "fdb del vs0 mac $m vlan 10" "set-mac vs0 dan $m"
expect_eq "... where it is" "$(fdb_of vs0 mac "$m")" "$m any dan port"
expect_ok "... and back" lines "set-mac vs0 dan none" "fdb add vs0 mac $m vlan 10 port ann"
expect_eq "... where it is" "$(fdb_of vs0 mac "$m")" "$m 10 ann static"
expect_ok "a port goes, and its entry to another one" lines "del-port vs0 dan" "add-port vs0 dan vlan access 10" \
	"fdb del vs0 mac $m" "fdb add vs0 mac $m vlan 10 port dan"
expect_eq "... where it is" "$(fdb_of vs0 mac "$m")" "$m 10 dan static"
vs del-port vs0 dan
expect_eq "nothing is left of it" "$(fdb_of vs0 mac "$m")" ""

vs fdb add vs0 mac "${MAC[53]}" vlan 20 port tom
vs set-vlan vs0 tom trunk 10
vs set-vlan vs0 ann access 20
expect_reach "an entry does not let frames into a VLAN that its port has left" "ann src=a7 dst=53" -
expect_fail "... nor does a port of that VLAN get its address" 2 'tom|address' vs set-mac vs0 ann "${MAC[53]}"
vs fdb del vs0 mac "${MAC[53]}" vlan 20
expect_ok "... until it is deleted" vs set-mac vs0 ann "${MAC[53]}"
finish
