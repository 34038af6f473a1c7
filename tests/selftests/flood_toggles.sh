#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Which floods a port takes is a setting of each kind: unknown unicast, multicast, broadcast.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
taps ann,bob,eve
group=01:00:5e:01:02:03
vs set-port vs0 bob mcast-flood off
expect_reach "mcast-flood off: no multicast" "ann src=a dst=$group" eve
expect_reach "... but broadcast" "ann src=a dst=all" "bob eve"
expect_reach "... and unknown unicast" "ann src=a dst=77" "bob eve"
expect_reach "IPv6 multicast is multicast" "ann src=a dst=33:33:00:00:00:01" eve
vs set-port vs0 bob mcast-flood on bcast-flood off
expect_reach "bcast-flood off: no broadcast" "ann src=a dst=all" eve
expect_reach "... but multicast" "ann src=a dst=$group" "bob eve"
vs set-port vs0 bob bcast-flood on unknown-flood off
expect_reach "unknown-flood off: no unknown unicast" "ann src=a dst=77" eve
expect_reach "... but broadcast" "ann src=a dst=all" "bob eve"
send bob src=b dst=all
expect_reach "... and known unicast" "ann src=a dst=b" bob
vs set-port vs0 bob flood off
expect_reach "flood off: no broadcast" "ann src=a dst=all" eve
expect_reach "... no multicast" "ann src=a dst=$group" eve
expect_reach "... no unknown unicast" "ann src=a dst=77" eve
expect_reach "... but known unicast" "ann src=a dst=b" bob
vs set-port vs0 bob flood on
expect_reach "flood on: all of them" "ann src=a dst=77" "bob eve"
vs set-mac vs0 eve "${MAC[e]}"
expect_reach "unknown-flood auto: none for a port with MACs" "ann src=a dst=77" bob
vs set-port vs0 bob unknown-flood auto
expect_reach "unknown-flood auto: for a port without" "ann src=a dst=77" bob
vs set-port vs0 eve unknown-flood on
expect_reach "unknown-flood on: also for a port with MACs" "ann src=a dst=77" "bob eve"
finish
