#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# VMQ: whatever happens to the NIC under it ends in a state that works and is explained, and no frame is lost to it.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/selftests/vmq_lib.sh
. "$TESTS/vmq_lib.sh"

# Filters that are off.
anew 4
ethtool -K n0 ntuple off
vmq_tap ann a
expect_eq "filters that are off are the reason" "$(vmq_of ann queue reason)" "- ntuple-off"
expect_delivered "... and frames come nevertheless" ann a 20
ethtool -K n0 ntuple on
expect_within "when they are turned on, the port gets its queue" 5 in_state ann "1 granted"
ethtool -K n0 ntuple off
expect_within "when they are turned off, it has none" 5 in_state ann "- ntuple-off"
expect_delivered "... and frames come nevertheless (2)" ann a 20

# RSS.
anew 4
ethtool -X n0 default
vmq_tap ann a
expect_eq "RSS that uses all queues is the reason" "$(vmq_of ann queue reason)" "- rss"
expect_delivered "... and frames come nevertheless (3)" ann a 20
ethtool -X n0 equal 2
expect_within "when it leaves some, the port gets one of them" 5 in_state ann "2 granted"
ethtool -X n0 equal 3
expect_within "when it takes that, the port moves" 5 in_state ann "3 moved"
expect_within "... with its frames" 5 gets_by_queue ann a 3
expect_delivered "... and none is lost" ann a 50

# An admin's own rules.
anew 4
vmq_tap ann a
vmq_tap bob b
ethtool -N n0 flow-type ether dst "${MAC[c]}" action 1 loc 3 >/dev/null
expect_within "a queue that a rule of the admin's leads to is given up" 5 in_state ann "3 moved"
expect_within "... with its frames (2)" 5 gets_by_queue ann a 3
vs del-port vs0 ann
vs del-port vs0 bob
expect_eq "his rule is left alone" "$(rules_of_nic)" "${MAC[c]} 1"

anew 4
vmq_tap ann a
ethtool -N n0 flow-type ether dst "${MAC[c]}" action 0 loc "$(vmq_of ann location)" >/dev/null
expect_within "if he puts a rule in the place of ours, ours goes elsewhere" 5 in_state ann "1 restored"
vs del-port vs0 ann
expect_eq "... and his stays" "$(rules_of_nic)" "${MAC[c]} 0"
vmq_tap cat a
location=$(vmq_of cat location)
ethtool -N n0 flow-type ether dst "${MAC[a]}" vlan 5 m 0xf000 action 1 loc "$location" >/dev/null
vs del-port vs0 cat
expect_eq "... also if it is ours, made narrower" "$(rules_of_nic)" "${MAC[a]} 1"$'\n'"${MAC[c]} 0"
ethtool -N n0 delete "$location" >/dev/null
vmq_tap bob b
ethtool -N n0 flow-type ether dst "${MAC[d]}" action 0 loc "$(vmq_of bob location)" >/dev/null
vs disconnect vs0 up
expect_eq "... also if ours are removed before that is noticed" "$(rules_of_nic)" "${MAC[c]} 0"$'\n'"${MAC[d]} 0"

# Down and up.
anew 4 lose-on-down=1
vmq_tap ann a
expect_within "a filter works" 5 gets_by_queue ann a 1
ip link set n0 down
expect_eq "a NIC that is down keeps the queue" "$(vmq_of ann queue)" 1
vmq_tap bob b
expect_eq "... and gives none" "$(vmq_of bob queue reason)" "- uplink-down"
ip link set n0 up
expect_within "rules that were lost by then are set again" 5 in_state ann "1 restored"
expect_within "... and work" 5 gets_by_queue ann a 1
expect_within "who waited gets a queue" 5 in_state bob "2 granted"
expect_delivered "no frame is lost" ann a 50
labnic "forget n0 all"
expect_within "rules that the driver loses in between are set again" 5 gets_by_queue ann a 1
expect_delivered "no frame is lost (2)" bob b 50

# Channels.
anew 6
ethtool -L n0 rx 3
for i in 1 2 3 4; do
	vmq_tap "c$i" "$i"
done
expect_eq "only the queues that are in use are given" "$(vmq_of c2 queue) $(vmq_of c3 queue)" "2 -"
ethtool -L n0 rx 6
expect_within "more queues are given as they come" 5 vmq_is c4 4 queue
for i in 1 2 3 4; do
	expect_delivered "all frames for port $i come" "c$i" "$i" 20
done
vs set-vmq vs0 c3 off
vs set-vmq vs0 c4 off
ethtool -L n0 rx 3
expect_within "... and are gone as they go" 5 pool_is "3 queues, 2 for ports, 0 free"
expect_delivered "no frame is lost (3)" c4 4 20

# A NIC with a lock of its own (decision 9).
if labnic "preset ops-lock=1" 2>/dev/null; then
	anew 4 lose-on-down=1
	labnic preset
	vmq_tap ann a
	expect_eq "a NIC with a lock of its own gives queues" "$(vmq_of ann queue reason)" "1 granted"
	ip link set n0 down
	ip link set n0 up
	expect_within "... and again" 5 in_state ann "1 restored"
	ethtool -K n0 ntuple off
	expect_within "... or not" 5 in_state ann "- ntuple-off"
else
	skip "a NIC with a lock of its own gives queues" "no such locks in this kernel"
fi

# The uplink goes.
anew 4
vmq_tap ann a
vs disconnect vs0 up
expect_eq "an uplink that is unplugged has no rules of ours" "$(rules_of_nic)" ""
expect_eq "... and the port knows" "$(vmq_of ann queue reason)" "- no-uplink"
vs connect vs0 up dev n0
expect_eq "plugged again, all is as before" "$(vmq_of ann queue reason) $(rules_of_nic)" "1 granted ${MAC[a]} 1"
ip link del n0
expect_eq "the NIC's end is survived" "$(vmq_of ann reason)" no-uplink
nic n0 4
ethtool -X n0 equal 1
expect_within "the next one of its name is used" 5 in_state ann "1 granted"
finish
