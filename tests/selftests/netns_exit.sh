#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A network namespace that ends takes its switches, ports and vNICs with it, under traffic too, and nothing leaks.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

# A namespace with a switch of its own, three taps that send without a break, and a vNIC in another namespace.
rounds=4
[[ -z ${VMS_EMULATED:-}${VMS_DEBUG:-} ]] || rounds=2
ip netns add keeper
gone() {
	! ip netns list | grep -q "^$1\>"
}
for ((round = 1; round <= rounds; round++)); do
	ip netns add doomed
	in_ns doomed "$VSWCTL" batch - <<-EOT
		add-switch vs0
		add-port vs0 one dev one
		add-port vs0 two dev two
		add-port vs0 six dev six vlan trunk 1-4094
		add-nic vs0 host0
	EOT
	in_ns doomed "$VSWCTL" add-nic vs0 away netns keeper
	ip -n keeper link set away up
	in_ns doomed ip link set host0 up
	senders=()
	for name in one two; do
		ip netns exec doomed "$TESTS/frame" "tap $name" "sleep 100" \
			"blast $name src=$round dst=all srcs=50 ms=$((20000 * PATIENCE))" >/dev/null 2>&1 &
		senders+=($!)
	done
	flowing() {
		local text
		text=$(in_ns doomed "$VSWCTL" -j stats vs0 one)
		(($(json_number "$text" rx-packets) > 100))
	}
	expect_within "round $round: traffic flows" 10 flowing
	# The name goes; the taps' readers hold the namespace by their files, until they go.
	ip netns del doomed
	kill "${senders[@]}" 2>/dev/null || :
	wait "${senders[@]}" 2>/dev/null || :
	no_away() {
		! ip -n keeper link show away >/dev/null 2>&1
	}
	expect_within "round $round: its vNIC elsewhere goes with it" 10 no_away
done
expect_eq "nothing of it came to this namespace" "$(ip -br link | grep -cE '^(vs0|one|two|host0|away)' || :)" 0

# The other way round: the namespace of a device that is plugged ends, and the switch stays.
switch vs0
rig tap ann
vs add-port vs0 ann dev ann
guest vic
vs add-port vs0 vic dev vic
wait_for 3 has_link vs0 vic
ip netns del vic
vic_gone() {
	! ip link show vic >/dev/null 2>&1
}
expect_within "a guest's namespace that ends takes its veth" 10 vic_gone
expect_within "... and the port stays, without link" 3 has_no_link vs0 vic
expect_reach "... and hinders nobody" "ann src=a dst=all" -
vs add-nic vs0 web netns keeper
ip netns del keeper
expect_within "a namespace with a vNIC that ends leaves its port" 10 is_unplugged vs0 web
expect_ok "... from which the vNIC is made again" vs add-nic vs0 web
expect_ok "a vNIC's switch can go after its namespace" vs del-switch vs0
finish
