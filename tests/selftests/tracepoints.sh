#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Drops, deliveries, learning, moves and link changes have tracepoints that name port and reason.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null || skip_all "no tracefs here"
trace=/sys/kernel/tracing/instances/vms.$$
mkdir "$trace" 2>/dev/null || skip_all "no trace instances here"
# tracefs is one for all namespaces, so this does not end with the script by itself.
trap 'echo 0 >"$trace/events/vmswitch/enable"; rmdir "$trace"; rig_stop' EXIT
expect_ok "the events are there" test -e "$trace/events/vmswitch/enable"
echo 1 >"$trace/events/vmswitch/enable"
# traced NAME REGEXP: such an event was traced since the last look.
traced() {
	local text
	text=$(<"$trace/trace")
	echo >"$trace/trace"
	expect_match "$1" "$text" "$2"
}
switch vs0
tap ann mac "${MAC[a]}" vlan access 10
tap bob vlan access 10
tap eve vlan access 10
traced "a link that comes up" 'port=ann'
send ann src=66 dst=b
traced "a drop, with port and reason" 'drop:[^:]*port=ann[^:]*reason=mac.guard'
send bob src=b dst=all
traced "an address that is learned" "learn:[^=]*=[0-9]+ port=bob mac=${MAC[b]}"
send eve src=b dst=all
traced "an address that moves" "move:[^=]*=[0-9]+ port=eve mac=${MAC[b]}"
send ann src=a dst=b
traced "a delivery" 'deliver:[^=]*=[0-9]+ port=eve vid=10'
send bob src=b dst=all len=1600
traced "what a flood drops at one of its ports" 'drop:[^=]*=[0-9]+ port=eve vid=10 len=1614 reason=too.big'
echo 0 >"$trace/events/vmswitch/enable"
send ann src=66 dst=b
expect_no_match "nothing is traced when nobody asks" "$(<"$trace/trace")" 'port='
finish
