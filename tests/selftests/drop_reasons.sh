#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Every drop has a reason and is counted at the port that it is about, once: why a frame does not arrive is one command.
# Not here: what only a lack of memory (pool_faults), a stopped device (tx_busy), devices stacked too high (nesting) or an
# offload that can not be done (gso) can cause, and the reasons that vNICs and VMQ have of their own.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
taps ann,bob
tap tom vlan trunk 5,10
vs add-port vs0 ghost mac "${MAC[9]}"
# lost NAME "FROM FRAME" PORT REASON: the frame reaches nobody, and only that counter of all ports and reasons moves.
# The drops of all ports, one "PORT REASON COUNT" a line.
all_drops() {
	local text entry port
	local -a words=()
	text=$(vs -j stats vs0)
	while [[ $text == *'"port"'* ]]; do
		text=${text#*\"port\"}
		entry=${text%%\"port\"*}
		port=$(values "\"port\"$entry" port)
		read -r -a words <<<"$(drops_in "$entry")"
		((${#words[@]} < 2)) || printf "$port %s %s\n" "${words[@]}"
	done
}
before=$(all_drops)
lost() {
	local name=$1 after line moved=
	reach "${2%% *}" "${2#* }" - || :
	after=$(all_drops)
	while IFS= read -r line; do
		[[ $'\n'$before$'\n' == *$'\n'$line$'\n'* ]] || moved+=${moved:+, }${line% *}
	done <<<"$after"
	before=$after
	if [[ $rig_answer != - ]]; then
		fail "$name" "it reached: $rig_answer"
		return 0
	fi
	expect_eq "$name" "$moved" "$3 $4"
}
lost "a tag on an access port: vlan-tagged" "ann src=a dst=all vlan=7" ann vlan-tagged
lost "no tag on a trunk: vlan-untagged" "tom src=1 dst=all" tom vlan-untagged
lost "a VLAN that is not the port's: vlan-filtered" "tom src=1 dst=all vlan=7" tom vlan-filtered
lost "VID 4095: vlan-reserved" "tom src=1 dst=all vlan=4095" tom vlan-reserved
lost "a group as source: mac-invalid" "ann src=33:33:00:00:00:01 dst=all" ann mac-invalid
lost "to the bridge's own address: reserved-address" "ann src=a dst=01:80:c2:00:00:00" ann reserved-address
vs set-mac vs0 ann "${MAC[a]}"
lost "a source that is not the port's: mac-guard" "ann src=66 dst=all" ann mac-guard
lost "to itself: same-port" "ann src=a dst=a" ann same-port
lost "nobody takes it: no-destination" "tom src=1 dst=all vlan=10" tom no-destination
lost "to a port without a NIC: link-down" "ann src=a dst=9" ghost link-down
vs set-mac vs0 bob "${MAC[b]}"
lost "bigger than the MTU: too-big" "ann src=a dst=b len=1600" bob too-big
vs set-port vs0 ann admin down
lost "from a port that is down: port-down" "ann src=a dst=b" ann port-down
vs set-port vs0 ann admin up
ip link set vs0 down
lost "the switch is down: switch-down" "ann src=a dst=b" ann switch-down
ip link set vs0 up
# A tap takes as many frames as its queue is long; its reader sleeps here.
ip link set bob txqueuelen 10
send ann src=a dst=b count=40
expect_eq "a tap that is not read: tx-refused" "$(drop_of vs0 bob tx-refused)" 30
expect_eq "... and what is refused is not delivered" "$(stat_of vs0 bob tx-packets)" 10
rig count bob
expect_eq "... and what is delivered comes" "$rig_answer" 10
# What the host sends on the switch's own device goes nowhere, and is counted there.
rig packet own dev=vs0
sent_before=$(cat /sys/class/net/vs0/statistics/tx_dropped)
expect_reach "what is sent on vs0 itself reaches nobody" "own src=c dst=all count=5" -
expect_eq "... and is counted there" "$(($(cat /sys/class/net/vs0/statistics/tx_dropped) - sent_before))" 5
rig close own
before=$(all_drops)
vs set-vlan vs0 tom trunk 1,5,10
vs fdb add vs0 mac "${MAC[55]}" vlan 1 port tom
vs set-vlan vs0 tom trunk 5,10
lost "a static entry of a port that has left the VLAN: egress-filtered" "ann src=a dst=55" tom egress-filtered
vs fdb del vs0 mac "${MAC[55]}" vlan 1
expect_reach "frames pass again after all this" "ann src=a dst=b" bob
expect_ok "stats of a port prints reasons for people" eval 'vs stats vs0 ann | grep -q mac-guard'
finish
