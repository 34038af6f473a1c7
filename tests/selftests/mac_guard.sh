#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A port that was given MACs sends from them only; giving a port its MAC is all it takes to lock it.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
tap ann mac "${MAC[a]}"
tap bob
tap eve

expect_reach "its own source address passes" "ann src=a dst=all" "bob eve"
expect_reach "another one is dropped" "ann src=77 dst=all" -
expect_eq "... and counted as mac-guard" "$(drop_of vs0 ann mac-guard)" 1
expect_reach "an address one bit away is dropped" "ann src=b dst=all" -
expect_eq "a spoofed frame teaches nothing" "$(fdb_of vs0 mac "${MAC[77]}")" ""
expect_reach "a port without MACs sends from any" "bob src=99 dst=all" "ann eve"
expect_reach "a group as source is invalid there too" "bob src=01:00:5e:00:00:01 dst=all" -
expect_eq "... counted as mac-invalid" "$(drop_of vs0 bob mac-invalid)" 1
expect_reach "the zero address as source is invalid" "bob src=00:00:00:00:00:00 dst=all" -
expect_eq "... counted too" "$(drop_of vs0 bob mac-invalid)" 2

vs set-mac vs0 ann "${MAC[a]},${MAC[a1]}"
expect_reach "a port may have several addresses" "ann src=a1 dst=all" "bob eve"
expect_reach "... and gets what is for each of them" "bob src=99 dst=a1" ann
vs set-mac vs0 ann "${MAC[a2]}"
expect_reach "an address that was taken away passes no more" "ann src=a dst=all" -
expect_reach "the new one passes" "ann src=a2 dst=all" "bob eve"
expect_reach "... and the old one is nobody's" "bob src=99 dst=a1" eve
vs set-port vs0 ann mac-guard off
expect_reach "mac-guard off lets any source pass" "ann src=5 dst=all" "bob eve"
expect_eq "... but the port learns nothing" "$(fdb_of vs0 mac "${MAC[5]}")" ""
vs set-port vs0 ann mac-guard on
expect_reach "mac-guard on holds again" "ann src=5 dst=all" -
vs set-mac vs0 ann none
expect_reach "a port whose MACs are taken away learns" "ann src=5 dst=all" "bob eve"
expect_reach "... and is found" "bob src=99 dst=5" ann

expect_fail "a group address is refused" 0 'mac' vs set-mac vs0 ann 01:00:5e:00:00:01
expect_fail "the zero address is refused" 0 'mac' vs set-mac vs0 ann 00:00:00:00:00:00
expect_fail "text that is no address is a usage error" 1 'mac|xyz' vs set-mac vs0 ann xyz
vs set-mac vs0 ann "${MAC[a]}"
expect_fail "two ports of a VLAN can not have one address" 2 'mac|address' vs set-mac vs0 bob "${MAC[a]}"
vs set-vlan vs0 bob access 20
expect_ok "... unless their VLANs are disjoint" vs set-mac vs0 bob "${MAC[a]}"
expect_fail "... and stay so" 2 'mac|vlan|address' vs set-vlan vs0 bob access 1
vs set-vlan vs0 eve access 20
expect_reach "one address in two VLANs leads to the port of the frame's VLAN" "eve src=e dst=a" bob
vs set-vlan vs0 eve access 1
expect_reach "... in each of them" "eve src=e dst=a" ann

# Somebody has been learned with the address where its owner comes to.
tap tom mac "${MAC[c]}" vlan access 30
tap mal vlan access 40
tap pat vlan access 40
send mal src=c dst=all
expect_eq "an address is learned where its owner is not" "$(fdb_of vs0 mac "${MAC[c]}" vlan 40)" "${MAC[c]} 40 mal dynamic"
vs set-vlan vs0 tom access 40
expect_eq "... and forgotten when its owner comes" "$(fdb_of vs0 mac "${MAC[c]}" vlan 40)" ""
expect_reach "... who gets what is for it" "pat src=d dst=c" tom
send mal src=c dst=all
expect_reach "... and goes on to" "pat src=d dst=c" tom
finish
