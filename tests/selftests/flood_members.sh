#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Floods go to the members of the VLAN, all of them and nobody else, whatever joins and leaves.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
taps ann,bob,cid vlan access 10
tap eve vlan access 20
tap tom vlan trunk 10,20
tap tim vlan trunk 30
expect_reach "a flood goes to all members" "ann src=a dst=all" "bob cid tom:10"
vs set-vlan vs0 tim trunk 10,30
expect_reach "a port that joins is in" "ann src=a dst=all" "bob cid tom:10 tim:10"
vs set-vlan vs0 bob access 20
expect_reach "a port that leaves is out" "ann src=a dst=all" "cid tom:10 tim:10"
expect_reach "... and in its new VLAN" "eve src=e dst=all" "bob tom:20"
vs del-port vs0 cid
expect_reach "a deleted port is out" "ann src=a dst=all" "tom:10 tim:10"
vs add-port vs0 cid dev cid vlan access 10
expect_reach "... and in again when it is made again" "ann src=a dst=all" "cid tom:10 tim:10"
rig close cid
expect_reach "a port whose device is gone gets nothing and hinders nobody" "ann src=a dst=all" "tom:10 tim:10"
# Enough members for every array to have grown, in an order in which none was deleted.
batch=$(for ((i = 1; i <= 200; i++)); do
	printf 'add-port vs0 p%d vlan access %d\n' "$i" $((10 * (1 + i % 2)))
done)
expect_ok "two hundred members without NICs join" vs batch - <<<"$batch"
expect_reach "a flood still finds those that have one" "ann src=a dst=all" "tom:10 tim:10"
tap zoe vlan access 10
expect_reach "... and who comes behind them" "ann src=a dst=all" "tom:10 tim:10 zoe"
expect_reach "... also if it is to an unknown address" "ann src=a dst=55" "tom:10 tim:10 zoe"
batch=$(for ((i = 1; i <= 200; i += 3)); do
	printf 'del-port vs0 p%d\n' "$i"
done)
expect_ok "a third of them is deleted" vs batch - <<<"$batch"
expect_reach "floods are as before" "tom src=1 dst=all vlan=10" "ann tim:10 zoe"
expect_reach "... in both VLANs" "tom src=1 dst=all vlan=20" "bob eve"
vs set-vlan vs0 p2 access 1
expect_reach "a port in no one's VLAN floods to nobody" "tim src=2 dst=all vlan=30" -
expect_eq "... which is counted as no-destination" "$(drop_of vs0 tim no-destination)" 1
finish
