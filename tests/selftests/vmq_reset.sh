#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# VMQ: what a driver that resets its NIC can not be told meanwhile, it is told afterwards.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/selftests/vmq_lib.sh
. "$TESTS/vmq_lib.sh"

anew 4
vmq_tap ann a
vmq_tap bob b
expect_within "a filter works (2)" 5 gets_by_queue ann a 1
labnic "detach n0"
vs del-port vs0 bob
pause 1500
expect_eq "a NIC that is being reset keeps its queues" "$(vmq_of ann queue reason moves)" "1 granted 1"
labnic "attach n0"
expect_within "... then has no filter of a port that went meanwhile" 5 rules_are "${MAC[a]} 1"
expect_within "... but that of the other, which works" 5 gets_by_queue ann a 1
labnic "detach n0"
vs disconnect vs0 up
labnic "attach n0"
expect_within "one that is unplugged then has no rules of ours in the end" 5 rules_are ""
labnic "detach n0"
vs connect vs0 up dev n0
labnic "attach n0"
expect_within "one that is plugged then gives queues in the end" 5 in_state ann "1 granted"
labnic "detach n0"
vs disconnect vs0 up
vs connect vs0 up dev n0
labnic "attach n0"
expect_within "... also if it has rules from before" 5 in_state ann "1 granted"
expect_eq "... which is not set twice" "$(rules_of_nic)" "${MAC[a]} 1"
finish
