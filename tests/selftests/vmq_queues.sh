#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# VMQ: the frames for a port arrive on a receive queue of its own, and who comes too late gets the first that is freed.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/selftests/vmq_lib.sh
. "$TESTS/vmq_lib.sh"

vmq_uplink 9
for i in {1..8}; do
	vmq_tap "p$i" "$i"
done
queues=()
for i in {1..8}; do
	queues+=("$(vmq_of "p$i" queue)")
done
expect_eq "8 ports get 8 queues, in their order" "${queues[*]}" "1 2 3 4 5 6 7 8"
expect_eq "ethtool shows a rule for each" "$(rules_of_nic)" \
	"$(for i in {1..8}; do printf '%s %d\n' "${MAC[$i]}" "$i"; done)"
expect_eq "a port says why it has a queue" "$(vmq_of p1 mode reason)" "hardware granted"
expect_match "the pool is shown" "$(vs vmq show vs0)" "uplink n0, 9 queues, 8 for ports, 0 free"
expect_match "the location is what ethtool says" "$(ethtool -n n0)" "Filter: $(vmq_of p1 location)"$'\n'

# Half of the frames of each come by one CPU, the others by the next one.
cpus=$(($(nproc) > 1 ? 2 : 1))
for half in 0 1; do
	for i in {1..8}; do
		labnic "cpu n0 $i $(((i + half) % cpus))"
	done
	feed n0 "src=02:00:00:00:ff:01 dst=${MAC[1]} ndst=8 flows=64 count=800 rate=20000"
done
by_nic=() by_switch=() got=() cpu_nic=() cpu_switch=()
for i in {1..8}; do
	cpu_nic+=("$(handed_up_by "$i")")
	cpu_switch+=("$(served_by "p$i")")
	by_nic+=("$(nic_stat n0 "rx_queue_${i}_packets")")
	by_switch+=("$(served "p$i")")
	got+=("$(delivered "p$i")")
done
all="200 200 200 200 200 200 200 200"
expect_eq "each port's frames arrive on its queue, says the NIC" "${by_nic[*]}" "$all"
expect_eq "... and so says the switch" "${by_switch[*]}" "$all"
expect_eq "... and all are delivered" "${got[*]}" "$all"
((cpus > 1)) && each=0:100,1:100 || each=0:200
expect_eq "... and on the CPU of that, says the NIC" "${cpu_nic[*]}" "$each $each $each $each $each $each $each $each"
expect_eq "... and so says the switch (2)" "${cpu_switch[*]}" "${cpu_nic[*]}"
expect_eq "none came elsewhere" "$(vmq_of p1 elsewhere) $(nic_stat n0 rx_queue_0_packets)" "0 0"
seen_to_come() {
	frames 8 10
	vmq_is p8 "true" verified
}
expect_within "that frames come by the queue is noticed" 5 seen_to_come
before=$(served p8)
frames 8 100
expect_eq "then they are counted as before" "$(($(served p8) - before)) $(served p8) $(served_by p8)" \
	"100 $(delivered p8) $(handed_up_by 8)"

# The ninth.
vmq_tap p9 9
expect_eq "port 9 gets no queue, and says why" "$(vmq_of p9 mode queue reason)" "default - no-queue"
expect_delivered "its frames are delivered nevertheless" p9 9 50
expect_eq "... by the default queue" "$(nic_stat n0 rx_queue_0_packets) $(vmq_of p9 elsewhere)" "50 50"
vs disconnect vs0 p3
expect_eq "a port that is unplugged gives its queue up" "$(vmq_of p3 queue reason)" "- unplugged"
expect_eq "... to the next in line" "$(vmq_of p9 queue reason)" "3 granted"
expect_within "whose frames arrive on it" 5 gets_by_queue p9 9 3
vs connect vs0 p3 dev p3
expect_eq "who comes back is the last in line" "$(vmq_of p3 queue reason)" "- no-queue"
vs del-port vs0 p5
expect_eq "a deleted port's queue goes on, too" "$(vmq_of p3 queue)" 5
vs set-vmq vs0 p6 off
expect_fail "who wants none is not in the list" 2 "wants no queue" vs vmq show vs0 p6
expect_eq "... and has no rule" "$(ethtool -n n0 | grep -ic "Dest MAC addr: ${MAC[6]}")" 0
expect_delivered "... but its frames" p6 6 20
vs set-mac vs0 p7 "${MAC[a7]}"
expect_eq "another address is another rule, for the same queue" "$(rules_of_nic | grep -c "^${MAC[a7]} 7$")" 1
expect_eq "... instead of the old one" "$(rules_of_nic | grep -c "^${MAC[7]} ")" 0
vs set-mac vs0 p7 "${MAC[a7]},${MAC[a8]}"
expect_eq "several addresses are several rules" "$(rules_of_nic | grep -c ' 7$')" 2
vs set-mac vs0 p7 none
expect_eq "without an address of its own a port has no queue" "$(vmq_of p7 queue reason)" "- no-mac"
ip link set p8 down
expect_eq "a guest that is down keeps it" "$(vmq_of p8 queue)" 8
ip link del p8
expect_within "one that is gone does not" 5 vmq_is p8 "- unplugged" queue reason
finish
