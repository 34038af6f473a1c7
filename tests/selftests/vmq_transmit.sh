#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# VMQ: what a port with a queue of the uplink sends leaves by the transmit queue of that number, unless XPS says
# otherwise, and vmq show tells which it was.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/selftests/vmq_lib.sh
. "$TESTS/vmq_lib.sh"

# uplink TXQUEUES [SETTING...]: n0 with 4 queues to receive and so many to transmit, as the uplink.
uplink() {
	tx_queues=()
	for ((i = 0; i < $1; i++)); do
		tx_queues+=("tx_queue_${i}_packets")
	done
	ip link add name n0 up numrxqueues 4 numtxqueues "$1" "${@:2}" type labnic
	ethtool -K n0 ntuple on
	ethtool -X n0 equal 1
	vs add-port vs0 up dev n0 uplink
}

unplug() {
	vs del-port vs0 up
	ip link del n0
}

# left NAME N COUNT [WORD...]: NAME sends so many with the source address N to the wire; by which queues they left.
left() {
	mark n0 "${tx_queues[@]}"
	send "$1" "src=$2 dst=ff01 count=$3" "${@:4}"
	counted n0 "${tx_queues[@]}"
}

# seen_on PORT QUEUE [N]: frames that it goes on to send are seen on that queue.
seen_on() {
	send "$1" "src=${3:-$1} dst=ff01 count=8"
	vmq_is "$1" "$2" tx-queue
}

switch vs0
uplink 4
# A tap says of each frame that it came by the tap's queue, which is the first.
vmq_tap b 1
vmq_tap c 2
tap d mac "${MAC[3]}"
vs add-nic vs0 e mac "${MAC[4]}" vmq on
ip link set e up
wait_for 3 has_link vs0 e
rig packet e
expect_eq "three ports have queues" "$(vmq_of b queue) $(vmq_of c queue) $(vmq_of e queue)" "1 2 3"
expect_eq "no frame, no transmit queue" "$(vmq_of b tx-queue)" -
expect_eq "a port's frames leave by the queue of its number" "$(left b 1 40)" "0 40 0 0"
expect_eq "... another's by another" "$(left c 2 40)" "0 0 40 0"
expect_eq "... a vNIC's, too" "$(left e 4 40)" "0 0 0 40"
expect_eq "... floods, too" "$(left b 1 8 dst=all)" "0 8 0 0"
expect_eq "a port without a queue is none of it" "$(left d 3 8 | awk '{ print $1 + $2 + $3 + $4 }')" 8
expect_within "the queue is seen" 5 seen_on b 1 1
expect_within "... of each" 5 seen_on c 2 2
expect_within "... also of a vNIC" 5 seen_on e 3 4
expect_match "... and shown" "$(vs vmq show vs0 c)" 'tx-queue[: ]+2'
expect_eq "a port without VMQ has none to show" "$(vs -j vmq show vs0 | grep -c '"port":"d"')" 0

# Who gets another queue.
vs set-vmq vs0 b off
expect_eq "without VMQ a tap's frames leave as before" "$(left b 1 8)" "8 0 0 0"
vs set-vmq vs0 b on
expect_eq "with it the queue has to be seen anew" "$(vmq_of b tx-queue)" -
expect_eq "... by which they leave again" "$(left b 1 8)" "0 8 0 0"
vs disconnect vs0 up
expect_eq "an uplink that is unplugged leaves nothing behind" "$(vmq_of b queue)" -
vs connect vs0 up dev n0
expect_eq "... and has it again when it is plugged" "$(vmq_of b queue) $(left b 1 8)" "1 0 8 0 0"

vmq_tap s 5 vmq-weight 0 vmq-cpu 1
expect_eq "a port with a CPU but no queue" "$(vmq_of s mode)" software
expect_eq "... leaves by the queue of the CPU's number" "$(left s 5 8)" "0 8 0 0"
expect_within "... as is seen" 5 seen_on s 1 5
vs del-port vs0 s

# The admin's word.
if [[ -e /sys/class/net/n0/queues/tx-2/xps_cpus ]]; then
	printf '%x' $(((1 << $(nproc)) - 1)) >/sys/class/net/n0/queues/tx-3/xps_cpus
	expect_eq "XPS comes first" "$(left b 1 16) $(left e 4 16)" "0 0 0 16 0 0 0 16"
	expect_within "... and it is seen" 5 seen_on b 3 1
	echo 0 >/sys/class/net/n0/queues/tx-3/xps_cpus
	expect_eq "without it, the port's queue" "$(left b 1 16)" "0 16 0 0"
	expect_within "... which is seen again" 5 seen_on b 1 1
else
	skip "XPS comes first" "this kernel has no XPS"
fi

# Fewer queues to transmit than to receive.
unplug
uplink 2
expect_eq "with fewer queues they are shared" "$(left b 1 8) $(left c 2 8)" "0 8 8 0"
expect_within "... as is seen" 5 seen_on c 0 2

# No queueing discipline: the switch chooses itself.
unplug
uplink 4 txqueuelen 0
expect_eq "straight into the driver it is the same" "$(left b 1 40) $(left c 2 40) $(left e 4 40)" "0 40 0 0 0 0 40 0 0 0 0 40"
expect_within "... and seen as well" 5 seen_on c 2 2
unplug
uplink 4
vs set-port vs0 up qdisc bypass
expect_eq "past the queueing discipline, too" "$(left b 1 40) $(left e 4 40)" "0 40 0 0 0 0 0 40"
unplug
uplink 1
expect_eq "an uplink with one queue has no choice" "$(left b 1 8)" 8

# Watching costs something only for a moment, and ends with the last port.
unplug
uplink 4
watched() {
	grep '^ALL *n0 ' /proc/net/ptype
}
expect_within "the uplink's packets are watched" 5 watched
for port in b c e; do
	vs set-vmq vs0 "$port" off
done
expect_fail "... not when no port has a queue" 0 "" watched
finish
