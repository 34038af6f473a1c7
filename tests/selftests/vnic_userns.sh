#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The root of a container that holds a vNIC gains nothing by it (decision 3): the address, VLAN and life of the port
# belong to the switch. All is done here as root of a user namespace that has no right over the switch's.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"
unshare -Ur true 2>/dev/null || skip_all "no user namespaces here"

switch vs0
tap bob
tap eve mac "${MAC[e]}"
vs add-nic vs0 pod mac "${MAC[c]}"
unshare --user --map-root-user --net sleep infinity &
container=$!
in_container() {
	nsenter --target "$container" --user --net --preserve-credentials -- "$@"
}
apart() {
	[[ $(readlink "/proc/$container/ns/net") != "$(readlink /proc/self/ns/net)" &&
		$(<"/proc/$container/uid_map") == *[0-9]* ]]
}
wait_for 5 apart
ip link set pod netns "$container"
in_container ip link set pod up
wait_for 3 has_link vs0 pod
rig packet pod "netns=/proc/$container/ns/net"
policy() {
	port_of vs0 pod mac mode pvid unknown-flood mac-limit state
}
before=$(policy)
expect_reach "the container is on the switch" "pod src=c dst=all" "bob eve"

expect_fail "it can not take another's address" 0 '.' in_container ip link set pod address "${MAC[e]}"
expect_fail "... nor a free one" 0 '.' in_container ip link set pod address "${MAC[99]}"
in_container ip link set pod down
expect_fail "... nor while the vNIC is down" 0 'address|permit' in_container ip link set pod address "${MAC[99]}"
expect_fail "... nor the other's then" 0 'address|permit' in_container ip link set pod address "${MAC[e]}"
in_container ip link set pod up
wait_for 3 has_link vs0 pod
expect_reach "... nor send from one" "pod src=e dst=all" -
expect_reach "what is for the other goes there" "bob src=b dst=e" eve
expect_reach "what is for the container comes to it" "bob src=b dst=c" pod
in_container ip link set pod promisc on
expect_reach "promiscuity brings it no frames of others" "bob src=b dst=e" eve
expect_reach "... nor unknown ones" "bob src=b dst=99" -
in_container ip link set pod promisc off
in_container ip link set pod allmulticast on || :
in_container bridge fdb add "${MAC[e]}" dev pod self 2>/dev/null || :
expect_reach "an address in its filter list brings it nothing" "bob src=b dst=e" eve
in_container ip link add link pod name pod.5 type vlan id 5 2>/dev/null || :
in_container ip link add link pod name mac0 address "${MAC[e]}" type macvlan 2>/dev/null || :
in_container ip link set mac0 up 2>/dev/null || :
expect_reach "a macvlan on it with another's address brings it nothing" "bob src=b dst=e" eve
in_container ip link del mac0 2>/dev/null || :
in_container ip link set pod mtu 1400 2>/dev/null || :
in_container ethtool -K pod tso off gro on >/dev/null 2>&1 || :
expect_fail "it can not see the switch" 2 'vs0' in_container "$VSWCTL" show vs0
expect_fail "... nor change it" 2 '.' in_container "$VSWCTL" set-vlan vs0 pod access 5
expect_fail "it can not make a vNIC of its own on it" 0 '.' in_container ip link add link vs0 name pod2 type vmsnic
expect_eq "nothing of this has changed the port" "$(policy)" "$before"

in_container ip link set pod down
in_container ip link set pod name eth0
in_container ip link set eth0 up
wait_for 3 has_link vs0 pod
expect_reach "a new name changes nothing" "bob src=b dst=c" pod
in_container ip link del eth0
wait_for 3 has_no_link vs0 pod
expect_eq "deleting it leaves the port" "$(port_of vs0 pod mac mode pvid)" "${MAC[c]} access 1"
rig close pod
vs add-nic vs0 pod
expect_eq "it is made again with the port's address" "$(<"/sys/class/net/pod/address")" "${MAC[c]}"

# The admin can allow a change of address, but not of another's.
ip link set pod netns "$container"
vs set-port vs0 pod mac-change on
expect_fail "mac-change on: an address that is another's is still refused" 0 '.' \
	in_container ip link set pod address "${MAC[e]}"
expect_ok "mac-change on: a free one is taken" in_container ip link set pod address "${MAC[99]}"
expect_eq "... and is the port's then" "$(port_of vs0 pod mac)" "${MAC[99]}"
in_container ip link set pod up
rig packet pod "netns=/proc/$container/ns/net"
wait_for 3 has_link vs0 pod
expect_reach "... to send from" "pod src=99 dst=all" "bob eve"
expect_reach "... and to receive at" "bob src=b dst=99" pod
expect_reach "... and the old one is no more" "pod src=c dst=all" -
rig close pod
kill "$container"
wait "$container" 2>/dev/null || :
expect_within "the container's end leaves the port" 5 has_no_link vs0 pod
finish
