# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034  # `guest` has the variables
# The cases. `case_NAME` says who takes part and builds it; `measure_case` does the rest.

# Of the case at hand:
case_peers=()     # who takes part
case_frames=0     # frames in a round
case_gen=         # how they are made, in the language of labnic
case_copies=1     # times that each is to arrive
case_tagged=0     # whether it is to arrive with a tag
case_sinks=()     # numbers of the devices that it may arrive at

# case unicast: one flow from one access port to another; the sink has no queueing discipline
case_unicast() {
	unicast 'txqueuelen 0'
}

# unicast SETTING: all peers between device 0 and device 1, which is made with SETTING.
unicast() {
	local peer setting=$1
	participants floor null bridge bridge-vlan ovs vmswitch
	frames 10000 300000
	case_sinks=(1)
	for peer in "${case_peers[@]}"; do
		nics "$peer" 0 0 txqueuelen 0
		# shellcheck disable=SC2086
		nics "$peer" 1 1 $setting
		switch "$peer"
		connect "$peer" access 10 access 10
	done
	commit
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

# connect PEER MODE0 VID0 MODE1 VID1: devices 0 and 1.
connect() {
	local peer=$1 from to
	dev "$peer" 0
	from=$dev
	dev "$peer" 1
	to=$dev
	case $peer in
	floor) labnic_lines+=("free $from") ;;
	null) labnic_lines+=("null $from $to") ;;
	*)
		port "$peer" "$from" "$2" "$3"
		port "$peer" "$to" "$4" "$5"
		;;
	esac
	if [[ $peer == ovs ]]; then
		ovs_flows "$@"
	fi
}

# ovs_flows PEER MODE0 VID0 MODE1 VID1: what ovs-vswitchd would put into the kernel for this flow.
ovs_flows() {
	local match actions=2
	match='recirc_id(0),in_port(1)'
	match+=',eth(src=02:00:00:00:00:01,dst=02:00:00:00:00:02)'
	if [[ $2 == trunk ]]; then
		match+=",eth_type(0x8100),vlan(vid=$3,pcp=0),encap(eth_type(0x0800),ipv4(frag=no))"
		[[ $4 == trunk ]] || actions=pop_vlan,2
	else
		match+=',eth_type(0x0800),ipv4(frag=no)'
		[[ $4 == access ]] || actions="push_vlan(vid=$5,pcp=0),2"
	fi
	commit
	dpctl add-flow dp-o "$match" "$actions"
}

# measure_case NAME
measure_case() {
	local name=$1 peer round
	case_copies=1 case_tagged=0 case_gen=
	"case_${name//-/_}"
	for peer in "${case_peers[@]}"; do
		warm_up "$peer"
	done
	for ((round = 0; round < rounds; round++)); do
		for peer in "${case_peers[@]}"; do
			measure "$name" "$peer"
		done
	done
	demolish
}

# warm_up PEER: have it learn where the sink lives, and see some frames.
warm_up() {
	local from to sink
	dev "$1" 0
	from=$dev
	labnic "gen $from $case_gen count=200"
	if [[ $1 != floor ]]; then
		for sink in "${case_sinks[@]}"; do
			dev "$1" "$sink"
			to=$dev
			labnic "gen $to src=02:00:00:00:00:02 dst=02:00:00:00:00:01 count=1" "sink $from $to" "run $to"
		done
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
		labnic "sink ${sinks[*]}" "run $from"
	fi
	read -r -a words <"$LABNIC/result"
	made=${words[2]} ns=${words[4]}
	if [[ $peer == floor ]] || arrived "$name" "$peer" "$made" "${sinks[@]}"; then
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
