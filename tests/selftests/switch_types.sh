#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The type of a switch is a rule on which NIC kinds may be plugged, and can be changed in place.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0 type private
expect_eq "show prints the type" "$(values "$(vs -j show vs0)" type)" private
taps ann,bob
expect_fail "a private switch takes no uplink" 2 'private|type|uplink' vs add-port vs0 up0 dev up0 uplink
expect_fail "... and no vNIC" 2 'private|type|internal|vNIC' vs add-nic vs0 host0
expect_fail "... also not by iproute2" 0 '.' ip link add link vs0 name host0 type vmsnic
expect_fail "... of which nothing is left" 0 'host0' ip link show host0
expect_reach "its guests hear each other" "ann src=a dst=all" bob
expect_ok "it becomes internal in place" vs set-switch vs0 type internal
expect_fail "an internal switch takes no uplink" 2 'internal|type|uplink' vs add-port vs0 up0 dev up0 uplink
expect_ok "... but vNICs" vs add-nic vs0 host0 mac "${MAC[f]}"
ip link set host0 up
rig packet host0
expect_reach "guests hear the host" "host0 src=f dst=all" "ann bob"
expect_fail "it can not become private while it has a vNIC" 2 'host|vNIC|internal|private' vs set-switch vs0 type private
expect_ok "it becomes external in place" vs set-switch vs0 type external
expect_ok "an external switch takes an uplink" outside up0
expect_reach "which carries everybody's frames" "up0 src=77 dst=all" "ann bob host0"
expect_fail "it can not become internal while it has one" 2 'up0|uplink|internal' vs set-switch vs0 type internal
expect_eq "a refused change changes nothing" "$(values "$(vs -j show vs0)" type)" external
expect_reach "... and hinders nobody" "up0 src=77 dst=all" "ann bob host0"
vs del-port vs0 up0
expect_ok "without the uplink it can" vs set-switch vs0 type internal
expect_fail "an unknown type is a usage error" 1 'sideways' vs set-switch vs0 type sideways
finish
