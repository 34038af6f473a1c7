#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Who may do what (decision 18): changing takes CAP_NET_ADMIN over the own network namespace, reading takes nothing and
# shows the own namespace only; a user namespace is bounded.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
vs add-port vs0 ann
# The repository may be where nobody can not look.
install -m 755 "$VSWCTL" /dev/shm/vswctl.$$
trap 'rm -f /dev/shm/*.$$' EXIT
VSWCTL=/dev/shm/vswctl.$$
as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups -- "$@"
}
expect_ok "anybody may look" as_nobody "$VSWCTL" show vs0
expect_ok "... at counters too" as_nobody "$VSWCTL" stats vs0
expect_fail "nobody else may make a switch" 2 'permi|privil' as_nobody "$VSWCTL" add-switch vs1
expect_fail "... or a port" 2 'permi|privil' as_nobody "$VSWCTL" add-port vs0 bob
expect_fail "... or change one" 2 'permi|privil' as_nobody "$VSWCTL" set-vlan vs0 ann access 5
expect_fail "... or delete one" 2 'permi|privil' as_nobody "$VSWCTL" del-port vs0 ann
expect_fail "... or flush the FDB" 2 'permi|privil' as_nobody "$VSWCTL" fdb flush vs0
expect_fail "... or the switch" 2 'permi|privil' as_nobody "$VSWCTL" del-switch vs0
expect_fail "... or begin a transaction" 2 'permi|privil' as_nobody "$VSWCTL" batch - <<<"add-port vs0 bob"
expect_fail "... or try with --check" 2 'permi|privil' as_nobody "$VSWCTL" --check del-port vs0 ann
expect_eq "nothing was changed" "$(ports_of vs0) $(port_of vs0 ann pvid)" "ann 1"
expect_eq "another namespace sees nothing of it" "$(unshare --net "$VSWCTL" -j show)" '[]'
expect_eq "the module has no alias by which a request of anybody loads it" \
	"$(modinfo -F alias "${VMSWITCH_KO:-vmswitch}" 2>/dev/null | grep -cE 'net-pf-16|family' || :)" 0
expect_match "it is loaded by its link kinds" "$(modinfo -F alias "${VMSWITCH_KO:-vmswitch}" 2>/dev/null | paste -sd' ')" \
	'rtnl-link-vms(witch|nic).*rtnl-link-vms(witch|nic)'

if ! unshare -Urn true 2>/dev/null; then
	skip "root of a user namespace may have its own switches" "no user namespaces here"
	finish
fi
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
expect_ok "root of a user namespace may have its own switches" in_container "$VSWCTL" add-switch c0
expect_ok "... and ports" in_container "$VSWCTL" add-nic c0 n0 vlan access 5
expect_eq "... that nobody else sees" "$(all_values "$(vs -j show)" switch)" vs0
batch=$(for ((i = 1; i < 64; i++)); do echo "add-switch c$i"; done)
expect_ok "... up to 64 of them" in_container "$VSWCTL" batch - <<<"$batch"
expect_fail "... and not one more" 2 'switches|many|64|limit' in_container "$VSWCTL" add-switch c64
expect_fail "... as --check says" 2 '64' in_container "$VSWCTL" --check add-switch c64
expect_fail "... also not by iproute2" 0 '.' in_container ip link add c64 type vmswitch
in_container "$VSWCTL" del-switch c7
expect_ok "... until one is deleted" in_container "$VSWCTL" add-switch c64
in_container "$VSWCTL" add-port c0 up uplink
expect_ok "its ports may want receive queues" in_container "$VSWCTL" set-vmq c0 n0 on weight 5
expect_fail "... but not say which CPU of the host serves them" 2 CAP_NET_ADMIN in_container "$VSWCTL" set-vmq c0 n0 cpu 0
expect_fail "... nor have them moved" 2 CAP_NET_ADMIN in_container "$VSWCTL" set-vmq c0 up dynamic on
expect_ok "... which the host's root may" nsenter --target "$container" --net -- "$VSWCTL" set-vmq c0 up dynamic on base-cpu 0
# It is handed an open file of the outer namespace, but has no right there.
said=$(in_container "$TESTS/genl" "PORT_NEW PORT_SWITCH=s:c0 PORT_NAME=s:x PORT_KIND=u8:2 PORT_NETNS_FD=u32:9" 9</proc/self/ns/net)
expect_match "it can not put a vNIC into a namespace that is not its own" "$said" '^error EPERM'
expect_fail "... so that there is none" 0 'x' ip link show x
expect_ok "the init user namespace has no such bound" vs batch - < <(for ((i = 1; i <= 65; i++)); do echo "add-switch v$i"; done)
kill "$container"
wait "$container" 2>/dev/null || :
finish
