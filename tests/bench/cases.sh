# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034  # `guest` has the variables
# The cases. `case_NAME` says who takes part and builds it; `measure_case` does the rest.

# Of the case at hand:
case_peers=()     # who takes part
case_frames=0     # frames in a round
case_gen=         # how they are made, in the language of labnic; what a guest sends has no RX hash
case_copies=1     # times that each is to arrive
case_tagged=0     # whether it is to arrive with a tag
case_measure=     # what measures a round
case_null=null    # how null transmits: null or queue
case_sinks=(1)    # numbers of the devices that it may arrive at

# case unicast: one flow from one guest's port to another, both access; the sink has no queueing discipline
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

# case unicast-pop: the same from a NIC at a trunk to an access port: a tag is popped
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

# case gso: GSO frames of 64 KiB from an access port to another; they must arrive as such
case_gso() {
	case_gen='hash=0 size=65214 mss=1448'
	participants floor null bridge bridge-vlan ovs vmswitch
	unicast 'txqueuelen 0' access access
}

# case unicast-64kmac: random destinations among 65,536 addresses at 4 ports
case_unicast_64kmac() {
	case_macs 65536
}

# case macs-N: the same among N addresses, a multiple of 4
case_macs() {
	local peer i
	participants floor bridge-vlan vmswitch
	frames 20000 500000
	case_gen="hash=0 dst=02:00:00:01:00:00 ndst=$1 flows=4 seed=1"
	case_sinks=(1 2 3 4)
	for peer in "${case_peers[@]}"; do
		nics "$peer" 0 4 txqueuelen 0
		switch "$peer" fdb-max 131072
		connect "$peer" access access 1 2 3 4
		commit
		addresses "$peer" "$1"
	done
}

# addresses PEER COUNT: from 02:00:00:01:00:00 on, at its devices 1 to 4 by turns; those of vmswitch are static, the bridge
# learns its own, for telling it of as many takes minutes.
addresses() {
	local i from
	dev "$1" 0
	from=$dev
	case $1 in
	bridge-vlan)
		ip link set dev "br-v$case_number" type bridge ageing_time 3600000
		labnic "gen $from dst=02:00:00:00:00:03" "run $from"
		for i in 1 2 3 4; do
			dev "$1" "$i"
			labnic "gen $dev src=02:00:00:01:00:0$((i - 1)) nsrc=$(($2 / 4)) step=4 dst=02:00:00:00:00:01 count=$(($2 / 4))" \
				"run $dev"
		done
		;;
	vmswitch)
		mac_lines vmswitch "$2" add | vswctl batch -
		;;
	esac
}

# case ports-4096: unicast between 2 of 4,096 ports; the bridge has its 1,023
# case ports-N: the same with N ports
case_ports() {
	local peer
	participants floor bridge-vlan vmswitch
	frames 10000 300000
	for peer in "${case_peers[@]}"; do
		nics "$peer" 0 1 txqueuelen 0
		switch "$peer"
		connect "$peer" access access 1
		bystanders "$peer" "$1" 1
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
# case flood-N: the same to N ports, but for 4
case_flood() {
	participants floor bridge-vlan ovs vmswitch
	flood "$1" $(($1 + 1))
}

# flood COPIES PORTS: from device 0 to as many others among these ports.
flood() {
	local peer copies=$1
	frames $((copies > 4 ? 300 : 5000)) $((300000 / copies))
	case_gen='hash=0 dst=ff:ff:ff:ff:ff:ff'
	case_copies=$copies
	mapfile -t case_sinks < <(seq "$copies")
	for peer in "${case_peers[@]}"; do
		nics "$peer" 0 "$([[ $peer == floor ]] && echo 0 || echo "$copies")" txqueuelen 0
		switch "$peer"
		connect "$peer" access access "${case_sinks[@]}"
		bystanders "$peer" "$2" "$copies"
	done
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

# build_case NAME: `ports-4096` is made by case_ports 4096.
build_case() {
	local name=${1//-/_}
	if declare -F "case_$name" >/dev/null; then
		"case_$name"
	else
		"case_${name%_*}" "${name##*_}"
	fi
}

# is_case NAME
is_case() {
	local name=${1//-/_}
	declare -F "case_$name" >/dev/null || { [[ $name =~ _[1-9][0-9]*$ ]] && declare -F "case_${name%_*}" >/dev/null; }
}

# measure_case NAME
measure_case() {
	local name=$1 peer round
	case_rounds=$rounds
	case_copies=1 case_tagged=0 case_gen='hash=0' case_null=null case_sinks=(1) case_measure=measure
	case_number=$((case_number + 1))
	build_case "$name"
	commit
	[[ -z $fault ]] || spoil
	if [[ $case_measure == measure ]]; then
		for peer in "${case_peers[@]}"; do
			warm_up "$peer"
		done
	fi
	for ((round = 0; round < case_rounds; round++)); do
		for peer in "${case_peers[@]}"; do
			"$case_measure" "$name" "$peer"
		done
	done
}

# spoil: have netem lose, double or reorder frames on their way to the sinks: no figure may come of that.
spoil() {
	local peer n
	local -a how=("$fault" 2%) netns=() spoilt=("${case_sinks[@]}")
	[[ $fault != reorder ]] || how=(delay 200us reorder 50%)
	modprobe sch_netem
	[[ $case_measure != measure_sockets ]] || spoilt=(0)
	for peer in "${case_peers[@]}"; do
		[[ $peer != floor ]] || continue
		[[ $case_measure != measure_sockets ]] || netns=(-n "${LETTER[$peer]}${case_number}_a")
		for n in "${spoilt[@]}"; do
			dev "$peer" "$n"
			tc "${netns[@]}" qdisc replace dev "$dev" root netem "${how[@]}"
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

# measure CASE PEER [latency]: one round; its figure is the time that the generating queues took, or how long frames
# were under way.
measure() {
	local name=$1 peer=$2 what=${3:-cost} from sink ns=0 made=0
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
	while read -r -a words; do
		made=$((made + words[2]))
		ns=$((ns + words[4]))
	done <"$LABNIC/result"
	if [[ $peer != floor ]] && ! arrived "$name" "$peer" "$made" "${sinks[@]}"; then
		failed=1
	elif [[ $what == latency ]]; then
		read -r -a words <<<"$(grep "^${sinks[0]} " "$LABNIC/sink")"
		printf 'figure %s %s %s\n' "$name" "$peer" "${words[7]}" "$name-99" "$peer" "${words[8]}"
	else
		made=$((made * case_copies))
		printf 'figure %s %s %d.%02d\n' "$name" "$peer" $((ns / made)) $((ns * 100 / made % 100))
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
		((words[3] == 0 && words[4] == 0 && words[5] == 0 && words[6] == 0)) || ok=
		((words[2] == (case_tagged ? words[1] : 0))) || ok=
	done <"$LABNIC/sink"
	((seen == made * case_copies)) || ok=
	[[ -z $ok ]] || return 0
	printf 'bench: %s: %s: of %d frames the sinks saw %d (device, frames, tagged, lost, late, twice, alien):\n' "$name" \
		"$peer" "$made" "$seen"
	grep -E "^($(IFS='|' && echo "$*")) " "$LABNIC/sink" || true
	return 1
}
