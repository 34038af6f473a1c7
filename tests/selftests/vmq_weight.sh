#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# VMQ: when queues are short, the ports of more weight have them.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/selftests/vmq_lib.sh
. "$TESTS/vmq_lib.sh"

vmq_uplink 4
vmq_tap l1 1 vmq-weight 10
vmq_tap l2 2 vmq-weight 10
vmq_tap mid 3 vmq-weight 50
expect_eq "while there are enough, weight means nothing" "$(vmq_of l1 queue) $(vmq_of l2 queue) $(vmq_of mid queue)" "1 2 3"
vmq_tap top 4 vmq-weight 90
expect_eq "who is heavier takes the queue of who is lightest, and came last" "$(vmq_of top queue reason)" "2 granted"
expect_eq "... who is told" "$(vmq_of l2 queue reason)" "- outweighed"
expect_eq "the others keep theirs" "$(vmq_of l1 queue) $(vmq_of mid queue)" "1 3"
expect_delivered "frames for the one that lost are delivered" l2 2 30
expect_within "... and those for the one that won arrive on the queue" 5 gets_by_queue top 4 2
vmq_tap like 5 vmq-weight 10
expect_eq "one of the same weight takes none" "$(vmq_of like queue reason)" "- no-queue"
vs set-vmq vs0 mid weight 0
expect_eq "weight 0 is never" "$(vmq_of mid queue reason)" "- weight-zero"
expect_eq "... and frees a queue for who waited longest" "$(vmq_of l2 queue) $(vmq_of like queue)" "3 -"
vs set-vmq vs0 like weight 11
expect_eq "one more is enough" "$(vmq_of like queue)" 3
expect_eq "... to lose it by" "$(vmq_of l2 reason)" outweighed
expect_fail "a weight above 100 is refused" 2 "0\.\.100" vs set-vmq vs0 like weight 101
expect_eq "the weight is shown" "$(port_of vs0 like vmq vmq-weight)" "true 11"
expect_eq "the default is 100" "$(vs add-port vs0 plain && port_of vs0 plain vmq vmq-weight)" "false 100"

# Events.
exec {events}< <(exec timeout "$((20 * PATIENCE))" "$VSWCTL" -j vmq moves count 2)
listens() {
	grep -q . <<<"$(awk 'NR > 1 && $2 == 16 && $4 != "00000000"' /proc/net/netlink)"
}
wait_for 5 listens
vs set-vmq vs0 top off
vs set-vmq vs0 like weight 0
read -r -t "$((10 * PATIENCE))" -u "$events" first || first=
read -r -t "$((10 * PATIENCE))" -u "$events" second || second=
told="$(values "$first" event port queue reason); $(values "$second" event port queue reason)"
expect_eq "each change is an event" "$told" "vmq-change l2 2 granted; vmq-change like - weight-zero"
finish
