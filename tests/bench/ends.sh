# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034  # `guest` has the variables
# The cases whose frames come from a process of the guest and go to one.

case_sockets=     # how sockets are used

# case tap: from a tap with virtio headers to another, both with the default qdisc: writing a frame to the one
case_tap() {
	local peer
	case_measure=measure_taps
	case_null=queue
	participants floor null bridge bridge-vlan ovs vmswitch
	frames 4096 100000
	for peer in "${case_peers[@]}"; do
		tap "$peer" 0
		[[ $peer == floor ]] || tap "$peer" 1
		switch "$peer"
		commit
		connect "$peer" access access 1
	done
}

# tap PEER N: its device N is a tap.
tap() {
	dev "$1" "$2"
	ip_lines+=("tuntap add dev $dev mode tap vnet_hdr" "link set dev $dev up")
}

# measure_taps CASE PEER: one round.
measure_taps() {
	local from
	dev "$2" 0
	from=$dev
	dev "$2" 1
	if [[ $2 == floor ]]; then
		program "$1" "$2" taps "$case_frames" "$from"
	else
		program "$1" "$2" taps "$case_frames" "$from" "$dev"
	fi
}

# case vnic-udp: a datagram of 18 bytes from a socket in one namespace to one in another, sent and received
case_vnic_udp() {
	sockets udp
}

# case vnic-rr: the same, and the answer to it
case_vnic_rr() {
	sockets rr
}

# case vnic-tcp: a byte of a transfer by TCP, 64 KiB at once, sent and received; it must lose and reorder nothing
case_vnic_tcp() {
	sockets tcp
}

# sockets udp|rr|tcp: all peers between two namespaces.
sockets() {
	local peer
	case_measure=measure_sockets
	case_sockets=$1
	participants veth macvlan veth+bridge-vlan veth+ovs vmswitch
	frames 2000 20000
	for peer in "${case_peers[@]}"; do
		namespaces "$peer"
	done
}

# namespaces PEER: two of them, each with a device of the peer and the address 10.1.0.1 or 10.1.0.2.
namespaces() {
	local peer=$1 i
	ip_lines+=("netns add ${LETTER[$peer]}${case_number}_a" "netns add ${LETTER[$peer]}${case_number}_b")
	[[ $peer != macvlan ]] || nics macvlan 9 9 txqueuelen 0
	commit
	switch "${peer#veth+}"
	vnic "$peer" 0 a
	vnic "$peer" 1 b
	commit
	[[ $peer != veth+ovs ]] || ovs_any_flows
	for i in 0 1; do
		dev "$peer" "$i"
		ip -n "${LETTER[$peer]}${case_number}_$([[ $i == 0 ]] && echo a || echo b)" -batch - <<-EOT
			link set dev lo up
			address add 10.1.0.$((i + 1))/24 dev $dev
			link set dev $dev up
		EOT
	done
}

# vnic PEER N NAMESPACE: its device N in the namespace.
vnic() {
	local peer=$1 n=$2 netns=${LETTER[$1]}${case_number}_$3 name
	dev "$peer" "$n"
	name=$dev
	case $peer in
	veth)
		[[ $n == 1 ]] ||
			ip_lines+=("link add name $name netns $netns type veth peer name ${name%0}1 netns ${netns%a}b")
		;;
	veth+*)
		ip_lines+=("link add name ${name}h up type veth peer name $name netns $netns")
		port "${peer#veth+}" "${name}h" access 10
		;;
	macvlan)
		ip_lines+=("link add link ${name%?}9 name $name netns $netns type macvlan mode bridge")
		;;
	vmswitch)
		vswctl_lines+=("add-nic vs-s$case_number $name netns $netns vlan access 10")
		;;
	esac
}

# ovs_any_flows: what comes in at one of two ports leaves by the other.
ovs_any_flows() {
	local from type
	for from in 1 2; do
		for type in '0x0800),ipv4(frag=no' '0x0806),arp('; do
			dpctl add-flow "dp-o$case_number" "recirc_id(0),in_port($from),eth(),eth_type($type)" $((3 - from))
		done
	done
}

# measure_sockets CASE PEER: one round.
measure_sockets() {
	local namespaces=${LETTER[$2]}${case_number}
	program "$1" "$2" sockets "$case_sockets" "$case_frames" "${namespaces}_a" "${namespaces}_b" 10.1.0.2
}

# program CASE PEER PROGRAM ARG...: one that prints the figure, or why there is none. TCP takes a pause of the machine for
# a loss and sends again: that round does not count, but may be repeated.
program() {
	local cost tries=1
	[[ $1 != vnic-tcp ]] || tries=3
	while ! cost=$("$BENCH/$3" "${@:4}" 2>&1); do
		tries=$((tries - 1))
		printf 'bench: %s: %s: %s%s\n' "$1" "$2" "$cost" "$( ((tries)) && echo '; once more')"
		if ((tries == 0)); then
			failed=1
			return 0
		fi
	done
	printf 'figure %s %s %s\n' "$1" "$2" "$cost"
}
