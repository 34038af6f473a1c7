#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The module can be unloaded under full traffic, and comes back clean.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

module=${VMSWITCH_KO:-}
load() {
	if [[ -n $module ]]; then
		insmod "$module"
	else
		modprobe vmswitch
	fi
}
switch vs0
rig tap ann
rig tap bob
{
	echo "add-port vs0 ann dev ann"
	echo "add-port vs0 bob dev bob"
	for ((i = 0; i < 62; i++)); do echo "add-port vs0 p$i vlan trunk 1-100"; done
	echo "add-nic vs0 host0"
} | vs batch -
ip link set host0 up
rig close ann
rig close bob
senders=()
for name in ann bob; do
	"$TESTS/frame" "tap $name" "sleep 100" "blast $name src=${name:0:1} dst=all srcs=20 ms=$((20000 * PATIENCE))" >/dev/null 2>&1 &
	senders+=($!)
done
flowing() {
	(($(stat_of vs0 ann rx-packets) > 100 && $(stat_of vs0 bob tx-packets) > 100))
}
expect_within "traffic flows over a switch with 64 ports" 10 flowing
expect_ok "the module is unloaded under it" rmmod vmswitch
expect_fail "the switch is gone" 0 'vs0' ip link show vs0
expect_fail "... with its vNIC" 0 'host0' ip link show host0
expect_no_match "the taps stay, without a master" "$(ip link show ann)" 'master'
expect_no_match "... and not promiscuous" "$(ip -d link show ann)" 'promiscuity [1-9]'
expect_ok "their readers live" kill -0 "${senders[@]}"
expect_fail "vswctl says that the module is not loaded" 2 'modul|vmswitch' vs show
kill "${senders[@]}" 2>/dev/null || :
wait "${senders[@]}" 2>/dev/null || :
expect_ok "it is loaded again" load
expect_eq "... and knows nothing of before" "$(vs -j show)" '[]'
for round in 1 2 3; do
	vs batch - <<<$'add-switch vs0\nadd-port vs0 ann dev ann\nadd-nic vs0 host0'
	expect_ok "round $round: unloaded with a switch" rmmod vmswitch
	expect_ok "round $round: loaded again" load
done
rig tap ann
rig tap bob
switch vs0
vs add-port vs0 ann dev ann
vs add-port vs0 bob dev bob
expect_reach "it switches as before" "ann src=a dst=all" bob
# A dump that nobody finishes holds the module, and only so long.
vs batch - < <(for ((i = 0; i < 200; i++)); do echo "add-port vs0 p$i"; done)
exec {dump_out}< <(exec "$TESTS/genl" -c 4096 -p 1 dump "PORT_GET PORT_SWITCH=s:vs0" PORT_NAME <&"$pause_fd")
dump=$!
while IFS= read -r -t 10 -u "$dump_out" line && [[ $line != pause ]]; do :; done
rmmod vmswitch 2>/dev/null || :
kill "$dump" 2>/dev/null || :
exec {dump_out}<&-
unloaded() {
	[[ ! -d /sys/module/vmswitch ]] || rmmod vmswitch
}
expect_within "a dump that is broken off does not hold the module" 5 unloaded
load
finish
