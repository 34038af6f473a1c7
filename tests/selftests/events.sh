#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# monitor tells what happens to switches, ports, links and the FDB, in order.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

log=/dev/shm/events.$$
"$VSWCTL" -j monitor >>"$log" &
monitor=$!
trap 'kill "$monitor" 2>/dev/null || :; rm -f "$log"; rig_stop' EXIT
# The monitor is ready when it hears of something.
ready() {
	vs add-switch probe && vs del-switch probe
	grep -q probe "$log"
}
wait_for 5 ready
# heard EVENT [KEY=VALUE]...: such an event has come, with those values.
heard() {
	local line word
	while IFS= read -r line; do
		[[ $line == *"\"event\":\"$1\""* ]] || continue
		for word in "${@:2}"; do
			[[ $(values "$line" "${word%%=*}") == "${word#*=}" ]] || continue 2
		done
		return 0
	done <"$log"
	return 1
}
expect_event() {
	expect_within "$1" 3 heard "${@:2}"
	heard "${@:2}" || sed 's/^/# heard: /' "$log"
}
: >"$log"
vs add-switch vs0
expect_event "a new switch" switch-add switch=vs0
vs set-switch vs0 ageing 60
expect_event "a switch's settings" switch-change switch=vs0 ageing=60
vs add-port vs0 ann dev ann vlan access 10
expect_event "a new port, with its settings" port-add port=ann pvid=10
rig tap ann
expect_event "a link that comes up" port-link port=ann link=true
: >"$log"
rig carrier ann off
expect_event "a link that goes down" port-link port=ann link=false
rig carrier ann on
wait_for 3 has_link vs0 ann
: >"$log"
vs set-port vs0 ann priority 2
expect_event "a port's settings" port-change port=ann priority=2
vs --check set-port vs0 ann priority 4
vs set-vlan vs0 ann access 4095 2>/dev/null || :
send ann src=a dst=all
expect_event "an address that is learned" fdb-add "mac=${MAC[a]}" port=ann vlan=10
expect_eq "... what was refused or only checked is no event" \
	"$(grep -c '"port-change"' "$log")" 1
tap bob vlan access 10
send bob src=a dst=all
expect_event "an address that moves" fdb-move "mac=${MAC[a]}" port=bob
vs fdb flush vs0
expect_event "an address that goes" fdb-del "mac=${MAC[a]}"
: >"$log"
rig close bob
expect_event "a device that goes" port-link port=bob link=false
vs del-port vs0 bob
expect_event "a port that is deleted" port-del port=bob
ip link add link vs0 name host0 type vmsnic
expect_event "a port made by iproute2" port-add port=host0
vs del-switch vs0
expect_event "a switch that is deleted" switch-del switch=vs0
expect_ok "each event is a JSON object on a line of its own" jq -e . "$log"
unshare --net "$VSWCTL" add-switch elsewhere
vs add-switch vs9
expect_event "an event after another namespace's" switch-add switch=vs9
expect_no_match "... which is not heard here" "$(<"$log")" 'elsewhere'
kill -INT "$monitor"
expect_ok "monitor ends in good order when it is interrupted" wait_for 3 cannot kill -0 "$monitor"
finish
