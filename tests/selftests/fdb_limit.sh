#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# What a guest can make the switch remember is bounded: by its port's mac-limit and by the switch's fdb-max. The
# uplink, full, forgets the oldest.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0 fdb-max 64
tap ann mac-limit 4
tap bob
tap eve
expect_reach "frames from more sources than the limit pass all" "ann src=100 dst=all srcs=10" "bob*10 eve*10"
expect_eq "only as many as the limit are learned" "$(fdb_of vs0 port ann | wc -l)" 4
expect_eq "the others are counted as limited" "$(stat_of vs0 ann limited)" 6
expect_reach "an address that was not learned is unknown" "bob src=b dst=109" "ann eve"
expect_reach "one that was learned is known" "bob src=b dst=100" ann
vs set-port vs0 ann mac-limit 6
send ann src=200 dst=all srcs=10
expect_eq "a raised limit lets more in" "$(fdb_of vs0 port ann | wc -l)" 6
vs fdb flush vs0 port ann
send ann src=300 dst=all
expect_eq "a flush makes room" "$(fdb_of vs0 port ann)" "$(mac 300) 1 ann dynamic"

send eve src=1000 dst=all srcs=200
total=$(values "$(vs -j show vs0)" fdb-count)
expect_eq "the switch never holds more than fdb-max" "$((total <= 64))" 1
expect_eq "... but that many" "$((total >= 60))" 1
expect_eq "what did not fit is counted at its port" "$(($(stat_of vs0 eve limited) >= 200 - 64))" 1
expect_reach "a full FDB does not stop frames" "eve src=2000 dst=all" "ann bob"
expect_fail "a static entry is refused when the FDB is full" 2 'fdb|full|space|limit' \
	vs batch - < <(for ((i = 0; i < 65; i++)); do printf 'fdb add vs0 mac 02:00:00:00:50:%02x vlan 1 port bob\n' "$i"; done)

vs del-switch vs0
switch vs0
rig close ann
rig close bob
tap bob
outside up0 mac-limit 8
send up0 src=100 dst=all srcs=8
expect_eq "the uplink learns up to its limit" "$(fdb_of vs0 port up0 | wc -l)" 8
send up0 src=200 dst=all
expect_eq "... and for a newcomer" "$(fdb_of vs0 mac "$(mac 200)")" "$(mac 200) 1 up0 dynamic"
expect_eq "... forgets another" "$(fdb_of vs0 port up0 | wc -l)" 8
finish
