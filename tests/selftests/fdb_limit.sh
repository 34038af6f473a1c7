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

# The table is replaced under traffic: what was known stays, and what is learned meanwhile is in one table or the other.
vs del-switch vs0
macs=50000
[[ -z ${VMS_EMULATED:-} ]] || macs=20000
[[ -z ${VMS_DEBUG:-} ]] || macs=2000
switch vs0 fdb-max 400000
tap ann mac-limit 0
send ann src=100000 dst=all srcs="$macs"
rig count ann
printf 'send ann src=200000 dst=all srcs=%d\n' "$((3 * macs))" >&"$rig_in"
replaced=0
while ((replaced == 0)) || ! read -r -t 0 -u "$rig_out"; do
	vs set-switch vs0 fdb-max $((400001 - replaced % 2))
	replaced=$((replaced + 1))
done
read -r -u "$rig_out" rig_answer
expect_match "addresses come while the table is replaced" "$rig_answer $((replaced > 0))" '^ok.* 1$'
vs -j fdb show vs0 >/dev/shm/fdb.$$
expect_eq "what was known before is there" "$(grep -o '"02:00:00:1[^"]*"' /dev/shm/fdb.$$ | sort -u | wc -l)" "$macs"
known=$(grep -o '"02:00:00:[^"]*"' /dev/shm/fdb.$$ | sort -u | wc -l)
expect_eq "... and what is counted is what there is" "$(port_of vs0 ann fdb-count) $(values "$(vs -j show vs0)" fdb-count)" "$known $known"
send ann src=200000 dst=all srcs=$((3 * macs))
expect_eq "what was missed is learned when it comes again" "$(values "$(vs -j show vs0)" fdb-count)" $((4 * macs))
rm -f /dev/shm/fdb.$$

# A dump that is under way tells whether the table was replaced.
dumped=/dev/shm/dump.$$
exec {go}<> <(:)
paused() {
	grep -qx pause "$dumped"
}
# dump_while CMD...: the last words of a dump in the middle of which CMD is run.
dump_while() {
	local pid
	: >"$dumped"
	"$TESTS/genl" -c 4096 -p 1 dump "FDB_GET FDB_SWITCH=s:vs0" FDB_MAC <&"$go" >"$dumped" &
	pid=$!
	wait_for 5 paused
	"$@"
	printf '\n' >&"$go"
	wait "$pid"
	tail -n 1 "$dumped"
}
max=$(values "$(vs -j show vs0)" fdb-max)
expect_eq "the present fdb-max replaces no table" "$(dump_while vs set-switch vs0 fdb-max "$max")" end
expect_eq "... another one does" "$(dump_while vs set-switch vs0 fdb-max $((max + 1)))" "end interrupted"
rm -f "$dumped"
vs del-switch vs0
switch vs0
vs add-port vs0 bob
grow() {
	local i
	for ((i = 1; i <= $1; i++)); do
		echo "set-switch vs0 fdb-max $((20000 + i * $2))"
	done
}
expect_fail "it does not grow without end in one transaction" 2 ':66: .*too many' vs batch - < <(grow 100 1)
expect_eq "... and not at all then" "$(values "$(vs -j show vs0)" fdb-max)" 16384
expect_ok "... but shrinks, and grows to where it was" vs batch - < <(grow 100 -100; grow 100 -100)
expect_eq "... and the last one counts" "$(values "$(vs -j show vs0)" fdb-max)" 10000
vs batch - < <(for ((i = 0; i < 70; i++)); do printf 'fdb add vs0 mac 02:00:00:00:50:%02x vlan 1 port bob\n' "$i"; done)
expect_fail "static entries are not forgotten" 2 'static' vs set-switch vs0 fdb-max 69
expect_fail "... says --check too" 2 'static' vs --check set-switch vs0 fdb-max 69
expect_fail "... also of entries that come later" 2 ':1: .*static' vs batch - < <(echo "set-switch vs0 fdb-max 70"
	echo "fdb add vs0 mac 02:00:00:00:51:00 vlan 1 port bob")
expect_ok "as many as there are may be the bound" vs set-switch vs0 fdb-max 70
expect_eq "... and all are there" "$(fdb_of vs0 port bob | wc -l)" 70
finish
