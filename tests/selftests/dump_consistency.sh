#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A dump that is read slowly, while ports and addresses come and go, loses none of those that stay and repeats none.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

ports=4096
macs=100000
if [[ -n ${VMS_DEBUG:-}${VMS_EMULATED:-} ]]; then
	ports=200
	macs=1000
fi
dumped=/dev/shm/dump.$$
trap 'rm -f "$dumped"; rig_stop' EXIT
switch vs0 fdb-max 524288
vs batch - < <(for ((i = 0; i < ports; i++)); do echo "add-port vs0 p$i"; done)
# What a dump has printed is read when it waits and when it is done: bash would read a pipe byte by byte.
paused_or_done() {
	grep -qxE 'pause|end.*|error.*' "$dumped"
}
# dump MESSAGE ATTRIBUTES CHANGES...: dump in small datagrams; after some of them run CHANGES. What was printed is in the
# file $dumped.
dump() {
	local message=$1 attributes=$2 pid
	shift 2
	: >"$dumped"
	# shellcheck disable=SC2086  # attributes are words
	"$TESTS/genl" -c 4096 -p 3 dump "$message" $attributes <&"$go" >"$dumped" &
	pid=$!
	wait_for 10 paused_or_done
	if grep -qx pause "$dumped"; then
		"$@"
		printf '\n' >&"$go"
	fi
	wait "$pid" || :
}
exec {go}<> <(:)
repeated() {
	grep -v '^pause$' "$dumped" | sort | uniq -d | grep -c . || :
}
# stayed PATTERN: how many of what was dumped match.
stayed() {
	grep -cE "$1" "$dumped" || :
}
dump "PORT_GET PORT_SWITCH=s:vs0" PORT_NAME true
expect_eq "a dump of ports lists each" "$(stayed '^p[0-9]+$')" "$ports"
expect_eq "... and ends" "$(stayed '^end')" 1

# The even ports are deleted in the middle, others added; the odd ones must be there once each.
change_ports() {
	{
		for ((i = 0; i < ports; i += 2)); do echo "del-port vs0 p$i"; done
		for ((i = 0; i < ports; i++)); do echo "add-port vs0 q$i"; done
	} | vs batch -
}
dump "PORT_GET PORT_SWITCH=s:vs0" PORT_NAME change_ports
expect_eq "ports that stay are listed while others come and go" "$(stayed '^p[0-9]*[13579]$')" $((ports / 2))
expect_eq "... and none twice" "$(repeated)" 0
change_back() {
	{
		for ((i = 0; i < ports; i++)); do echo "del-port vs0 q$i"; done
		for ((i = 0; i < ports; i += 2)); do echo "add-port vs0 p$i"; done
	} | vs batch -
}
dump "STATS_GET STATS_SWITCH=s:vs0" STATS_PORT change_back
expect_eq "so are their counters" "$(stayed '^p[0-9]*[13579]$')" $((ports / 2))
expect_eq "... and none twice" "$(repeated)" 0

# In a VLAN of their own: else each frame would be flooded to all the ports above.
taps ann,bob mac-limit 0 vlan access 2
send ann src=100000 dst=all srcs="$macs"
dump "FDB_GET FDB_SWITCH=s:vs0" "FDB_MAC FDB_VLAN" true
expect_eq "a dump of the FDB lists each address" "$(stayed '^0200001[0-9a-f]{5} 2$')" "$macs"
# What ann has learned stays; as much from bob comes, and then goes.
change_macs() {
	send bob src=200000 dst=all srcs="$macs"
	rig count ann
}
dump "FDB_GET FDB_SWITCH=s:vs0" "FDB_MAC FDB_VLAN" change_macs
expect_eq "addresses that stay are listed while others come" "$(stayed '^0200001[0-9a-f]{5} 2$')" "$macs"
expect_eq "... and none twice" "$(repeated)" 0
change_macs() {
	vs fdb flush vs0 port bob
	send bob src=300000 dst=all srcs="$macs"
	rig count ann
}
dump "FDB_GET FDB_SWITCH=s:vs0" "FDB_MAC FDB_VLAN" change_macs
expect_eq "... and while others go" "$(stayed '^0200001[0-9a-f]{5} 2$')" "$macs"
expect_eq "... and none twice" "$(repeated)" 0
dump "FDB_GET FDB_SWITCH=s:vs0 FDB_PORT=s:bob" "FDB_MAC" true
expect_eq "a dump is filtered in the kernel" "$(stayed '^0200001')" 0
expect_eq "... and holds what it asks for" "$(stayed '^0200003')" "$macs"
dump "FDB_GET FDB_SWITCH=s:vs0 FDB_PORT=s:bob" "FDB_MAC" vs del-port vs0 bob
expect_eq "a port that is deleted in the middle ends the dump of its addresses, without an error" \
	"$(grep -cx pause "$dumped") $(tail -n 1 "$dumped")" "1 end"
expect_match "... which is one of a port that is not there before" \
	"$("$TESTS/genl" dump "FDB_GET FDB_SWITCH=s:vs0 FDB_PORT=s:bob" FDB_MAC)" '^error ENOENT'
dump "PORT_GET PORT_SWITCH=s:vs0" PORT_NAME vs del-switch vs0
expect_match "a switch that is deleted in the middle ends its dump" "$(<"$dumped")" 'end|^$|p[0-9]'
expect_eq "... and is gone" "$(vs -j show)" '[]'
finish
