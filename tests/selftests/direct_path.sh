#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The short way to a device must bypass nothing that stands before it (decisions 4, 5): its queueing discipline, tc and
# netfilter on egress, packet taps, its carrier.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
taps ann,bob
send bob src=b dst=all
qdisc_sent() {
	tc -s qdisc show dev bob | sed -n '/ root /{n;s/^ *Sent [0-9]* bytes \([0-9]*\) pkt.*/\1/p;}' | head -n 1
}
expect_reach "an untouched tap gets its frames" "ann src=a dst=b" bob
if tc qdisc replace dev bob root handle 7: pfifo limit 100 2>/dev/null; then
	expect_reach "a tap with a queueing discipline gets its frames" "ann src=a dst=b count=5" "bob*5"
	expect_eq "... through it" "$(qdisc_sent)" 5
	vs set-port vs0 bob qdisc bypass
	expect_reach "qdisc bypass: frames come" "ann src=a dst=b count=5" "bob*5"
	expect_eq "... and not through it" "$(qdisc_sent)" 5
	vs set-port vs0 bob qdisc honour
	expect_reach "qdisc honour: frames come" "ann src=a dst=b count=5" "bob*5"
	expect_eq "... through it" "$(qdisc_sent)" 10
	vs set-port vs0 bob qdisc auto
	tc qdisc replace dev bob root handle 8: pfifo limit 100
	expect_reach "a discipline that is put on later holds at once" "ann src=a dst=b count=3" "bob*3"
	expect_eq "... really" "$(qdisc_sent)" 3
	tc qdisc del dev bob root
else
	skip "a tap with a queueing discipline gets its frames" "no tc pfifo"
fi
if tc qdisc add dev bob clsact 2>/dev/null && tc filter add dev bob egress matchall action drop 2>/dev/null; then
	expect_reach "a tc egress filter sees unicast" "ann src=a dst=b" -
	expect_reach "... and floods" "ann src=a dst=all" -
	tc filter del dev bob egress
	expect_reach "... and no more when it is gone" "ann src=a dst=b" bob
	tc filter add dev bob ingress matchall action drop
	expect_reach "a tc ingress filter stops what the guest sends" "bob src=b dst=a" -
	tc qdisc del dev bob clsact
	expect_reach "... and no more when it is gone" "bob src=b dst=a" ann
else
	skip "a tc egress filter sees unicast" "no tc clsact with matchall"
fi
if command -v nft >/dev/null && nft 'add table netdev t; add chain netdev t c { type filter hook egress device "bob" priority 0; }
	add rule netdev t c counter drop' 2>/dev/null; then
	expect_reach "a netfilter egress hook sees frames" "ann src=a dst=b" -
	nft delete table netdev t
	expect_reach "... and no more when it is gone" "ann src=a dst=b" bob
else
	skip "a netfilter egress hook sees frames" "no nftables with an egress hook"
fi
rig packet side dev=bob all
expect_reach "a packet tap on the device sees frames" "ann src=a dst=b" "bob side"
rig close side
ip link set bob down
expect_reach "a device that is down gets none" "ann src=a dst=b" -
ip link set bob up
wait_for 3 has_link vs0 bob
send bob src=b dst=all
expect_reach "... until it is up" "ann src=a dst=b" bob
# veth, which has no queue of its own.
guest vic
rig packet vic dev=eth0 netns=/run/netns/vic
vs add-port vs0 vic dev vic
expect_reach "a veth guest gets its frames" "ann src=a dst=all" "bob vic"
expect_reach "... tagged ones too" "$(vs set-vlan vs0 vic trunk 1 && echo ann src=a dst=all)" "bob vic:1"
expect_reach "... and sends" "vic src=99 dst=a vlan=1" ann
if tc qdisc replace dev vic root handle 7: pfifo limit 100 2>/dev/null; then
	expect_reach "a veth with a queueing discipline gets its frames" "ann src=a dst=99" "vic:1"
	expect_match "... through it" "$(tc -s qdisc show dev vic)" 'Sent [0-9]+ bytes [1-9]'
fi
finish
