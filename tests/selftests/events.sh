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
# heard CONDITION: such an event has come.
heard() {
	jq -e --slurp "any(.[]; $1)" "$log" >/dev/null
}
expect_event() {
	expect_within "$1" 3 heard "$2"
	heard "$2" 2>/dev/null || sed 's/^/# heard: /' "$log"
}
: >"$log"
vs add-switch vs0
expect_event "a new switch" '.event == "switch-add" and .switch == "vs0"'
vs set-switch vs0 ageing 60
expect_event "a switch's settings" '.event == "switch-change" and .switch == "vs0" and .ageing == 60'
vs add-port vs0 ann dev ann vlan access 10
expect_event "a new port, with its settings" '.event == "port-add" and .port == "ann" and .vlan.pvid == 10'
rig tap ann
expect_event "a link that comes up" '.event == "port-link" and .port == "ann" and .link == true'
: >"$log"
rig carrier ann off
expect_event "a link that goes down" '.event == "port-link" and .port == "ann" and .link == false'
rig carrier ann on
wait_for 3 has_link vs0 ann
: >"$log"
vs set-port vs0 ann priority 2
expect_event "a port's settings" '.event == "port-change" and .port == "ann" and .priority == 2'
vs --check set-port vs0 ann priority 4
vs set-vlan vs0 ann access 4095 2>/dev/null || :
send ann src=a dst=all
expect_event "an address that is learned" '.event == "fdb-add" and .mac == "'"$(mac a)"'" and .port == "ann" and .vlan == 10'
expect_eq "... what was refused or only checked is no event" \
	"$(jq -c --slurp '[.[] | select(.event == "port-change")] | length' "$log")" 1
tap bob vlan access 10
send bob src=a dst=all
expect_event "an address that moves" '.event == "fdb-move" and .mac == "'"$(mac a)"'" and .port == "bob"'
vs fdb flush vs0
expect_event "an address that goes" '.event == "fdb-del" and .mac == "'"$(mac a)"'"'
: >"$log"
rig close bob
expect_event "a device that goes" '.event == "port-link" and .port == "bob" and .link == false'
vs del-port vs0 bob
expect_event "a port that is deleted" '.event == "port-del" and .port == "bob"'
ip link add link vs0 name host0 type vmsnic
expect_event "a port made by iproute2" '.event == "port-add" and .port == "host0"'
vs del-switch vs0
expect_event "a switch that is deleted" '.event == "switch-del" and .switch == "vs0"'
expect_ok "each event is a JSON object on a line of its own" jq -e . "$log"
unshare --net "$VSWCTL" add-switch elsewhere
vs add-switch vs9
expect_event "an event after another namespace's" '.event == "switch-add" and .switch == "vs9"'
expect_no_match "... which is not heard here" "$(<"$log")" 'elsewhere'
kill -INT "$monitor"
expect_ok "monitor ends in good order when it is interrupted" wait_for 3 cannot kill -0 "$monitor"
finish
