#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A device that has stopped its transmit queues and has no queueing discipline: what is for it is counted as tx-busy, and
# nobody else's frames wait for it.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
need_labnic
trap 'ip link del n0 2>/dev/null || :; rig_stop' EXIT

switch vs0
taps ann,bob
ip link add n0 up txqueuelen 0 type labnic
vs add-port vs0 n0 dev n0 mac "${MAC[c]}"
wait_for 3 has_link vs0 n0
send ann src=a dst=c count=5
expect_eq "it takes frames" "$(stat_of vs0 n0 tx-packets) $(drops_of vs0 n0)" "5 none"
labnic "set n0 stopped=1"
send ann src=a dst=c count=7
expect_eq "stopped, it takes none, for that reason" "$(stat_of vs0 n0 tx-packets) $(drops_of vs0 n0)" "5 tx-busy 7"
expect_reach "a broadcast gets to the others" "ann src=a dst=all count=3" "bob*3"
expect_eq "... of which it misses its copies" "$(drop_of vs0 n0 tx-busy)" 10
labnic "set n0 stopped=0"
send ann src=a dst=c count=5
expect_eq "it takes frames again" "$(stat_of vs0 n0 tx-packets)" 10
# With a discipline the frames wait there.
if tc qdisc replace dev n0 root pfifo 2>/dev/null; then
	labnic "set n0 stopped=1"
	send ann src=a dst=c count=5
	expect_eq "frames wait in a queueing discipline" "$(drop_of vs0 n0 tx-busy)" 10
	sent_before=$(cat /sys/class/net/n0/statistics/tx_packets)
	labnic "set n0 stopped=0"
	arrived() {
		(($(cat /sys/class/net/n0/statistics/tx_packets) - sent_before == 5))
	}
	expect_within "... and are sent when it can" 3 arrived
else
	skip "frames wait in a queueing discipline" "no pfifo"
fi
finish
