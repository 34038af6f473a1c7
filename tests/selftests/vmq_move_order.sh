#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# VMQ: queues are moved from CPU to CPU a thousand times, and no frame is overtaken, lost or seen twice.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/selftests/vmq_lib.sh
. "$TESTS/vmq_lib.sh"
(($(nproc) > 1)) || skip_all "one CPU"
PORTS=8
ROUNDS=130
# A move takes a debugging kernel a second.
[[ -z ${VMS_DEBUG:-} ]] || ROUNDS=13

order_cleanup() {
	for ((i = 1; i <= PORTS; i++)); do
		ip link del "s$i" || :
	done
	vmq_cleanup
} 2>/dev/null
trap order_cleanup EXIT

for ((i = 1; i <= PORTS; i++)); do
	nic "s$i" 1 txqueuelen 0
done

# all_are WANTED KEY: of all ports.
all_are() {
	local value n=0
	output=$(all_of "$2")
	for value in $output; do
		[[ $value == "$1" ]] && n=$((n + 1))
	done
	printf '%s\n' "$output"
	((n == PORTS))
}

# arrived: frames of each port in ${got[N]}.
declare -a got=()
arrived() {
	local nic frames _
	while read -r nic frames _; do
		[[ $nic != s* ]] || got[${nic#s}]=$frames
	done </sys/kernel/debug/labnic/sink
}

# flow: until each port has got more frames; a process for each look would take an emulated machine longer than this may.
flow() {
	local -a had
	local i n=0 looks=0
	arrived
	had=("${got[@]}")
	while ((n < PORTS && looks++ < 1000 * PATIENCE)); do
		pause 5
		arrived
		n=0
		for i in "${!got[@]}"; do
			((got[i] < had[i] + 3)) || n=$((n + 1))
		done
	done
	((n == PORTS))
}

# checked: "LOST LATE TWICE ALIEN" of what all ports got.
checked() {
	local nic lost late twice alien _
	local -a all=(0 0 0 0)
	while read -r nic _ _ lost late twice alien _; do
		[[ $nic == s* ]] || continue
		all=($((all[0] + lost)) $((all[1] + late)) $((all[2] + twice)) $((all[3] + alien)))
	done </sys/kernel/debug/labnic/sink
	printf '%s\n' "${all[*]}"
}

drained() {
	[[ $(labnic_waiting n0) == 0 ]]
}

# order MOVER: a queue for each of eight ports, fed without a break and moved again and again.
order() {
	local mover=$1 round stalled=0 i frames=0
	for ((i = 1; i <= PORTS; i++)); do
		vs add-port vs0 "p$i" dev "s$i" mac "${MAC[$i]}" vmq on
		labnic "sink s$i"
	done
	labnic "feed n0 src=02:00:00:00:ff:01 dst=${MAC[1]} ndst=$PORTS flows=128 count=1000000000 pause=1 rate=$rate cpu=0"
	wait_for 10 all_are true verified
	pin_all "$PORTS" 0
	wait_for 10 all_are "$mover" mover
	before=$(sum pinned)
	for ((round = 1; round <= ROUNDS; round++)); do
		pin_all "$PORTS" $((round % 2))
		flow || stalled=$((stalled + 1))
	done
	labnic "feed-stop n0"
	wait_for 5 drained
	arrived
	for i in "${got[@]}"; do
		frames=$((frames + i))
	done
	printf '# %s: %d frames\n' "$mover" "$frames"
	expect_eq "$mover: there were $((PORTS * ROUNDS)) moves" "$(($(sum pinned) - before))" "$((PORTS * ROUNDS))"
	expect_eq "$mover: ... and frames for each port between any two" "$stalled" 0
	expect_eq "$mover: ... all by that, and none without effect or undone" \
		"$(all_are "$mover" mover >/dev/null && printf all) $(sum stuck) $(sum undone) $(sum refused)" "all 0 0 0"
	read -r -a served <<<"$(nic_stat n0 rx_queue_{1..8}_cpu_{0,1})"
	expect_no_match "$mover: both CPUs have served each queue" " ${served[*]} " " 0 "
	expect_eq "$mover: all frames have come, once and in their order: lost, late, twice, alien" "$(checked)" "0 0 0 0"
}

rate=$((20000 / PATIENCE))
[[ -z ${VMS_DEBUG:-} ]] || rate=2000

anew $((PORTS + 1))
echo 1 >/sys/class/net/n0/threaded
order napi-thread

anew $((PORTS + 1))
read -r _ _ _ irq _ < <(grep '^n0 1 ' /sys/kernel/debug/labnic/queues)
if ((irq)); then
	order irq
else
	skip "irq: there were $((PORTS * ROUNDS)) moves" "there are no interrupts here"
fi
finish
