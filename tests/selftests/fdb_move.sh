#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A dynamic address that shows up elsewhere moves there, counted; a static one never moves.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
taps ann,bob,eve
tap dan mac "${MAC[d]}"
send ann src=a dst=all
expect_reach "an address is where it was seen" "eve src=e dst=a" ann
send bob src=a dst=all
expect_reach "it moves with its frames" "eve src=e dst=a" bob
expect_eq "the move is counted where it went" "$(stat_of vs0 bob moves)" 1
expect_eq "... and not where it was" "$(stat_of vs0 ann moves)" 0
expect_eq "the entry is one and new" "$(fdb_of vs0 mac "${MAC[a]}")" "${MAC[a]} 1 bob dynamic"
expect_eq "the old port's count goes down" "$(port_of vs0 ann fdb-count)" 0
expect_eq "the new port's goes up" "$(port_of vs0 bob fdb-count)" 1
send eve src=d dst=all
expect_eq "a port's own address does not move" "$(fdb_of vs0 mac "${MAC[d]}")" "${MAC[d]} any dan port"
expect_reach "... nor what is sent to it" "ann src=a1 dst=d" dan
vs fdb add vs0 mac "${MAC[50]}" vlan 1 port ann
send eve src=50 dst=all
expect_eq "a static entry does not move" "$(fdb_of vs0 mac "${MAC[50]}")" "${MAC[50]} 1 ann static"
expect_reach "... nor what is sent to it" "eve src=e dst=50" ann
expect_eq "refused moves are not counted as moves" "$(stat_of vs0 eve moves)" 0
vs set-port vs0 bob mac-limit 1
send ann src=a7 dst=all
send bob src=a7 dst=all
expect_eq "an address does not move to a port that is at its limit" "$(fdb_of vs0 port bob | wc -l)" 1
finish
