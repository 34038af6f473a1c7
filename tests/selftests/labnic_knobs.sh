#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The knobs of the simulated NIC: each does what tests/labnic/README.md says.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

need ethtool
need_labnic
cleanup() {
	labnic preset || :
	ip link del n0 || :
	ip link del n1 || :
	rig_stop
} 2>/dev/null
trap cleanup EXIT
a1=02:00:00:00:00:a1 a2=02:00:00:00:00:a2 a3=02:00:00:00:00:a3
q="rx_queue_0_packets rx_queue_1_packets rx_queue_2_packets rx_queue_3_packets"
cpus=$(nproc)

nic n0 4
ip link set n0 promisc on
rule dst $a1 action 3 loc 0

# moves: when the queue is moved to CPU 1, how many of a hundred frames still are served by CPU 0.
moves() {
	local counts
	followed() {
		(($(counted n0 "$1") >= $2))
	}
	labnic "cpu n0 3 0" "feed n0 dst=$a1 count=4000000000 rate=2000 cpu=1"
	mark n0 rx_queue_3_cpu_0
	wait_for 5 followed rx_queue_3_cpu_0 20
	labnic "cpu n0 3 1"
	mark n0 rx_queue_3_packets rx_queue_3_cpu_0
	wait_for 5 followed rx_queue_3_packets 200
	counts=$(counted n0 rx_queue_3_packets rx_queue_3_cpu_0)
	labnic "feed-stop n0"
	printf '%d\n' $((${counts#* } * 100 / ${counts% *}))
}
if ((cpus > 1)); then
	n=$(moves)
	if ((n < 50)); then
		pass "a queue that is busy follows when it is moved"
	else
		fail "a queue that is busy follows when it is moved" "$n of 100 frames did not"
	fi
	knob sticky=$((400 * PATIENCE))
	n=$(moves)
	if ((n >= 95)); then
		pass "sticky: or not"
	else
		fail "sticky: or not" "only $n of 100 frames did not"
	fi
	let_go() {
		[[ $(labnic_waiting n0) == 0 ]]
	}
	wait_for 5 let_go || :
	expect_fed "... until no frames have come for a while" "dst=$a1 count=50 pause=1" "rx_queue_3_cpu_1" 50
	knob sticky=0
	labnic "cpu n0 3 0"
else
	skip "a queue that is busy follows when it is moved" "there is one CPU"
fi

# No lock on transmit: each CPU has a sink of its own.
labnic "preset lltx=1"
ip link add n1 up numtxqueues 1 txqueuelen 0 type labnic
labnic "preset" "null n0 n1" "sink n1" "gen n0 count=100 queues=2" "run n0"
read -r -a words <<<"$(grep '^n1 ' /sys/kernel/debug/labnic/sink)"
expect_eq "lltx: what two queues have sent is seen (frames, tagged, lost, late, twice, alien)" "${words[*]:1:6}" "200 0 0 0 0 0"
expect_eq "... and counted" "$(</sys/class/net/n1/statistics/tx_packets)" 200
expect_fail "it is too late for that knob when the NIC is there" 0 "." labnic "set n1 lltx=0"
ip link del n1

# The device's own lock.
if labnic "preset ops-lock=1 rules-max=7" 2>/dev/null; then
	ip link add n1 numrxqueues 2 numtxqueues 1 type labnic
	labnic "preset"
	expect_match "a preset is good for the next NIC" "$(grep '^n1 ' /sys/kernel/debug/labnic/knobs)" "rules-max=7 .*ops-lock=1"
	ip link set n1 up
	ethtool -K n1 ntuple on
	ethtool -N n1 flow-type ether dst $a1 action 1 loc 1
	mark n1 rx_queue_1_packets rx_not_mine
	feed n1 "dst=$a1 count=5"
	expect_eq "ops-lock: it filters" "$(counted n1 rx_queue_1_packets rx_not_mine)" "0 5"
	bridge fdb add "$a1" dev n1 self
	take_a1() {
		feed n1 "dst=$a1 count=1"
		(($(counted n1 rx_queue_1_packets)))
	}
	mark n1 rx_queue_1_packets
	expect_within "... and steers" 5 take_a1
	ethtool -N n1 delete 1
	ethtool -L n1 rx 1
	ethtool -L n1 rx 2
	ip link set n1 promisc on
	ip link set n1 down
	ip link set n1 up
	expect_fail "it is too late for that knob when the NIC is there" 0 "." labnic "set n1 ops-lock=0"
	ip link del n1
else
	labnic "preset"
	skip "ops-lock: it filters" "devices have no lock of their own here"
fi

# Rules.
knob rules-max=2
rule dst $a2 action 1 loc 1
expect_fail "rules-max: there is no room for more" 0 "invalid" rule dst $a3 action 1 loc 2
knob rules-max=64 fail-next=1
expect_fail "fail-next: the next rule is refused" 0 "input/output" rule dst $a3 action 1 loc 2
expect_ok "... the one behind it is not" rule dst $a3 action 1 loc 2
knob fail-read=1 fail-errno=16
expect_match "fail-read, fail-errno: a rule is not told" "$(ethtool -n n0 rule 2 2>&1)" "Device or resource busy"
expect_match "... but then" "$(ethtool -n n0 rule 2 2>&1)" "Filter: 2"
knob fail-list=1
expect_match "fail-list: nor is which there are" "$(ethtool -n n0 2>&1)" "Device or resource busy"
knob fail-delete=1
expect_fail "fail-delete: a rule is not deleted" 0 "busy" rules delete 2
expect_match "... and still there" "$(ethtool -n n0 rule 2 2>&1)" "Filter: 2"
labnic "forget n0 2"
expect_eq "forget: a rule is gone" "$(ethtool -n n0 | sed -n 's/^Filter: //p' | paste -sd' ')" "0 1"
labnic "forget n0 all"
expect_eq "... or all are" "$(ethtool -n n0 | grep -c ^Filter:)" 0
knob silent=1
rule dst $a1 action 3 loc 0
knob silent=0
expect_fed "silent: a rule has no effect" "dst=$a1 count=9" "rx_by_rule rx_by_hash" "0 9"
rule dst $a1 action 3 loc 0
expect_fed "... until it is made anew" "dst=$a1 count=9" "$q" "0 0 0 9"
knob vlan-masks=2
expect_fail "vlan-masks: a mask that it knows not is refused" 0 "not supported" rule dst $a2 vlan 7 vlan-mask 0xf000 action 1 loc 1
expect_ok "... another is not" rule dst $a2 vlan 7 action 1 loc 1
expect_fed "... which takes the priority into account" "dst=$a2 vid=7 pcp=1 count=9" "rx_by_rule" "0"
knob vlan-masks=7 matches=6
expect_fail "matches: an address alone is refused" 0 "not supported" rule dst $a2 action 1 loc 2
knob matches=3
expect_fail "... an address and a VID" 0 "not supported" rule dst $a2 vlan 7 vlan-mask 0xf000 action 1 loc 2
expect_ok "... a VID alone is not" rule vlan 7 vlan-mask 0xf000 action 1 loc 2
knob matches=7
labnic "forget n0 all"
knob loc-any=1
expect_fail "loc-any: a location of one's own is refused" 0 "." rule dst $a1 action 1 loc 7
rule dst $a1 action 1
rule dst $a2 action 2
expect_fed "... without one it finds one" "dst=$a1 ndst=2 flows=2 count=20" "$q" "0 10 10 0"
knob loc-any=0
ip link set n0 promisc off
bridge fdb add "$a1" dev n0 self
expect_fed "an address that is added leaves its rule alone" "dst=$a1 count=9" "$q" "0 9 0 0"
bridge fdb del "$a1" dev n0 self
knob uc-overwrites=1
bridge fdb add "$a1" dev n0 self
expect_fed "uc-overwrites: it has the rule lead to queue 0" "dst=$a1 count=9" "$q" "9 0 0 0"
expect_match "... but ethtool does not see that" "$(ethtool -n n0 rule 0)" "queue 1"
rule dst $a1 action 1 loc 0
expect_fed "... until it is made anew" "dst=$a1 count=9" "$q" "0 9 0 0"
knob uc-overwrites=0 uc-max=0
bridge fdb add "$a3" dev n0 self
expect_fed "uc-max: with too many addresses it takes any" "dst=02:00:00:00:00:b1 count=9" "rx_not_mine" "0"
knob uc-max=128
bridge fdb del "$a3" dev n0 self
expect_fed "... as long as they are" "dst=02:00:00:00:00:b1 count=9" "rx_not_mine" "9"
ip link set n0 down
ip link set n0 up
expect_fed "rules survive that the NIC is down" "dst=$a1 count=9" "$q" "0 9 0 0"
knob lose-on-down=1
ip link set n0 down
ip link set n0 up
expect_eq "lose-on-down: or not" "$(ethtool -n n0 | grep -c ^Filter:)" 0
expect_fail "a value that makes no sense is refused" 0 "." labnic "set n0 loc-any=2"
expect_fail "... and a knob that it has not" 0 "." labnic "set n0 nosuch=1"
expect_match "they are shown" "$(</sys/kernel/debug/labnic/knobs)" "n0 rules-max=64 .*lose-on-down=1"
finish
