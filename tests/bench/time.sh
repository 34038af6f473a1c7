# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034  # `guest` has the variables
# The cases that measure something else than what a frame costs a CPU.

# case smp2: two flows by two queues of one NIC, each on a CPU of its own: what a frame costs its CPU; uml, vm
# case smp2-one: the same with one of the flows; measured with smp2
case_smp2() {
	local peer
	(($(nproc) > 1)) || return 0
	case_measure=measure_smp2
	participants null bridge bridge-vlan ovs vmswitch
	frames 10000 1000000
	# What has several queues is a NIC, which locks them.
	labnic "preset"
	for peer in "${case_peers[@]}"; do
		nics "$peer" 0 1 numrxqueues 2 numtxqueues 2 txqueuelen 0
		switch "$peer"
		connect "$peer" access access 1
	done
	commit
	labnic "preset lltx=1"
}

# measure_smp2 CASE PEER: one round of each.
measure_smp2() {
	local from
	dev "$2" 0
	from=$dev
	labnic "gen $from count=$case_frames"
	measure "$1-one" "$2"
	labnic "gen $from count=$case_frames queues=2"
	measure "$1" "$2"
}

# case latency: from the generator to the sink, in ns, frames coming singly; the median of a round
# case latency-99: the same, 99 of 100 frames; measured with latency
# case latency-half: the same, frames in bursts of 64, half as many as the bridge can carry; measured with latency
# case latency-half-99: the same, 99 of 100 frames; measured with latency
case_latency() {
	local peer
	case_measure=measure_latency
	participants null bridge bridge-vlan ovs vmswitch
	frames 5000 100000
	for peer in "${case_peers[@]}"; do
		nics "$peer" 0 1 txqueuelen 0
		switch "$peer"
		connect "$peer" access access 1
	done
	commit
	for peer in "${case_peers[@]}"; do
		warm_up "$peer"
	done
	peer=vmswitch
	[[ " ${case_peers[*]} " != *" bridge "* ]] || peer=bridge
	half_load "$peer"
}

# half_load PEER: sets `case_gap`, the time between bursts of 64 when the peer is busy half of it.
half_load() {
	local -a words
	dev "$1" 0
	labnic "run $dev"
	read -r -a words <"$LABNIC/result"
	case_gap=$((words[4] * 64 * 2 / words[2]))
}

# measure_latency CASE PEER: one round of each.
measure_latency() {
	local from
	dev "$2" 0
	from=$dev
	# A frame takes less than a microsecond natively, and less than 8,000 instructions.
	labnic "gen $from count=$case_frames stamp=1 burst=1 gap=$([[ $venue == icount ]] && echo 20000 || echo 5000)"
	measure "$1" "$2" latency
	labnic "gen $from count=$case_frames stamp=1 burst=64 gap=$case_gap"
	measure "$1-half" "$2" latency
}

# case setup-ports: making 4,096 ports (the bridge: 128) of as many devices by one batch, per port; ns that passed
# case setup-ports-del: deleting them by one batch; measured with setup-ports
case_setup_ports() {
	local peer
	case_measure=measure_setup_ports
	case_rounds=1
	participants bridge-vlan vmswitch
	for peer in "${case_peers[@]}"; do
		nics "$peer" 0 $(($(ports_of "$peer") - 1)) txqueuelen 0
		switch "$peer"
	done
}

# ports_of PEER: how many it is to have. The bridge takes up to 65 ms to delete one.
ports_of() {
	if [[ $1 != vmswitch ]]; then
		printf '128\n'
	elif [[ $venue == icount ]]; then
		printf '1024\n'
	else
		printf '4096\n'
	fi
}

# measure_setup_ports CASE PEER: one round of each.
measure_setup_ports() {
	local name=$1 peer=$2 i count began
	count=$(ports_of "$peer")
	for ((i = 0; i < count; i++)); do
		dev "$peer" "$i"
		port "$peer" "$dev" access 10
	done
	began=${EPOCHREALTIME/[.,]/}
	commit
	passed "$name" "$peer" "$began" "$count"
	for ((i = 0; i < count; i++)); do
		dev "$peer" "$i"
		case $peer in
		bridge*) ip_lines+=("link set dev $dev nomaster") ;;
		vmswitch) vswctl_lines+=("del-port vs-s$case_number $dev") ;;
		esac
	done
	began=${EPOCHREALTIME/[.,]/}
	commit
	passed "$name-del" "$peer" "$began" "$count"
}

# case setup-macs: making 100,000 (the bridge: 4,000) static addresses at 4 ports by one batch, per address; ns that passed
# case setup-macs-del: deleting them by one batch; measured with setup-macs
case_setup_macs() {
	local peer
	case_measure=measure_setup_macs
	case_rounds=$((rounds < 3 ? rounds : 3))
	participants bridge-vlan vmswitch
	for peer in "${case_peers[@]}"; do
		nics "$peer" 0 4 txqueuelen 0
		switch "$peer" fdb-max 131072
		connect "$peer" access access 1 2 3 4
	done
}

# measure_setup_macs CASE PEER: one round of each.
measure_setup_macs() {
	local name=$1 peer=$2 count=100000 verb began
	# The more a bridge has, the longer it takes for each.
	[[ $peer == vmswitch ]] || count=4000
	[[ $venue != icount ]] || count=2000
	for verb in add del; do
		mac_lines "$peer" "$count" "$verb" >/tmp/macs
		began=${EPOCHREALTIME/[.,]/}
		if [[ $peer == vmswitch ]]; then
			vswctl batch /tmp/macs
		else
			bridge -batch /tmp/macs
		fi
		passed "$name${verb/add/}" "$peer" "$began" "$count"
		name+=-
	done
}

# mac_lines PEER COUNT add|del: the lines of such a batch.
mac_lines() {
	local format
	dev "$1" ''
	format="fdb $3 vs-s$case_number mac %s port $dev%d vlan 10"
	if [[ $1 == vmswitch && $3 == del ]]; then
		format="fdb del vs-s$case_number mac %s vlan 10"
	elif [[ $1 != vmswitch ]]; then
		format="fdb $3 %s dev $dev%d master static vlan 10"
	fi
	awk -v count="$2" -v format="$format\n" 'BEGIN {
		for (i = 0; i < count; i++)
			printf format, sprintf("02:00:%02x:%02x:%02x:%02x", 0, 1 + i / 65536, i / 256 % 256, i % 256), i % 4 + 1
	}'
}

# passed CASE PEER BEGAN COUNT: the figure of what began then, in microseconds, and has ended.
passed() {
	printf 'figure %s %s %d\n' "$1" "$2" $(((${EPOCHREALTIME/[.,]/} - $3) * 1000 / $4))
}
