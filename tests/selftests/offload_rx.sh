#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# What a NIC has found out about a frame that it received - its hash, that its checksum is right - and frames that were
# merged (GRO) get to a vNIC, or to a tap with a virtio header, as the NIC's driver handed them up.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

need ethtool
need_labnic
cleanup() {
	ip link del n0 || :
	rig_stop
} 2>/dev/null
trap cleanup EXIT

switch vs0
ip link add n0 up txqueuelen 0 type labnic
ip link add out type labnic
labnic "wire n0 out" "set n0 verify=1"
netns outside
ip link set out netns outside
ip -n outside link set out up promisc on
in_ns outside ethtool -K out gro off
rig packet out netns=/run/netns/outside vnet
vs add-port vs0 up dev n0 uplink vlan trunk 10,20 native 10
rig tap able vnet offload valid
rig tap unable vnet valid
vs add-port vs0 able dev able vlan access 10 mac "${MAC[a]}"
vs add-port vs0 unable dev unable vlan access 20 mac "${MAC[b]}"
netns far
vs add-nic vs0 host0 netns far vlan access 10
ip -n far link set host0 up
in_ns far ethtool -K host0 gro off
rig packet host0 netns=/run/netns/far vnet valid
rig packet hashed dev=host0 netns=/run/netns/far vnet valid hash
host=$(in_ns far cat /sys/class/net/host0/address)
wait_for 3 has_link vs0 host0

# ---- the hash ----
# GRO would verify a checksum by itself.
ethtool -K n0 gro off
expect_reach "a vNIC's frame has the hash that the NIC has computed" "out src=c dst=$host udp=500" \
	"host0+valid(500) hashed+valid(500)"
expect_reach "... also of TCP over IPv6" "out src=c dst=$host tcp=500 ip6" "host0(500) hashed(500)"
expect_reach "... and of a frame with a tag" "out src=c dst=$host udp=500 vlan=10" "host0+valid(500) hashed+valid(500)"
ethtool -K n0 rxhash off
expect_reach "that of a NIC without the feature has none" "out src=c dst=$host udp=500" "host0+valid(500)"
ethtool -K n0 rxhash on

# ---- the checksum ----
for strip in on off; do
	ethtool -K n0 rxvlan "$strip"
	expect_reach "a tap is told that a checksum was verified, rxvlan $strip" "out src=c dst=a tcp=500" "able+valid(500)"
	expect_reach "... of a frame that loses its tag, too" "out src=c dst=b udp=500 vlan=20" "unable+valid(500)"
	expect_reach "... and so is a vNIC" "out src=c dst=$host tcp=500 vlan=10" "host0+valid(500) hashed+valid(500)"
done
ethtool -K n0 rxvlan on
labnic "set n0 verify=0"
expect_reach "a sum over all of the frame is not for a tap" "out src=c dst=b udp=500 vlan=20" "unable(500)"
labnic "set n0 verify=1"
ethtool -K n0 rx off
expect_reach "where nobody has verified it nobody says so" "out src=c dst=a tcp=500" "able(500)"
ethtool -K n0 rx on gro on

# ---- merged frames ----
# What comes in one after the other is merged, not only what comes in one poll.
echo 2 >/sys/class/net/n0/napi_defer_hard_irqs
echo 20000000 >/sys/class/net/n0/gro_flush_timeout
# merged DESTINATION NAME EXPECTED [WORD...]: TCP segments of 1000 bytes, of which some come in one.
merged() {
	local dst=$1 name=$2 expected=$3
	shift 3
	for _ in 1 2 3 4 5; do
		reach out "src=c dst=$dst tcp=1000 count=8 loose $*" "$expected"
		[[ $rig_answer != *+gso* ]] || break
	done
	expect_match "$name" "$rig_answer" "^${expected%(*}(\*[2-7])?\+gso\+csum[^!~]*\(8000\)$"
}
rig close hashed
# Those of IPv4 have one IP identification here, and a tap does not take what would count it up.
merged a "merged segments get to a tap that takes them as one frame" "able(8000)" ip6
merged "$host" "... and to a vNIC" "host0(8000)"
merged "$host" "... without their tag" "host0(8000)" vlan=10
reach out "src=c dst=b tcp=1000 count=8 vlan=20 ip6 loose" "unable(8000)"
expect_match "a tap that does not gets them one by one" "$rig_answer" '^unable\*8(\+valid)?\(8000\)$'
ethtool -K n0 gro off
expect_reach "without GRO at the NIC nothing is merged" "out src=c dst=a tcp=1000 count=8" "able*8+valid(8000)"
expect_eq "nothing was dropped" "$(drops_of vs0 able) $(drops_of vs0 unable) $(drops_of vs0 host0)" "none none none"
finish
