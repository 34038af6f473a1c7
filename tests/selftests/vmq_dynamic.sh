#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# VMQ: queues are spread over CPUs as their load demands, within the range that is set, one at a time.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/selftests/vmq_lib.sh
. "$TESTS/vmq_lib.sh"
(($(nproc) > 1)) || skip_all "one CPU"

anew 5
# Without interrupts it is threads that are moved.
read -r _ _ _ irq _ < <(grep '^n0 1 ' /sys/kernel/debug/labnic/queues)
mover=irq
if ((!irq)); then
	mover=napi-thread
	echo 1 >/sys/class/net/n0/threaded
fi
for i in {1..4}; do
	vmq_tap "p$i" "$i"
done

# all_are KEY VALUE: of all ports.
all_are() {
	output=$(all_of "$1")
	printf '%s\n' "$output"
	[[ $output == "$2 $2 $2 $2" ]]
}

# feed_all RATE: ports get so many times 4, 3, 2, 1 frames in a second.
feed_all() {
	local i
	for i in {1..4}; do
		labnic "feed n0 src=02:00:00:00:ff:01 dst=${MAC[$i]} count=1000000000 cpu=$((i % 2)) rate=$(($1 * (5 - i)))"
	done
}

expect_eq "by default no queue is looked at" "$(vmq_of p1 move mover)" "- -"
feed_all 30
vs set-vmq vs0 up dynamic on base-cpu 1
expect_within "queues go into the range that is set" 20 all_are cpu 1
expect_eq "... by their interrupts, or threads" "$(vmq_of p1 mover)" "$mover"
vs set-vmq vs0 p2 cpu 0
expect_within "a port's own CPU is stronger than the range" 8 vmq_is p2 "pinned 0" move cpu
vs set-vmq vs0 p2 cpu auto
vs set-vmq vs0 up base-cpu 0 max-cpu 0
expect_within "they go into another range" 20 all_are cpu 0
expect_eq "... for that reason" "$(vmq_of p1 move)" range
labnic "feed-stop n0"

# So much that a CPU alone would have a hard time. How much that is differs from machine to machine a hundredfold; the
# load is a mean that a few seconds bring near to what it becomes, on a slow machine as well.
rate=$((PATIENCE > 1 ? 1600 : 20000))
loaded() {
	local sum
	# shellcheck disable=SC2046
	sum=$(sum_of $(all_of load))
	printf 'rate %d: load %d\n' "$rate" "$sum"
	((sum > 5500))
}
feed_all "$rate"
for i in {1..8}; do
	! PATIENCE=1 wait_for 6 loaded || break
	labnic "feed-stop n0"
	rate=$((rate * 2))
	feed_all "$rate"
done
before=$(moves pinned range spread coalesce)
vs set-vmq vs0 up max-cpu auto
spread() {
	output=$(all_of cpu)
	printf '%s\n' "$output"
	[[ $output == *0* && $output == *1* ]]
}
expect_within "what is too much for one CPU is spread" 30 spread
expect_match "... for that reason" "$(all_of move)" spread
expect_eq "one queue moves at a time, so some stay" "$(($(moves pinned range spread coalesce) - before < 4))" 1

vs set-vmq vs0 up dynamic off
expect_eq "switched off, it looks at nothing" "$(vmq_of p1 move load)" "- -"
labnic "feed-stop n0"

# The range is for CPUs that exist.
expect_fail "a first CPU behind the last is refused" 2 'base-cpu is above' vs set-vmq vs0 up base-cpu 1 max-cpu 0
expect_fail "a CPU that is not there is refused" 2 'no such CPU' vs set-vmq vs0 p1 cpu 9999
expect_fail "so is one for the range" 2 'no such CPU' vs set-vmq vs0 up max-cpu 9999
expect_fail "a guest has no such setting" 2 'only an uplink' vs set-vmq vs0 p1 dynamic on
expect_eq "settings are shown" "$(port_of vs0 up vmq-dynamic vmq-base-cpu vmq-max-cpu) $(port_of vs0 p1 vmq-cpu)" \
	"false 0 auto auto"

# A CPU that goes.
online=/sys/devices/system/cpu/cpu1/online
if [[ -e $online ]]; then
	vs set-vmq vs0 up dynamic on
	vs set-vmq vs0 p1 cpu 1
	feed_all 30
	wait_for 8 vmq_is p1 1 cpu
	echo 0 >$online
	expect_within "when a CPU goes, its queues are served by another" 20 all_are cpu 0
	echo 1 >$online
	expect_within "... and a port that names it returns when it comes" 20 vmq_is p1 "pinned 1" move cpu
	labnic "feed-stop n0"
else
	skip "when a CPU goes, its queues are served by another" "no CPU can go here"
fi
finish
