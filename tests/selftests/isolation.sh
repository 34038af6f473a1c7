#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# What a frame must lose on its way (decision 11): marks, conntrack and the like of one namespace mean nothing in another.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
command -v nft >/dev/null || skip_all "no nftables"

switch vs0
netns red blue
vs add-nic vs0 red netns red
vs add-nic vs0 blue netns blue
ip -n red -batch - <<<$'address add 10.8.0.1/24 dev red\nlink set red up'
ip -n blue -batch - <<<$'address add 10.8.0.2/24 dev blue\nlink set blue up'
expect_within "two containers reach each other" 5 can_ping red 10.8.0.2
# The mark 5 is dropped in blue: it must not arrive there.
in_ns blue nft 'add table inet t; add chain inet t c { type filter hook prerouting priority -400; }
	add rule inet t c meta mark 5 counter drop'
expect_ok "a mark that one container sets does not reach the other" in_ns red ping -q -c 1 -W "$((2 * PATIENCE))" -m 5 10.8.0.2
expect_match "... really" "$(in_ns blue nft list table inet t)" 'packets 0'
in_ns red nft 'add table inet t; add chain inet t c { type filter hook output priority 0; }
	add rule inet t c meta mark set 5'
expect_ok "... nor one set by netfilter" can_ping red 10.8.0.2
in_ns red nft delete table inet t
in_ns blue nft delete table inet t
if in_ns red nft 'add table inet t; add chain inet t c { type filter hook output priority 0; }
	add rule inet t c ct state new counter accept' 2>/dev/null &&
	in_ns blue nft 'add table inet t; add chain inet t c { type filter hook prerouting priority -150; }
	add rule inet t c ct state new counter' 2>/dev/null; then
	can_ping red 10.8.0.2 || :
	expect_no_match "a connection that one tracks is new to the other" "$(in_ns blue nft list table inet t)" 'packets 0 '
else
	skip "a connection that one tracks is new to the other" "no conntrack here"
fi
rig packet blue netns=/run/netns/blue
guest vic 10.8.0.3/24 vlan access 1
expect_within "a veth guest reaches a container" 5 can_ping vic 10.8.0.2
expect_ok "... with a mark too" in_ns vic ping -q -c 1 -W "$((2 * PATIENCE))" -m 5 10.8.0.2
# What a container asks for with SO_PRIORITY, or here by its netfilter, names a class of a qdisc: that of a host's device.
if tc qdisc add dev vic root handle 1: prio 2>/dev/null; then
	in_ns red nft 'add table inet p; add chain inet p c { type filter hook output priority 0; }
		add rule inet p c meta priority set 1:3'
	class_3() {
		tc -s class show dev vic classid 1:3 | sed -n 's/.*Sent [0-9]* bytes \([0-9]*\) pkt.*/\1/p'
	}
	before=$(class_3)
	expect_ok "a class that a container asks for stops nothing" can_ping red 10.8.0.3
	expect_eq "... and is not that of a qdisc of the host's" "$(class_3)" "$before"
	in_ns red nft delete table inet p
	tc qdisc del dev vic root
else
	skip "a class that a container asks for stops nothing" "no sch_prio here"
	skip "... and is not that of a qdisc of the host's" "no sch_prio here"
fi
finish
