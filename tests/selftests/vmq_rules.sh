#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# VMQ: rules of others are neither touched nor contradicted, and where they lead is not for ports.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/selftests/vmq_lib.sh
. "$TESTS/vmq_lib.sh"

# A rule of somebody else for the address of a port.
anew 4
ethtool -N n0 flow-type ether dst "${MAC[a]}" action 3 loc 1 >/dev/null
vmq_tap ann a
expect_eq "an address that an admin has a rule for gets no other" "$(vmq_of ann queue reason)" "- rule-exists"
expect_eq "... and his stays" "$(rules_of_nic)" "${MAC[a]} 3"
expect_delivered "... and frames come" ann a 20
ethtool -N n0 delete 1 >/dev/null
expect_within "without his rule the port gets a queue" 5 in_state ann "1 granted"
ethtool -N n0 flow-type ether dst "${MAC[a]}" action 3 loc 1 >/dev/null
expect_within "with it, it has none any more" 5 in_state ann "- rule-exists"
expect_eq "... nor a rule" "$(rules_of_nic)" "${MAC[a]} 3"
ethtool -N n0 flow-type ether dst "${MAC[a]}" vlan 30 m 0xf000 action 3 loc 1 >/dev/null
expect_within "a rule of his for one VLAN does not hinder the others" 5 in_state ann "1 granted"

# An address of two ports.
anew 6
tap ann mac "${MAC[a]}" vlan access 10 vmq on
tap bob mac "${MAC[a]}" vlan access 20 vmq on
location=$(vmq_of ann location)
ethtool -N n0 flow-type ether dst "${MAC[a]}" vlan 30 m 0xf000 action 1 loc "$location" >/dev/null
expect_within "a rule for another VLAN in the place of ours is none of ours" 5 vmq_is ann moved reason
expect_eq "... and ours is set elsewhere" "$(vmq_of ann queue) $(vmq_of bob queue)" "3 2"
expect_delivered "... and works" ann a 20 vid=10
expect_eq "... by its queue" "$(nic_stat n0 rx_queue_3_packets)" 20
ethtool -N n0 flow-type ether dst "${MAC[a]}" vlan 20 m 0xf000 action 4 loc 0 >/dev/null
expect_within "one for a port's VLAN counts as one for its address" 5 in_state bob "- rule-exists"
vs del-port vs0 ann
expect_match "his are left alone" "$(ethtool -n n0 rule "$location")" "VLAN: 0x1e"

# Rules into RSS contexts.
anew 4
vmq_tap ann a
knob context=1
ethtool -N n0 flow-type ether dst "${MAC[c]}" action 0 loc 1 >/dev/null
knob context=0
expect_within "a rule that may lead to any queue leaves none to ports" 5 in_state ann "- rule-queues"
expect_delivered "... whose frames come" ann a 20
ethtool -N n0 delete 1 >/dev/null
expect_within "... as long as it is there" 5 in_state ann "1 granted"

# Many rules.
anew 4 rules-max=1000
vmq_tap ann a
for i in {0..69}; do
	printf -v address '02:00:00:00:0f:%02x' "$i"
	ethtool -N n0 flow-type ether dst "$address" action $((i ? 3 : 2)) loc "$i" >/dev/null
done
expect_within "of many rules each counts" 5 pool_is "4 queues, 1 for ports, 0 free"
ethtool -N n0 delete 0 >/dev/null
expect_within "they are read when there are others" 5 pool_is "4 queues, 2 for ports, 1 free"
ethtool -N n0 flow-type ether dst "${MAC[c]}" action 2 loc 5 >/dev/null
pause 2500
expect_match "... but not each time" "$(vs vmq show vs0)" "4 queues, 2 for ports, 1 free"
ip link set n0 down
ip link set n0 up
expect_within "... until something has happened" 5 pool_is "4 queues, 1 for ports, 0 free"
finish
