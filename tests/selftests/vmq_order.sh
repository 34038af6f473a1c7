#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# VMQ: ports whose frames are handed over in software move from CPU to CPU, and no frame overtakes another.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/selftests/vmq_lib.sh
. "$TESTS/vmq_lib.sh"

(($(nproc) > 1)) || skip_all "there is only one CPU"
PORTS=8

# Queues of two CPUs, no filters; what the ports get is checked by their NICs.
nic n0 4
for queue in 0 1 2 3; do
	labnic "cpu n0 $queue $((queue % 2))"
done
ethtool -K n0 ntuple off
switch vs0
vs add-port vs0 up dev n0 uplink
for ((i = 1; i <= PORTS; i++)); do
	nic "s$i" 1 txqueuelen 0
	vs add-port vs0 "p$i" dev "s$i" mac "${MAC[$i]}" vmq on vmq-cpu 0
done

# begin_check: the sinks check frames from now on.
begin_check() {
	local i
	for ((i = 1; i <= PORTS; i++)); do
		labnic "sink s$i"
	done
	moved=$(sum moves)
	dropped=$(sum dropped)
	before=$(received)
}

# checked: "FRAMES LOST LATE TWICE" of what has arrived.
checked() {
	local nic frames lost late twice _
	local -a all=(0 0 0 0)
	while read -r nic frames _ lost late twice _; do
		[[ $nic == s* ]] || continue
		all=($((all[0] + frames)) $((all[1] + lost)) $((all[2] + late)) $((all[3] + twice)))
	done </sys/kernel/debug/labnic/sink
	printf '%s\n' "${all[*]}"
}

# start RATE: frames for all ports, so many a second, begin to come.
start() {
	labnic "feed n0 src=02:00:00:00:ff:01 dst=${MAC[1]} ndst=$PORTS flows=64 rate=$1 count=100000000 pause=1"
	wait_for 10 flows_on
}

flows_on() {
	local frames
	read -r frames _ <<<"$(checked)"
	((frames > 500))
}

# stop: no more come, and all that came have arrived, or been dropped.
stop() {
	labnic "feed-stop n0"
	wait_for 10 arrived
}

arrived() {
	local frames lost gone
	read -r frames lost _ <<<"$(checked)"
	gone=$(($(sum dropped) - dropped))
	printf '%d arrived, %d lost, %d dropped, of %d\n' "$frames" "$lost" "$gone" "$(($(received) - before))"
	[[ $(labnic_waiting n0) == 0 ]] && ((frames + gone == $(received) - before))
}

# received: how many frames n0 has handed up.
received() {
	local -a counts
	read -r -a counts <<<"$(nic_stat n0 rx_queue_{0..3}_packets)"
	sum_of "${counts[@]}"
}

# Fast enough that some always wait when a port moves; a machine with other things to do drops some, which is counted.
rate=$((50000 / PATIENCE))
[[ -z ${VMS_DEBUG:-} ]] || rate=1000
begin_check
start "$rate"
for ((round = 1; round <= 130; round++)); do
	pin_all "$PORTS" $((round % 2))
done
stop
read -r frames lost late twice <<<"$(checked)"
printf '# %d frames, %d moves forced\n' "$frames" "$(sum forced)"
expect_eq "ports have moved 1,040 times" "$(($(sum moves) - moved))" 1040
expect_eq "no frame has overtaken another" "$late late, $twice twice" "0 late, 0 twice"
# What was dropped last is not missed yet: no frame of its flow came after it.
gone=$(($(sum dropped) - dropped))
expect_eq "what is missing was dropped and counted" "$((lost <= gone)) $(($(received) - before - frames))" "1 $gone"
expect_match "both CPUs have run frames" "$(vs -j vmq show vs0 p1)" '"served":\{"0":[0-9]+,"1":[0-9]+\}'

# So few that the bound is far. Frames that wait for longer than a tenth of a second are dropped, too: where the host
# has kept a CPU from running for so long, it is tried again.
for i in {1..5}; do
	begin_check
	start $((4000 / PATIENCE))
	for ((round = 1; round <= 20; round++)); do
		pin_all "$PORTS" $((round % 2))
	done
	stop
	read -r frames lost late twice <<<"$(checked)"
	printf '# %d frames\n' "$frames"
	((late + twice == 0 && $(sum dropped) > dropped)) || break
done
expect_eq "when there are few, none is lost either" "$lost lost, $late late, $twice twice" "0 lost, 0 late, 0 twice"
finish
