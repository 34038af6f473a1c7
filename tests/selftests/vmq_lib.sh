# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the selftests of VMQ share: a switch whose uplink is the simulated NIC n0.

need ethtool
need_labnic

vmq_cleanup() {
	ip link del n0 || :
	rig_stop
} 2>/dev/null
trap vmq_cleanup EXIT

# vmq_uplink QUEUES: n0, whose RSS uses queue 0 only, as the uplink of vs0.
vmq_uplink() {
	nic n0 "$1"
	ethtool -X n0 equal 1
	switch vs0
	vs add-port vs0 up dev n0 uplink
}

# vmq_tap NAME N [SETTING...]: a guest with the address ${MAC[N]} that wants a queue.
vmq_tap() {
	tap "$1" mac "${MAC[$2]}" vmq on "${@:3}"
}

# vmq_of PORT KEY...: what vmq show says of a port.
vmq_of() {
	values "$(vs -j vmq show vs0 "$1")" "${@:2}"
}

# vmq_is PORT "WORD..." KEY...: whether it says so.
vmq_is() {
	local port=$1 wanted=$2
	shift 2
	output=$(vmq_of "$port" "$@")
	printf '%s\n' "$output"
	[[ $output == "$wanted" ]]
}

# all_of KEY: what vmq show says of all ports.
all_of() {
	local text
	text=$(vs -j vmq show vs0)
	all_values "$text" "$1"
}

# sum_of NUMBER...
sum_of() {
	local IFS=+
	printf '%d\n' "$(($*))"
}

# sum KEY: of all ports.
sum() {
	local text
	text=$(all_of "$1")
	# shellcheck disable=SC2086  # numbers are words
	sum_of $text
}

# moves REASON...: of the queues of all ports, for these reasons.
moves() {
	local reason text
	text=$(vs -j vmq show vs0)
	# shellcheck disable=SC2046  # numbers are words
	sum_of $(for reason; do all_values "$text" "$reason"; done)
}

# pin_all PORTS CPU: the queues of p1 to pPORTS, by one request, but one for each port.
pin_all() {
	local i
	for ((i = 1; i <= $1; i++)); do
		printf 'set-vmq vs0 p%d cpu %d\n' "$i" "$2"
	done | vs batch -
}

# served PORT: frames that all CPUs have received from the port's queue.
served() {
	local text sum=0
	text=$(vs -j vmq show vs0 "$1")
	text=${text#*\"served\":}
	text=${text%%\}*}
	while [[ $text =~ \"[0-9]+\":([0-9]+) ]]; do
		sum=$((sum + BASH_REMATCH[1]))
		text=${text#*"${BASH_REMATCH[0]}"}
	done
	printf '%d\n' "$sum"
}

# served_by PORT: likewise, as "CPU:FRAMES,..." of the CPUs that have received some.
served_by() {
	local text
	text=$(vs -j vmq show vs0 "$1")
	[[ $text =~ \"served\":\{([^\}]*)\} ]] || return
	printf '%s\n' "${BASH_REMATCH[1]//\"/}"
}

# handed_up_by QUEUE: the same, of what n0 has handed up from a queue.
handed_up_by() {
	ethtool -S n0 | sed -n "s/^ *rx_queue_$1_cpu_\\([0-9]*\\): \\([1-9]\\)/\\1:\\2/p" | paste -sd,
}

# frames N COUNT [WORD...]: n0 receives so many for ${MAC[N]}, and has handed them up.
frames() {
	feed n0 "src=02:00:00:00:ff:01 dst=${MAC[$1]} count=$2 ${*:3}"
}

# delivered PORT: frames that the switch has delivered to it.
delivered() {
	stat_of vs0 "$1" tx-packets
}

# expect_delivered NAME PORT N COUNT [WORD...]: that many frames for ${MAC[N]} all get to the port.
expect_delivered() {
	local before
	before=$(delivered "$2")
	frames "$3" "${@:4}"
	expect_eq "$1" "$(($(delivered "$2") - before))" "$4"
}

# gets_by_queue PORT N QUEUE: frames for ${MAC[N]} arrive on that queue, and get to the port; for wait_for.
gets_by_queue() {
	local before now
	before=$(nic_stat n0 "rx_queue_$3_packets")
	frames "$2" 10
	now=$(nic_stat n0 "rx_queue_$3_packets")
	printf '%d of 10 by queue %d\n' "$((now - before))" "$3"
	((now - before == 10))
}

# rules_of_nic: the rules as "ADDRESS QUEUE", sorted.
rules_of_nic() {
	ethtool -n n0 | sed -n 's/^\tDest MAC addr: \([^ ]*\) .*/\1/p; s/^\tAction: Direct to queue /queue /p' |
		paste -sd' \n' | sed 's/queue //; y/ABCDEF/abcdef/' | sort
}

# rules_are "ADDRESS QUEUE...": for wait_for.
rules_are() {
	output=$(rules_of_nic)
	printf '%s\n' "$output"
	[[ $output == "$1" ]]
}

# pool_is TEXT: for wait_for.
pool_is() {
	output=$(vs vmq show vs0)
	printf '%s\n' "$output"
	[[ $output == *"$1"* ]]
}

# knob KNOB=N...: see tests/labnic/README.md.
knob() {
	labnic "set n0 $*"
}

# anew QUEUES [KNOB...]: a NIC and a switch without ports but the uplink.
anew() {
	rig_stop
	ip link del vs0 2>/dev/null || :
	ip link del n0 2>/dev/null || :
	vmq_uplink "$1"
	(($# < 2)) || knob "${@:2}"
}

# in_state PORT "QUEUE REASON": for wait_for.
in_state() {
	vmq_is "$1" "$2" queue reason
}
