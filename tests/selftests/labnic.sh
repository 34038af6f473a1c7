#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The simulated NIC of the tests itself: filters, rules, RSS, rings and interrupts. See tests/labnic/README.md.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

need ethtool
need_labnic
cleanup() {
	ip link del n0 || :
	ip link del n1 || :
	rig_stop
} 2>/dev/null
trap cleanup EXIT

queues=(rx_queue_{0,1,2,3}_packets)

a1=02:00:00:00:00:a1 a2=02:00:00:00:00:a2 a3=02:00:00:00:00:a3
q="${queues[*]}"

nic n0 4
expect_match "the driver is who it is" "$(ethtool -i n0)" "driver: labnic"
expect_eq "rules can be switched on" "$(ethtool -k n0 | grep ntuple)" "ntuple-filters: on"

# The MAC filter.
expect_fed "an unknown address is not accepted" "dst=$a1 count=5" "$q rx_not_mine" "0 0 0 0 5"
bridge fdb add "$a1" dev n0 self
expect_fed "... unless it was added" "dst=$a1 count=5" "rx_by_hash rx_not_mine" "5 0"
expect_fed "its own address is" "dst=$(</sys/class/net/n0/address) count=5" "rx_by_hash rx_not_mine" "5 0"
expect_fed "broadcast is, at queue 0" "dst=ff:ff:ff:ff:ff:ff count=5" "$q rx_by_default" "5 0 0 0 5"
expect_fed "a foreign group is not" "dst=01:00:5e:01:02:03 count=5" "$q rx_not_my_group" "0 0 0 0 5"
ip link set n0 allmulticast on
expect_fed "... unless all groups are" "dst=01:00:5e:01:02:03 count=5" "$q rx_not_my_group" "5 0 0 0 0"
ip link set n0 allmulticast off promisc on
expect_fed "a promiscuous one takes any" "dst=$a2 count=5" "rx_by_hash rx_not_mine" "5 0"

# Rules.
rule dst $a1 action 2 loc 5
expect_fed "a rule steers an address to its queue" "dst=$a1 flows=16 count=64" "$q rx_by_rule" "0 0 64 0 64"
expect_fed "... with a tag, too" "dst=$a1 vid=9 count=20" "$q" "0 0 20 0"
rule dst $a2 vlan 7 vlan-mask 0xf000 action 3 loc 6
expect_fed "a rule for an address and a VID" "dst=$a2 vid=7 count=20" "$q" "0 0 0 20"
expect_fed "... whatever the priority" "dst=$a2 vid=7 pcp=5 count=20" "$q" "0 0 0 20"
expect_fed "... not for another VID" "dst=$a2 vid=8 count=20" "rx_by_rule rx_by_hash" "0 20"
expect_fed "... nor without a tag" "dst=$a2 count=20" "rx_by_rule rx_by_hash" "0 20"
rule vlan 11 vlan-mask 0xf000 action 1 loc 7
expect_fed "a rule for a VID alone" "dst=$a3 vid=11 count=20" "$q" "0 20 0 0"
rule dst $a3 vlan 0x6000 vlan-mask 0x1fff action 2 loc 8
expect_fed "a rule for a priority" "dst=$a3 vid=12 pcp=3 count=20" "$q" "0 0 20 0"
rule dst $a1 action 1 loc 4
expect_fed "the lowest location counts" "dst=$a1 count=20" "$q" "0 20 0 0"
rule dst $a1 action 3 loc 4
expect_fed "a new rule replaces that at its location" "dst=$a1 count=20" "$q" "0 0 0 20"
ethtool -N n0 delete 4
expect_fed "the next one counts when it is deleted" "dst=$a1 count=20" "$q" "0 0 20 0"
rule dst $a1 action -1 loc 3
expect_fed "a rule can discard" "dst=$a1 count=20" "$q rx_discarded" "0 0 0 0 20"
ethtool -N n0 delete 3
expect_eq "they are listed in order" "$(ethtool -n n0 | sed -n 's/^Filter: //p' | paste -sd' ')" "5 6 7 8"
expect_fail "what is not there can not be deleted" 0 "no such file" ethtool -N n0 delete 4
expect_fail "a location beyond the table is refused" 0 "invalid" rule dst $a1 action 1 loc 64
expect_fail "... a queue that it has not" 0 "invalid" rule dst $a1 action 4 loc 1
expect_fail "... a partial address" 0 "not supported" rule dst $a1 m 00:00:00:00:00:ff action 1 loc 1
expect_fail "... a source address" 0 "not supported" rule src $a1 action 1 loc 1
expect_fail "... an IP flow" 0 "not supported" rules flow-type udp4 dst-port 5 action 1 loc 1
ethtool -K n0 ntuple off
expect_eq "without the feature there are no rules" "$(ethtool -n n0 | grep -c ^Filter:)" 0
expect_fail "... nor new ones" 0 "not supported" rule dst $a1 action 1 loc 1
ethtool -K n0 ntuple on

# RSS.
mark n0 "${queues[@]}"
feed n0 "dst=$a1 flows=256 count=1024"
read -r -a spread <<<"$(counted n0 "${queues[@]}")"
low=1024
for n in "${spread[@]}"; do
	((n > low)) || low=$n
done
if ((low >= 100)); then
	pass "RSS spreads flows over all queues"
else
	fail "RSS spreads flows over all queues" "frames of each: ${spread[*]}"
fi
mark n0 "${queues[@]}"
feed n0 "dst=$a1 count=64"
expect_match "a flow keeps to one" " $(counted n0 "${queues[@]}") " "^( 0)* 64( 0)* $"
ethtool -X n0 equal 1
expect_fed "the indirection table says where to" "dst=$a1 flows=64 count=64" "$q" "64 0 0 0"
ethtool -X n0 weight 0 0 0 1
expect_fed "... whatever it says" "dst=$a1 flows=64 count=64" "$q" "0 0 0 64"
expect_fail "the number of queues can not fall below it" 0 "." ethtool -L n0 rx 2
ethtool -X n0 default
ethtool -L n0 rx 2
expect_fed "without it it can" "dst=$a1 flows=64 count=64" "rx_by_hash rx_queue_2_packets rx_queue_3_packets" "64 0 0"
ethtool -L n0 rx 4
rule dst $a1 action 3 loc 0
expect_fail "... nor below a rule" 0 "." ethtool -L n0 rx 2
expect_fed "... which goes on" "dst=$a1 count=9" "$q" "0 0 0 9"

# Tags.
expect_fed "a promiscuous NIC takes any VLAN" "dst=$a1 vid=9 count=5" "$q rx_not_my_vlan" "0 0 0 5 0"
ethtool -K n0 rx-vlan-filter on
knob vlan-strict=1
expect_fed "a strict one only those that it knows" "dst=$a1 vid=9 count=5" "$q rx_not_my_vlan" "0 0 0 0 5"
ip link add link n0 name n0.9 type vlan id 9
expect_fed "... which it is told" "dst=$a1 vid=9 count=5" "$q rx_not_my_vlan" "0 0 0 5 0"
knob vlans-max=1
expect_fail "more than it has room for are refused" 0 "no space" ip link add link n0 name n0.10 type vlan id 10
ip link del n0.9
knob vlan-strict=0
ethtool -K n0 rx-vlan-filter off

# Rings.
ethtool -G n0 rx 64
expect_eq "the ring has a size" "$(ethtool -g n0 | sed -n 's/^RX:[^0-9]*//p' | tail -n 1)" 64
mark n0 rx_queue_3_packets rx_queue_3_drops
feed n0 "dst=$a1 count=20000"
read -r got lost <<<"$(counted n0 rx_queue_3_packets rx_queue_3_drops)"
expect_eq "each frame is received or counted as dropped" $((got + lost)) 20000
ethtool -G n0 rx 1024
expect_fed "with flow control none are dropped" "dst=$a1 count=20000 pause=1" "rx_queue_3_packets rx_queue_3_drops" "20000 0"

# CPUs.
cpus=$(nproc)
if ((cpus > 1)); then
	labnic "cpu n0 3 1"
	expect_fed "a queue is served where it is told" "dst=$a1 count=50 pause=1" "rx_queue_3_cpu_0 rx_queue_3_cpu_1" "0 50"
	labnic "cpu n0 3 0"
	expect_fed "... and elsewhere" "dst=$a1 count=50 pause=1 cpu=1" "rx_queue_3_cpu_0 rx_queue_3_cpu_1" "50 0"
	ethtool -N n0 flow-type ether dst $a2 action 1 loc 1
	mark n0 "${queues[@]}"
	labnic "feed n0 dst=$a1 count=2000 rate=20000 pause=1 cpu=0" "feed n0 dst=$a2 count=1000 rate=10000 pause=1 cpu=1"
	expect_eq "several feed it at once" "$(wc -l </sys/kernel/debug/labnic/feeds)" 2
	labnic "feed-wait n0"
	took=$(awk '{ print ($5 > 95000000 && $5 < 5000000000 * '"$PATIENCE"') }' /sys/kernel/debug/labnic/feeds | paste -sd' ')
	expect_eq "... at the rate that is asked for" "$took" "1 1"
	labnic "feed-stop n0"
	expect_within "... and all arrives" 5 eval "[[ \$(counted n0 ${queues[*]}) == '0 1000 0 2000' ]]"
	ethtool -N n0 delete 1
else
	skip "a queue is served where it is told" "there is one CPU"
fi

# Interrupts, where they can be made.
irq_of() {
	sed -n "s/^n0 $1 [0-9]* \([0-9]*\) .*/\1/p" /sys/kernel/debug/labnic/queues
}
irq_count() {
	awk -v name="n0-rx-$1" '$NF == name { for (i = 2; i < NF - 1; i++) if ($i ~ /^[0-9]+$/) n += $i } END { print n + 0 }' \
		/proc/interrupts
}
irq_names() {
	grep -o 'n0-rx-[0-9]*' /proc/interrupts | paste -sd' ' -
}
irq=$(irq_of 3)
if ((irq && cpus > 1)); then
	expect_eq "each queue has an interrupt" "$(irq_names)" "n0-rx-0 n0-rx-1 n0-rx-2 n0-rx-3"
	earlier=$(irq_count 3)
	feed n0 "dst=$a1 count=10 rate=200"
	raised=$(($(irq_count 3) - earlier))
	if ((raised > 0 && raised <= 10)); then
		pass "a frame raises it"
	else
		fail "a frame raises it" "$raised times for 10 frames"
	fi
	for cpu in 1 0; do
		echo "$cpu" >"/proc/irq/$irq/smp_affinity_list"
		expect_eq "its affinity is CPU $cpu" "$(<"/proc/irq/$irq/effective_affinity_list")" "$cpu"
		expect_fed "... and so is its NAPI's" "dst=$a1 count=50 pause=1" "rx_queue_3_cpu_$cpu" 50
	done
	ip link set n0 down
	expect_eq "a NIC that is down has none" "$(irq_names)" ""
	ip link set n0 up
	expect_eq "... until it is up again" "$(irq_names)" "n0-rx-0 n0-rx-1 n0-rx-2 n0-rx-3"
	labnic "preset irq=0"
	ip link add n1 up numrxqueues 2 numtxqueues 1 type labnic
	labnic "preset"
	expect_no_match "irq: a NIC can do without" "$(</proc/interrupts)" n1-rx
	ip link del n1
else
	skip "each queue has an interrupt" "interrupts can not be made here"
fi

labnic "feed n0 dst=$a1 count=4000000000 rate=1000"
ip link del n0
expect_eq "feeders end with their NIC" "$(</sys/kernel/debug/labnic/feeds)" ""
expect_within "the module can be removed" 5 rmmod labnic
finish
