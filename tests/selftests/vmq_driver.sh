#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# VMQ: whatever the NIC's driver does not do, or does wrong, ends in a state that works and is explained, and no frame
# is lost to it.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/selftests/vmq_lib.sh
. "$TESTS/vmq_lib.sh"

# A driver that chooses the location.
anew 4 loc-any=1
vmq_tap ann a
expect_eq "a driver may choose the location" "$(vmq_of ann queue reason)" "1 granted"
expect_within "... and the filter works" 5 gets_by_queue ann a 1
vs del-port vs0 ann
expect_eq "... and is removed again" "$(rules_of_nic)" ""

# Few filters.
anew 6 rules-max=2
for i in 1 2 3; do
	vmq_tap "f$i" "$i"
done
expect_eq "two filters are for two ports" "$(vmq_of f1 queue) $(vmq_of f2 queue)" "1 2"
expect_eq "the third is told" "$(vmq_of f3 queue reason)" "- no-filter"
expect_delivered "... and gets its frames" f3 3 20
vs del-port vs0 f1
expect_eq "... and a filter that becomes free" "$(vmq_of f3 mode reason)" "hardware granted"
anew 6 rules-max=2 loc-any=1
for i in 1 2 3; do
	vmq_tap "f$i" "$i"
done
expect_eq "a driver that says so only by refusing" "$(vmq_of f1 queue) $(vmq_of f2 queue) $(vmq_of f3 reason)" "1 2 no-filter"
expect_delivered "... loses no frame" f3 3 20

# A driver that refuses.
anew 4 fail-next=1
vmq_tap ann a
expect_match "what a driver says is told" "$(vmq_of ann reason error)" "refused .*error"
expect_delivered "... and frames come nevertheless (4)" ann a 20
ip link set n0 down
ip link set n0 up
expect_within "it is tried again when something has happened to the NIC" 5 in_state ann "1 granted"
anew 4 matches=2
vmq_tap ann a
expect_match "a driver that can not filter by address" "$(vmq_of ann reason error)" "refused .*not supported"
expect_delivered "... loses no frame (2)" ann a 20

# Filters that do not do what they say.
anew 4 silent=1
vmq_tap ann a
expect_eq "a filter without effect is taken at first" "$(vmq_of ann queue verified)" "1 false"
found() {
	frames a 5
	in_state ann "- not-delivered"
}
sent=$(delivered ann)
expect_within "... and found out" 10 found
expect_eq "... and removed" "$(rules_of_nic)" ""
expect_delivered "... and loses no frame" ann a 20
expect_eq "... nor did it before" "$(delivered ann)" "$(($(nic_stat n0 rx_queue_0_packets) - sent))"
anew 4 no-record=1
vmq_tap ann a
expect_within "so is a driver that does not tell the queue" 10 found
expect_delivered "... which loses no frame" ann a 20
anew 4 uc-overwrites=1
vmq_tap ann a
expect_within "an address in the NIC's list does not undo the filter" 5 gets_by_queue ann a 1

# One address, two ports.
anew 4
tap ann mac "${MAC[a]}" vlan access 10 vmq on
tap bob mac "${MAC[a]}" vlan access 20 vmq on
expect_match "an address of two ports is told apart by VLAN" "$(vs vmq show vs0 ann)" "vlan 10 at"
ten=$(nic_stat n0 rx_queue_1_packets)
expect_delivered "one VLAN's frames come" ann a 20 vid=10
expect_delivered "... and the other's" bob a 20 vid=20 pcp=5
expect_eq "... each on its queue" "$(($(nic_stat n0 rx_queue_1_packets) - ten)) $(nic_stat n0 rx_queue_2_packets)" "20 20"
vs set-vlan vs0 bob access 1
expect_eq "in the uplink's native VLAN they can not be told apart" "$(vmq_of bob queue reason)" "- mac-shared"
expect_delivered "... but delivered" bob a 20
anew 4 vlan-masks=2
tap ann mac "${MAC[a]}" vlan access 10 vmq on
tap bob mac "${MAC[a]}" vlan access 20 vmq on
expect_eq "a driver that only compares whole tags" "$(vmq_of ann queue) $(vmq_of bob queue)" "1 2"
expect_delivered "... delivers what has no priority" ann a 20 vid=10
expect_eq "... by its queue" "$(nic_stat n0 rx_queue_1_packets)" 20
expect_delivered "... and what has one" ann a 20 vid=10 pcp=3
expect_eq "... by the default queue" "$(nic_stat n0 rx_queue_0_packets)" 20
anew 4 vlan-masks=4
tap ann mac "${MAC[a]}" vlan access 10 vmq on
tap bob mac "${MAC[a]}" vlan access 20 vmq on
expect_match "a driver that can not compare VIDs" "$(vmq_of ann reason error)" "refused .*not supported"
expect_delivered "... loses no frame (3)" ann a 20 vid=10
expect_delivered "... of either port" bob a 20 vid=20
finish
