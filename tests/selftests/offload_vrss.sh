#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A vNIC with several receive queues spreads by its indirection table: each flow on one queue, each queue on one CPU.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
need ethtool
need_labnic
(($(nproc) > 1)) || skip_all "there is one CPU only"

trace=
cleanup() {
	[[ -z $trace ]] || { echo 0 >"$trace/events/napi/enable" && rmdir "$trace"; } || :
	ip link del n0 || :
	rig_stop
} 2>/dev/null
trap cleanup EXIT

# table: what the table of the vNIC leads to.
table() {
	ethtool -x host0 | sed -nE 's/^ *[0-9]+: +//p' | tr -s ' \n' ' '
}

# received: frames that came by each queue.
received() {
	local counts
	counts=$(nic_stat host0 rx_queue_0_packets rx_queue_1_packets)
	printf '%s\n' "${counts//-/0}"
}

# spread COUNT FLOWS [WORD...]: frames of so many flows go to the vNIC: ${by[*]} of them by each queue.
by=()
spread() {
	local -a before after
	read -r -a before <<<"$(received)"
	feed n0 "src=02:00:00:00:ff:01 dst=$address count=$1 flows=$2 ${*:3}"
	all_came() {
		local -a now
		read -r -a now <<<"$(received)"
		((now[0] + now[1] >= $1))
	}
	wait_for 2 all_came "$((before[0] + before[1] + $1))" || :
	read -r -a after <<<"$(received)"
	by=($((after[0] - before[0])) $((after[1] - before[1])))
}

switch vs0
nic n0 1
vs add-port vs0 up dev n0 uplink
vs add-nic vs0 host0 mac "${MAC[aa]}"
address=${MAC[aa]}
ip link set host0 up
wait_for 3 has_link vs0 host0

expect_match "ethtool -g shows the size of a queue" "$(ethtool -g host0 | tr -s '\n\t ' ' ')" \
	'maximums: RX: 4096 .*settings: RX: 1024 '
# As much as is sent at once, so that nothing is dropped where a CPU comes late.
ethtool -G n0 rx 4096
ethtool -G host0 rx 4096
expect_match "a vNIC has one receive queue at first" "$(ethtool -l host0 | tr -s '\n\t ' ' ')" \
	'maximums: RX: ([2-9]).*settings: RX: 1 '
expect_eq "... to which its table leads" "$(table | tr -d ' 0')" ""
expect_ok "it is given two" ethtool -L host0 rx 2
read -r -a entries <<<"$(table)"
expect_eq "the table has 128 entries" "${#entries[@]}" 128
expect_eq "... that lead to both in turn" "${entries[*]:0:6}" "0 1 0 1 0 1"
spread 3200 64 rate=20000
expect_eq "all frames come" "$((by[0] + by[1]))" 3200
if ((by[0] > 600 && by[1] > 600)); then
	pass "64 flows are spread over both"
else
	fail "64 flows are spread over both" "by queue: ${by[*]}"
fi
spread 200 1
expect_match "one flow stays on one" "${by[*]}" '^(0 200|200 0)$'
expect_ok "ethtool -X sets the table" ethtool -X host0 weight 0 1
expect_eq "... which ethtool -x shows" "$(table | tr -d ' ' | sort -u)" "$(printf '1%.0s' {1..128})"
spread 640 64 rate=20000
expect_eq "... and all come by the other queue" "${by[*]}" "0 640"
expect_fail "no entry leads to a queue that is not in use" 0 "" ethtool -X host0 weight 1 1 1
expect_fail "a queue that is in the table can not be taken away" 0 "" ethtool -L host0 rx 1
ethtool -X host0 weight 1 0
spread 640 64 rate=20000
expect_eq "the table can be changed while frames come" "${by[*]}" "640 0"

# Each queue's NAPI has a CPU, wherever the frame came from: the NIC's queue is served by CPU 0.
polled() {
	local cpus
	cpus=$(sed -nE '/device host0 /s/^[^[]*\[0*([0-9]+)\].*/\1/p' "$trace/trace" | sort -u)
	echo >"$trace/trace"
	printf '%s\n' "${cpus//$'\n'/ }"
}
if mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null && mkdir "/sys/kernel/tracing/instances/vms.$$" 2>/dev/null; then
	trace=/sys/kernel/tracing/instances/vms.$$
	echo 1 >"$trace/events/napi/napi_poll/enable"
	labnic "cpu n0 0 0"
	ethtool -X host0 weight 1 0
	echo >"$trace/trace"
	spread 200 8 rate=5000
	expect_eq "the first queue is polled by the first CPU" "$(polled)" 0
	ethtool -X host0 weight 0 1
	spread 200 8 rate=5000
	expect_eq "the second by the second" "$(polled)" 1
	labnic "cpu n0 0 1"
	spread 200 8 rate=5000
	expect_eq "... also if the frames come there" "$(polled)" 1
	ethtool -X host0 default
	ethtool -L host0 rx 1
	spread 200 8 rate=5000
	expect_eq "a single queue is polled where the frames come" "$(polled)" 1
	labnic "cpu n0 0 0"
	ethtool -L host0 rx 2
else
	for name in "the first queue is polled by the first CPU" "the second by the second" \
		"... also if the frames come there" "a single queue is polled where the frames come"; do
		skip "$name" "no tracing here"
	done
	ethtool -X host0 default
fi

# In order, though the queue is on another CPU than the sender's half of the time.
rig packet host0
ethtool -X host0 weight 0 1
tap ann
expect_reach "frames to a queue on another CPU stay in order" "ann src=a dst=$address count=200" "host0*200"
ethtool -X host0 default
expect_reach "... also with the table as it was" "ann src=a dst=$address count=200" "host0*200"
rig close host0

# Queues that come and go while frames come, and a vNIC that is closed.
labnic "feed n0 src=02:00:00:00:ff:01 dst=$address flows=64 count=1000000 rate=20000"
for n in 1 2 1 2 1 2; do
	ethtool -L host0 rx "$n"
	pause 20
done
ip link set host0 down
ethtool -L host0 rx 1
ethtool -L host0 rx 2
ip link set host0 up
labnic "feed-stop n0"
wait_for 3 has_link vs0 host0
still() {
	local had
	had=$(received)
	pause 100
	[[ $(labnic_waiting n0) == 0 && $(received) == "$had" ]]
}
wait_for 5 still || :
spread 640 64 rate=20000
expect_eq "queues change their number under load" "$((by[0] + by[1]))" 640

# The rings. While the queues changed their number under load some frames may have found no room, so drops are
# counted from here.
lost_before=$(drop_of vs0 host0 queue-full)
ethtool -G host0 rx 1024
ethtool -L host0 rx 1
spread 2000 64
expect_eq "a queue of that size takes what comes at once" \
	"$((by[0])) $(($(drop_of vs0 host0 queue-full) - lost_before))" "2000 0"
expect_ok "ethtool -G sets it" ethtool -G host0 rx 4
expect_match "... and shows it" "$(ethtool -g host0 | tr -s '\n\t ' ' ')" 'settings: RX: 4 '
mark host0 rx_queue_0_drops
# The NIC's NAPI puts up to 64 frames into the queue before that of the vNIC takes its turn.
feed n0 "src=02:00:00:00:ff:01 dst=$address count=2000"
read -r lost <<<"$(counted host0 rx_queue_0_drops)"
if ((lost > 100)); then
	pass "a small queue overflows"
else
	fail "a small queue overflows" "$lost were dropped"
fi
expect_eq "... which the port counts" "$(($(drop_of vs0 host0 queue-full) - lost_before))" "$lost"
expect_fail "a queue without room is refused" 0 "" ethtool -G host0 rx 0
expect_fail "... and one with too much" 0 "" ethtool -G host0 rx 5000
expect_match "... and nothing has changed" "$(ethtool -g host0 | tr -s '\n\t ' ' ')" 'settings: RX: 4 '
ethtool -G host0 rx 1024
spread 2000 64
expect_eq "a bigger one takes all again" "$((by[0]))" 2000
finish
