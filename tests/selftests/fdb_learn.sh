#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A port without MACs learns, per VLAN; what is learned is found, shown and bound to its port.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
taps ann,bob,eve
expect_eq "an unused switch knows nobody" "$(fdb_of vs0)" ""
expect_reach "an unknown destination is flooded" "ann src=a dst=b" "bob eve"
expect_eq "the source is learned" "$(fdb_of vs0)" "${MAC[a]} 1 ann dynamic"
expect_reach "the answer goes to it alone" "bob src=b dst=a" ann
expect_reach "from then on both are known" "ann src=a dst=b" bob
expect_eq "a port counts its entries" "$(port_of vs0 ann fdb-count)" 1
expect_eq "the switch counts all" "$(values "$(vs -j show vs0)" fdb-count)" 2
expect_match "show says who learns" "$(port_of vs0 ann state)" 'learning.*unknown|unknown.*learning'
expect_match "a dynamic entry has an age" "$(vs -j fdb show vs0)" '"age": *[0-9]'
vs set-port vs0 eve learning off
expect_reach "a port that may not learn is heard" "eve src=e dst=all" "ann bob"
expect_eq "... and not learned" "$(fdb_of vs0 mac "${MAC[e]}")" ""
expect_reach "... so its unicast is flooded" "ann src=a dst=e" "bob eve"
vs set-port vs0 eve learning on
send eve src=e dst=all
expect_reach "it is learned when it may learn again" "ann src=a dst=e" eve
vs set-mac vs0 bob "${MAC[b]}"
expect_eq "a port that is given its learned address owns it" "$(fdb_of vs0 mac "${MAC[b]}")" "${MAC[b]} any bob port"
expect_eq "fdb show filters by port" "$(fdb_of vs0 port ann)" "${MAC[a]} 1 ann dynamic"
expect_eq "... by VLAN" "$(fdb_of vs0 vlan 1 | grep -c dynamic)" 2
expect_eq "... of which another has none" "$(fdb_of vs0 vlan 2 | grep -c dynamic || :)" 0
expect_eq "... by type" "$(fdb_of vs0 dynamic | wc -l)" 2
expect_reach "frames are learned from though they are delivered to nobody" "ann src=a5 dst=a" -
expect_eq "... and stand in the FDB" "$(fdb_of vs0 mac "${MAC[a5]}")" "${MAC[a5]} 1 ann dynamic"
finish
