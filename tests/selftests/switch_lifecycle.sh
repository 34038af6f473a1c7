#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A switch is made, changed, renamed, found and deleted, by vswctl and by iproute2.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

expect_eq "show prints an empty list where there is no switch" "$(vs -j show)" '[]'
expect_ok "add-switch makes a switch" vs add-switch vs0
expect_match "its netdev is of kind vmswitch and comes up at once" "$(ip -d link show vs0)" 'UP.*vmswitch'
expect_match "it is of type external by default" "$(vs -j show vs0)" '"type": *"external"'
expect_fail "a name that is in use is refused" 2 'vs0.*exist' vs add-switch vs0
expect_fail "a name of more than 15 bytes is refused" 0 'name|long|switch' vs add-switch sixteen-bytes-xx
expect_fail "a name that belongs to another device is refused" 2 'lo' vs add-switch lo

expect_fail "an ageing time below 10 s is refused" 2 'ageing' vs set-switch vs0 ageing 9
expect_fail "an ageing time above 1,000,000 s is refused" 2 'ageing' vs set-switch vs0 ageing 1000001
expect_ok "an ageing time of 10 s is taken" vs set-switch vs0 ageing 10
expect_ok "an ageing time of 1,000,000 s is taken" vs set-switch vs0 ageing 1000000
expect_eq "show prints it" "$(values "$(vs -j show vs0)" ageing)" 1000000
expect_fail "an fdb-max below 64 is refused" 2 'fdb-max' vs set-switch vs0 fdb-max 63
expect_fail "an fdb-max above 1,048,576 is refused" 2 'fdb-max' vs set-switch vs0 fdb-max 1048577
expect_ok "several settings at once are taken" vs set-switch vs0 fdb-max 64 ageing 20
expect_eq "... all of them" "$(values "$(vs -j show vs0)" fdb-max ageing)" "64 20"
expect_fail "a request that is half wrong is refused" 2 'fdb-max' vs set-switch vs0 ageing 40 fdb-max 1
expect_eq "... and changes nothing" "$(values "$(vs -j show vs0)" ageing)" 20

expect_ok "--check validates a new switch" vs --check add-switch vs1
expect_fail "... and makes none" 2 'vs1' vs show vs1
expect_ok "--check validates a setting" vs --check set-switch vs0 ageing 30
expect_eq "... and changes nothing" "$(values "$(vs -j show vs0)" ageing)" 20
expect_fail "--check refuses what would be refused" 2 'ageing' vs --check set-switch vs0 ageing 1

expect_fail "a misspelt verb is a usage error" 1 '.' vs frobnicate vs0
expect_fail "a misspelt setting is a usage error" 1 'agein' vs set-switch vs0 ageinx 20
expect_fail "an unknown switch is refused by name" 2 'nosuch' vs set-switch nosuch ageing 20

# A switch whose netdev is down forwards nothing, and says so.
taps ann,bob
ip link set vs0 down
expect_reach "a switch whose netdev is down forwards nothing" "ann src=a dst=all" -
expect_eq "... and counts it at the source port" "$(drop_of vs0 ann switch-down)" 1
expect_eq "show says that it is down" "$(values "$(vs -j show vs0)" up)" false
ip link set vs0 name sw7
expect_match "a switch has the name of its netdev" "$(vs -j show)" '"switch": *"sw7"'
expect_fail "... and no other" 2 'vs0' vs show vs0
ip link set sw7 name vs0
ip link set vs0 up
expect_reach "it forwards when it is up again" "ann src=a dst=all" bob

ip netns add elsewhere
expect_fail "vs0 can not change its namespace" 0 '.' ip link set vs0 netns elsewhere
ip link add br0 type bridge
expect_fail "vs0 can not be the slave of a bridge" 0 '.' ip link set vs0 master br0

expect_ok "iproute2 makes a switch" ip link add vs1 type vmswitch
expect_eq "... which is down until somebody sets it up" "$(values "$(vs -j show vs1)" up)" false
expect_match "both are shown" "$(all_values "$(vs -j show)" switch)" '^(vs0 vs1|vs1 vs0)$'
expect_ok "iproute2 deletes a switch" ip link del vs1
vs add-nic vs0 host0
expect_ok "del-switch deletes a switch with ports" vs del-switch vs0
expect_fail "its netdev is gone" 0 'vs0' ip link show vs0
expect_fail "its vNICs are gone" 0 'host0' ip link show host0
expect_no_match "its taps stay, without a master" "$(ip link show ann)" 'master'
expect_no_match "... and not promiscuous" "$(ip -d link show ann)" 'promiscuity [1-9]'
expect_fail "deleting it again is refused" 2 'vs0' vs del-switch vs0
finish
