#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A frame is never sent back to the port it came from, and nobody gets it twice.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
taps ann,bob
outside up0
vs add-nic vs0 host0 mac "${MAC[f]}"
ip link set host0 up
rig packet host0
expect_reach "broadcast does not return to a tap" "ann src=a dst=all" "bob up0 host0"
expect_reach "... nor to the uplink" "up0 src=77 dst=all" "ann bob host0"
expect_reach "... nor to a vNIC" "host0 src=f dst=all" "ann bob up0"
expect_reach "unknown unicast does not either" "ann src=a dst=b" "bob up0"
send ann src=a1 dst=all
expect_reach "unicast to an address behind its own port goes nowhere" "ann src=a dst=a1" -
expect_eq "... and is counted as same-port" "$(drop_of vs0 ann same-port)" 1
send up0 src=78 dst=all
expect_reach "the wire's own traffic is not sent back to the wire" "up0 src=77 dst=78" -
expect_eq "... and is counted there" "$(drop_of vs0 up0 same-port)" 1
expect_reach "a vNIC's frame to itself goes nowhere" "host0 src=f dst=f" -
expect_reach "many frames come once each and in order" "ann src=a dst=all count=100" "bob*100 up0*100 host0*100"
send bob src=b dst=all
expect_reach "... also unicast" "ann src=a dst=b count=200" "bob*200"
expect_reach "... also into a vNIC" "ann src=a dst=f count=200" "host0*200"
expect_reach "... also out of it" "host0 src=f dst=a count=200" "ann*200"
finish
