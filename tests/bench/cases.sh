# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034  # `guest` has the variables
# The cases. `case_NAME` says who takes part and builds it; `measure_case` does the rest.

# Of the case at hand:
case_peers=()     # who takes part
case_frames=0     # frames in a round
case_gen=         # how they are made, in the language of labnic
case_copies=1     # times that each is to arrive
case_tagged=0     # whether it is to arrive with a tag
case_sockets=     # how sockets are used, if they are
case_null=null    # how null transmits: null or queue
case_sinks=(1)    # numbers of the devices that it may arrive at

# case unicast: one flow from one access port to another; the sink has no queueing discipline
case_unicast() {
	participants floor null bridge bridge-vlan ovs vmswitch
	unicast 'txqueuelen 0' access access
}

# case unicast-qdisc: the same, the sink with Debian's default qdisc; null is by dev_queue_xmit()
case_unicast_qdisc() {
	case_null=queue
	participants floor null bridge bridge-vlan ovs vmswitch
	unicast '' access access
}

# case unicast-trunk: the same from an access port to a trunk: a tag is pushed
case_unicast_trunk() {
	case_tagged=1
	participants floor bridge-vlan ovs vmswitch
	unicast 'txqueuelen 0' access trunk
}

# case unicast-pop: the same from a trunk to an access port: a tag is popped
case_unicast_pop() {
	case_gen='vid=10'
	participants floor bridge-vlan ovs vmswitch
	unicast 'txqueuelen 0' trunk access
}

# unicast SETTING MODE0 MODE1: all peers between device 0 and device 1, which is made with SETTING.
unicast() {
	local peer
	frames 10000 300000
	for peer in "${case_peers[@]}"; do
		nics "$peer" 0 0 txqueuelen 0
		# shellcheck disable=SC2086
		nics "$peer" 1 1 $1
		switch "$peer"
		connect "$peer" "$2" "$3" 1
	done
}

# case unicast-64kmac: random destinations among 65,536 static addresses at 4 ports
case_unicast_64kmac() {
	local peer i
	participants floor bridge-vlan vmswitch
	frames 20000 500000
	case_gen='dst=02:00:00:01:00:00 ndst=65536 flows=4 seed=1'
	case_sinks=(1 2 3 4)
	for peer in "${case_peers[@]}"; do
		nics "$peer" 0 4 txqueuelen 0
		switch "$peer" fdb-max 131072
		connect "$peer" access access 1 2 3 4
		commit
		addresses "$peer" 65536 4
	done
}

# addresses PEER COUNT PORTS: static ones from 02:00:00:01:00:00 on, at its devices 1 to PORTS by turns.
addresses() {
	local i
	dev "$1" ''
	case $1 in
	bridge-vlan)
		for ((i = 0; i < $2; i += 16384)); do
			number_addresses "$i" $((i + 16384)) "$3" "fdb add %s dev $dev%d master static vlan 10" |
				bridge -batch -
		done
		;;
	vmswitch)
		number_addresses 0 "$2" "$3" "fdb add vs-s$case_number mac %s port $dev%d vlan 10" | vswctl batch -
		;;
	esac
}

# number_addresses FROM TO PORTS FORMAT: a line each.
number_addresses() {
	awk -v from="$1" -v to="$2" -v ports="$3" -v format="$4\n" 'BEGIN {
		for (i = from; i < to; i++)
			printf format, sprintf("02:00:%02x:%02x:%02x:%02x", 0, 1 + i / 65536, i / 256 % 256, i % 256),
				i % ports + 1
	}'
}

# case ports-4096: unicast between 2 of 4,096 ports; the bridge has its 1,023
case_ports_4096() {
	local peer
	participants floor bridge-vlan vmswitch
	frames 10000 300000
	for peer in "${case_peers[@]}"; do
		nics "$peer" 0 1 txqueuelen 0
		switch "$peer"
		connect "$peer" access access 1
		bystanders "$peer" 4096 1
	done
}

# bystanders PEER PORTS LAST: fill the switch up with ports of another VLAN, behind device LAST.
bystanders() {
	local peer=$1 ports=$2 last=$3 i
	case $peer in
	floor) return ;;
	bridge*) ports=$((ports < 1023 ? ports : 1023)) ;;
	esac
	nics "$peer" $((last + 1)) $((ports - 1)) txqueuelen 0
	for ((i = last + 1; i < ports; i++)); do
		dev "$peer" "$i"
		port "$peer" "$dev" access 20
	done
}

# case flood-4: a broadcast to 4 members of the VLAN among 4,096 ports (the bridge: 1,023), per copy
case_flood_4() {
	participants floor bridge-vlan vmswitch
	flood 4 4096
}

# case flood-4-few: the same with no other ports
case_flood_4_few() {
	participants floor bridge-vlan ovs vmswitch
	flood 4 5
}

# case flood-256: a broadcast to 256 ports, per copy
case_flood_256() {
	participants floor bridge-vlan ovs vmswitch
	flood 256 257
}

# flood COPIES PORTS: from device 0 to as many others among these ports.
flood() {
	local peer copies=$1
	frames $((copies > 4 ? 300 : 5000)) $((300000 / copies))
	case_gen='dst=ff:ff:ff:ff:ff:ff'
	case_copies=$copies
	mapfile -t case_sinks < <(seq "$copies")
	for peer in "${case_peers[@]}"; do
		nics "$peer" 0 "$([[ $peer == floor ]] && echo 0 || echo "$copies")" txqueuelen 0
		switch "$peer"
		connect "$peer" access access "${case_sinks[@]}"
		bystanders "$peer" "$2" "$copies"
	done
}

# case vnic-udp: a datagram of 18 bytes from a socket in one namespace to one in another, sent and received
case_vnic_udp() {
	sockets udp
}

# case vnic-rr: the same, and the answer to it
case_vnic_rr() {
	sockets rr
}

# sockets udp|rr: all peers between two namespaces.
sockets() {
	local peer
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
	local cost namespaces=${LETTER[$2]}${case_number}
	if cost=$("$BENCH/sockets" "$case_sockets" "$case_frames" "${namespaces}_a" "${namespaces}_b" 10.1.0.2 2>&1); then
		printf 'figure %s %s %s\n' "$1" "$2" "$cost"
	else
		printf 'bench: %s: %s: %s\n' "$1" "$2" "$cost"
		failed=1
	fi
}

# participants PEER...: those of them that are wanted; floor and vmswitch always are.
participants() {
	local peer want
	case_peers=()
	for peer; do
		for want in "${wanted[@]}" floor vmswitch; do
			if [[ $want == all || $want == "$peer" ]]; then
				case_peers+=("$peer")
				break
			fi
		done
	done
}

# frames ICOUNT NATIVE: how many in a round, where instructions are counted and elsewhere.
frames() {
	case_frames=$2
	if [[ $venue == icount ]]; then
		case_frames=$1
	fi
	if ((count)); then
		case_frames=$count
	fi
}

# connect PEER MODE0 MODE TO...: device 0 in this mode with the devices TO, in VLAN 10.
connect() {
	local peer=$1 from to
	dev "$peer" 0
	from=$dev
	dev "$peer" "$4"
	case $peer in
	floor) labnic_lines+=("free $from") ;;
	null) labnic_lines+=("$case_null $from $dev") ;;
	*)
		port "$peer" "$from" "$2" 10
		for to in "${@:4}"; do
			dev "$peer" "$to"
			port "$peer" "$dev" "$3" 10
		done
		;;
	esac
	if [[ $peer == ovs ]]; then
		ovs_flows "$2" "$3" $(($# - 3))
	fi
}

# ovs_flows MODE0 MODE COPIES: what ovs-vswitchd would put into the kernel for this flow.
ovs_flows() {
	local actions='' match i destination=02:00:00:00:00:02
	[[ $case_gen != *ff:ff* ]] || destination=ff:ff:ff:ff:ff:ff
	match="recirc_id(0),in_port(1),eth(src=02:00:00:00:00:01,dst=$destination)"
	if [[ $1 == trunk ]]; then
		match+=',eth_type(0x8100),vlan(vid=10,pcp=0),encap(eth_type(0x0800),ipv4(frag=no))'
		[[ $2 == trunk ]] || actions=pop_vlan,
	else
		match+=',eth_type(0x0800),ipv4(frag=no)'
		[[ $2 == access ]] || actions='push_vlan(vid=10,pcp=0),'
	fi
	for ((i = 0; i < $3; i++)); do
		actions+=$((i + 2)),
	done
	commit
	dpctl add-flow "dp-o$case_number" "$match" "${actions%,}"
}

# measure_case NAME
measure_case() {
	local name=$1 peer round
	case_copies=1 case_tagged=0 case_gen='' case_null=null case_sinks=(1) case_sockets=''
	case_number=$((case_number + 1))
	"case_${name//-/_}"
	commit
	for peer in "${case_peers[@]}"; do
		[[ -n $case_sockets ]] || warm_up "$peer"
	done
	for ((round = 0; round < rounds; round++)); do
		for peer in "${case_peers[@]}"; do
			"measure${case_sockets:+_sockets}" "$name" "$peer"
		done
	done
}

# warm_up PEER: have it learn where the sink lives, and see some frames.
warm_up() {
	local from to source='vid=0'
	[[ $case_tagged == 0 ]] || source='vid=10'
	dev "$1" 0
	from=$dev
	labnic "gen $from $case_gen count=200"
	if [[ $1 != floor ]]; then
		dev "$1" "${case_sinks[0]}"
		to=$dev
		labnic "gen $to $source src=02:00:00:00:00:02 dst=02:00:00:00:00:01 count=1" "run $to"
	fi
	labnic "run $from" "gen $from $case_gen count=$case_frames"
}

# measure CASE PEER: one round.
measure() {
	local name=$1 peer=$2 from sink ns made
	local -a sinks=() words
	dev "$peer" 0
	from=$dev
	for sink in "${case_sinks[@]}"; do
		dev "$peer" "$sink"
		sinks+=("$dev")
	done
	if [[ $peer == floor ]]; then
		labnic "run $from"
	else
		labnic "${sinks[@]/#/sink }" "run $from"
	fi
	read -r -a words <"$LABNIC/result"
	made=${words[2]} ns=${words[4]}
	if [[ $peer == floor ]] || arrived "$name" "$peer" "$made" "${sinks[@]}"; then
		made=$((made * case_copies))
		printf 'figure %s %s %d.%02d\n' "$name" "$peer" $((ns / made)) $((ns * 100 / made % 100))
	else
		failed=1
	fi
}

# arrived CASE PEER MADE SINK...: whether the sinks saw what they should.
arrived() {
	local name=$1 peer=$2 made=$3 ok=yes seen=0 dev
	local -a words
	shift 3
	while read -r -a words; do
		dev=${words[0]}
		[[ " $* " == *" $dev "* ]] || continue
		seen=$((seen + words[1]))
		((words[3] == 0 && words[4] == 0 && words[5] == 0)) || ok=
		((words[2] == (case_tagged ? words[1] : 0))) || ok=
	done <"$LABNIC/sink"
	((seen == made * case_copies)) || ok=
	[[ -z $ok ]] || return 0
	printf 'bench: %s: %s: of %d frames the sinks saw %d (device, frames, tagged, lost, late, twice, alien):\n' "$name" \
		"$peer" "$made" "$seen"
	cat "$LABNIC/sink"
	return 1
}
