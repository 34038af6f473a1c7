#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# VMQ: each change of a port's queue, and each move of a queue to another CPU, is traced with its reason.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/selftests/vmq_lib.sh
. "$TESTS/vmq_lib.sh"
(($(nproc) > 1)) || skip_all "one CPU"

mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null || skip_all "no tracefs here"
trace=/sys/kernel/tracing/instances/vmq.$$
mkdir "$trace" 2>/dev/null || skip_all "no trace instances here"
# tracefs is one for all namespaces, so this does not end with the script by itself.
trap 'echo 0 >"$trace/events/vmswitch/enable"; rmdir "$trace"; vmq_cleanup' EXIT
echo 1 >"$trace/events/vmswitch/vms_vmq_change/enable"
echo 1 >"$trace/events/vmswitch/vms_vmq_move/enable"

# traced EVENT: what such events have said of ann, in "KEY=VALUE..." without load.
traced() {
	sed -n "s/.* $1: ifindex=[0-9]* port=ann //p" "$trace/trace" | sed 's/ load=[0-9]*//'
}

# lines LINE...
lines() {
	printf '%s\n' "$@"
}

# The numbers of reasons are those of include/uapi/linux/vmswitch.h.
anew 4
[[ $(grep -c '^n0 1 [0-9]* 0 ' /sys/kernel/debug/labnic/queues) == 0 ]] || echo 1 >/sys/class/net/n0/threaded
vmq_tap ann a
expect_eq "a queue that a port gets is traced" "$(traced vms_vmq_change)" "old=-1 new=1 reason=1"
ethtool -N n0 flow-type ether dst "${MAC[c]}" action 1 loc 3 >/dev/null
expect_within "... another queue" 5 in_state ann "2 moved"
vs disconnect vs0 ann
expect_eq "... and its loss" "$(traced vms_vmq_change)" \
	"$(lines "old=-1 new=1 reason=1" "old=1 new=2 reason=2" "old=2 new=-1 reason=6")"
vs connect vs0 ann dev ann
ethtool -N n0 delete 3 >/dev/null
queue=$(vmq_of ann queue)
labnic "cpu n0 $queue 0" "feed n0 src=02:00:00:00:ff:01 dst=${MAC[a]} count=100000000 rate=400"
wait_for 8 vmq_is ann true verified
vs set-vmq vs0 ann cpu 1
expect_within "a queue is moved" 8 vmq_is ann "pinned 1" move cpu
vs set-vmq vs0 ann cpu 0
expect_within "... and again" 8 vmq_is ann "pinned 0" move cpu
vs set-vmq vs0 ann cpu auto
vs set-vmq vs0 up dynamic on base-cpu 1
expect_within "... and for another reason" 20 vmq_is ann "range 1" move cpu
labnic "feed-stop n0"
moves=$(traced vms_vmq_move)
expect_match "a move is traced, with CPUs and reason" "$moves" "queue=$queue from=[-0-9]+ to=1 reason=1"
expect_match "... the next, too" "$moves" "queue=$queue from=1 to=0 reason=1"
expect_match "... for each reason" "$moves" "queue=$queue from=0 to=1 reason=2"
expect_match "as many are traced as are counted" "$(vs -j vmq show vs0 ann)" \
	"\"cpu-moves\":\{\"pinned\":$(grep -c 'reason=1$' <<<"$moves"),\"range\":$(grep -c 'reason=2$' <<<"$moves")\}"
finish
