#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# What a sender leaves to do - nothing, a checksum, segmentation - is left for whoever can do it, and done for who can
# not: for TCP and UDP over IPv4 and IPv6, with a tag that is pushed, popped, kept or none, to each kind of destination.
# One check for each cell: the payload, all checksums, the size of each segment, and what is still left to do.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

need ethtool
need_labnic
cleanup() {
	ip link del nicon || :
	ip link del nicoff || :
	rig_stop
} 2>/dev/null
trap cleanup EXIT
# A copy too many would be seen by the next cell's check of its own.
SETTLE=$((SETTLE / 5))
none='tso off gso off tx off sg off tx-udp-segmentation off tx-vlan-offload off'

switch vs0
rig tap plain vnet offload
rig tap tagged vnet offload
vs add-port vs0 plain dev plain vlan access 10
vs add-port vs0 tagged dev tagged vlan trunk 10
# A frame of a tap still belongs to a socket, one of a vNIC to that of its sender.
netns near
vs add-nic vs0 virtual netns near vlan access 10
ip -n near link set virtual up
rig packet virtual netns=/run/netns/near vnet
ip link add cable up type veth peer name cable netns near
ip -n near link set cable up
rig packet cable netns=/run/netns/near vnet
vs add-port vs0 cable dev cable vlan access 10
rig tap tapon vnet offload
rig tap tapoff vnet
netns far
for name in vethon vethoff; do
	ip link add "$name" up type veth peer name "$name" netns far
	ip -n far link set "$name" up
	rig packet "$name" netns=/run/netns/far vnet
done
vs add-nic vs0 vnic netns far
ip -n far link set vnic up
rig packet vnic netns=/run/netns/far vnet
for name in nicon nicoff; do
	ip link add "$name" up txqueuelen 0 type labnic
	ip link add "far$name" type labnic
	labnic "wire $name far$name"
	ip link set "far$name" netns far
	ip -n far link set "far$name" up promisc on
	in_ns far ethtool -K "far$name" gro off
	rig packet "$name" dev="far$name" netns=/run/netns/far vnet
done
# shellcheck disable=SC2086
ethtool -K vethoff $none >/dev/null
# shellcheck disable=SC2086
ethtool -K nicoff $none >/dev/null
number=0
destinations=(tapon tapoff vethon vethoff vnic nicon nicoff)
for name in "${destinations[@]}"; do
	number=$((number + 1))
	[[ $name == vnic ]] || vs add-port vs0 "$name" dev "$name"
	vs set-vlan vs0 "$name" access 10
	vs fdb add vs0 mac "${MAC[$number]}" port "$name" vlan 10
done
declare -A source=([plain]=src=a [tagged]=src=c [cable]=src=d)
source[virtual]=src=$(in_ns near cat /sys/class/net/virtual/address)
send plain "${source[plain]}" dst=b
send tagged "${source[tagged]}" dst=b vlan=10
send virtual "${source[virtual]}" dst=b
send cable "${source[cable]}" dst=b

# What is left to do of what was asked for, where the destination can do it itself and where it can not.
declare -A left=([full]='' [open]=+csum [gso]=+gso+csum) done=([full]='' [open]='' [gso]='*5')
declare -A bytes=([full]=999 [open]=999 [gso]=4500)
declare -A asked=([full]='' [open]=gso=1000 [gso]=gso=1000)
declare -A cells=([full]=0 [open]=0 [gso]=0)
uso=yes
rig send plain src=a dst=b udp=2000 gso=1000 >/dev/null || uso=

# cell DESTINATION NUMBER FROM TO FORM PROTOCOL VERSION: one of them.
cell() {
	local dst=$1 from=$3 to=$4 form=$5 proto=$6 version=$7 wanted=$1 name frame
	name="$form ${proto^^} over IPv$version, $from to $to, for $dst"
	if [[ $form == gso && $proto == udp && -z $uso ]]; then
		skip "$name" "taps of this kernel take no UDP segmentation"
		return
	fi
	cells[$form]=$((cells[$form] + 1))
	frame="${source[$from]} dst=$2 $proto=${bytes[$form]} ${asked[$form]}"
	[[ $version == 4 ]] || frame+=' ip6'
	[[ $from != tagged ]] || frame+=' vlan=10'
	[[ $to == plain ]] || wanted+=:10
	case $dst in
	*off | nicon) wanted+=${done[$form]} ;;
	*) wanted+=${left[$form]} ;;
	esac
	expect_reach "$name" "$from $frame" "$wanted(${bytes[$form]})"
}

number=0
for dst in "${destinations[@]}"; do
	number=$((number + 1))
	[[ $dst != nic* ]] || mark "$dst" tx_gso tx_csum tx_tag tx_bad
	cells=([full]=0 [open]=0 [gso]=0)
	for to in plain tagged; do
		[[ $to == plain ]] || vs set-vlan vs0 "$dst" trunk 10
		for from in plain tagged virtual cable; do
			for form in full open gso; do
				for proto in tcp udp; do
					cell "$dst" "$number" "$from" "$to" "$form" "$proto" 4
					cell "$dst" "$number" "$from" "$to" "$form" "$proto" 6
				done
			done
		done
	done
	all=$((cells[full] + cells[open] + cells[gso]))
	case $dst in
	nicon)
		expect_eq "a NIC that can do it cuts, sums and tags itself" "$(counted nicon tx_gso tx_csum tx_tag tx_bad)" \
			"${cells[gso]} ${cells[open]} $((all / 2)) 0"
		;;
	nicoff) expect_eq "a NIC that can not is not asked to" "$(counted nicoff tx_gso tx_csum tx_tag tx_bad)" "0 0 0 0" ;;
	esac
	expect_eq "nothing for $dst was dropped" "$(drops_of vs0 "$dst")" none
done
finish
