#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# VMQ: a filter that the driver does not delete, or does not tell, is not forgotten, and one that is busy is asked again.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/selftests/vmq_lib.sh
. "$TESTS/vmq_lib.sh"

# A driver that does not delete.
anew 4
vmq_tap ann a
knob fail-delete=1000000
vs del-port vs0 ann
expect_eq "a filter that is not deleted stays" "$(rules_of_nic)" "${MAC[a]} 1"
vmq_tap bob b
expect_eq "... and its queue is nobody's" "$(vmq_of bob queue reason)" "2 granted"
vmq_tap amy a
expect_eq "... and no second rule is set for its address" "$(vmq_of amy queue reason)" "- rule-exists"
expect_match "... which is explained" "$(vs vmq show vs0 amy)" "a rule for its address already"
expect_delivered "... while frames for it come" amy a 20
knob fail-delete=0
expect_within "when the driver does delete, its port gets a queue" 5 in_state amy "1 granted"
expect_eq "... and nothing is left" "$(rules_of_nic)" "${MAC[a]} 1"$'\n'"${MAC[b]} 2"
knob fail-delete=1
vs set-mac vs0 amy "${MAC[c]}"
expect_within "the filter of an old address is deleted later" 5 rules_are "${MAC[b]} 2"$'\n'"${MAC[c]} 3"
expect_delivered "... and no frame is lost" amy c 20
knob fail-delete=1000000
vs disconnect vs0 up
expect_eq "filters of an uplink that is unplugged are not forgotten" "$(rules_of_nic | wc -l)" 2
knob fail-delete=0
expect_within "... but deleted later" 5 rules_are ""
anew 4
vmq_tap ann a
knob fail-delete=1000000
vs del-port vs0 ann
index=$(</sys/class/net/n0/ifindex)
ip link del n0
ip link add other index "$index" type dummy
pause 1500
expect_ok "a device that gets the number of a NIC that has gone is left alone" ip link del other

# ... and that does not tell.
anew 4
vmq_tap ann a
location=$(vmq_of ann location)
knob fail-read=4 fail-errno=16
vs del-port vs0 ann
# What can not be read is not listed, but counted.
no_rules() {
	output=$(ethtool -n n0 2>&1)
	printf '%s\n' "$output"
	[[ $output == *"Total 0 rules"* ]]
}
expect_within "a filter that can not be read is deleted later, too" 5 no_rules
vmq_tap amy a
knob fail-read=1000000
pause 2500
expect_eq "one that can not be read for a while is not lost" "$(vmq_of amy queue reason moves)" "1 granted 1"
knob fail-read=0
expect_eq "... nor set a second time" "$(rules_of_nic) $(vmq_of amy location)" "${MAC[a]} 1 $location"
knob fail-list=1000000
vmq_tap bob b
pause 1500
expect_eq "without a list of rules ports keep their queues" "$(vmq_of amy queue reason moves)" "1 granted 1"
expect_eq "... and none is given" "$(vmq_of bob queue reason)" "- pending"
expect_delivered "... and no frame is lost (2)" bob b 20
knob fail-list=0
expect_within "... until there is one" 5 in_state bob "2 granted"
# first_try REGEXP KNOB KEY...: what vmq show says of ann, and the rules, at a new NIC, before the next look a second
# later; on a machine that was busy for so long, another time.
first_try() {
	for _ in {1..5}; do
		anew 6 "$2" fail-errno=16
		vmq_tap ann a
		said="$(vmq_of ann "${@:3}") $(rules_of_nic)"
		[[ ! $said =~ $1 ]] || break
	done
}
first_try "refused .*busy $" fail-read=1 reason error
expect_match "a new filter that can not be read is none" "$said" "refused .*busy $"
expect_within "... and is set again soon" 5 vmq_is ann granted reason
expect_eq "... once" "$(rules_of_nic)" "${MAC[a]} $(vmq_of ann queue)"

# A driver that is busy.
first_try "- refused .*busy" fail-next=1 queue reason error
expect_match "a driver that is busy is told" "$said" "- refused .*busy"
vmq_tap bob b
expect_match "... and its table is not taken for full" "$(vmq_of bob reason)" granted
expect_within "... and it is asked again soon" 5 vmq_is ann granted reason
finish
