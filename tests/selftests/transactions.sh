#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Any number of changes take effect all or not at all (decision 13).
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

genl() {
	"$TESTS/genl" "$@"
}
ports() {
	ports_of vs0 | tr ' ' '\n' | sort | paste -sd' '
}
expect_ok "a batch makes a switch with ports" vs batch - <<-'EOT'
	# Comments and blank lines do not count.

	add-switch vs0 ageing 60
	add-port vs0 ann vlan access 10
	add-port vs0 bob vlan access 20
	set-port vs0 ann priority 3
EOT
expect_eq "... all of it" "$(ports) $(port_of vs0 ann priority)" "ann bob 3"
file=/dev/shm/batch.$$
printf '%s\n' 'add-port vs0 cid' '# nothing' 'set-vlan vs0 ann access 30' 'add-port vs0 bob' 'del-port vs0 ann' >"$file"
before=$(vs -j show)
expect_fail "a batch with a wrong line is refused, and names the line" 2 "$file:4: .*bob" vs batch "$file"
expect_eq "... and nothing of it is done" "$(vs -j show)" "$before"
printf '%s\n' 'add-port vs0 cid' 'show vs0' >"$file"
expect_fail "a batch does not read" 1 ':2:|show' vs batch "$file"
printf '%s\n' 'add-port vs0 cid' 'add-prt vs0 dan' >"$file"
expect_fail "a misspelt line is a usage error" 1 ':2:|add-prt' vs batch "$file"
expect_eq "... and nothing of it is done" "$(vs -j show)" "$before"
printf '%s\n' 'add-port vs0 cid' 'set-port vs0 cid priority 2' 'del-port vs0 bob' >"$file"
expect_ok "--check of a right batch validates" vs --check batch "$file"
expect_eq "... and changes nothing" "$(vs -j show)" "$before"
printf '%s\n' 'add-port vs0 cid' 'set-port vs0 cid vlan access 1' 'del-port vs0 nosuch' >"$file"
expect_fail "--check of a wrong batch names the line" 2 "$file:3: .*nosuch" vs --check batch "$file"
expect_ok "a batch may depend on its own lines" vs batch - <<-'EOT'
	add-port vs0 cid
	set-port vs0 cid priority 2
	del-port vs0 bob
	add-port vs0 bob vlan access 40
	set-mac vs0 ann 02:00:00:00:00:0a
	set-mac vs0 ann none
	set-mac vs0 cid 02:00:00:00:00:0a
EOT
expect_eq "... in their order" "$(port_of vs0 bob pvid) $(port_of vs0 cid priority)" "40 2"
expect_fail "a conflict that stands at its end is refused" 2 ':2:|ann|mac|address' vs batch - <<-'EOT'
	set-vlan vs0 cid access 10
	set-mac vs0 ann 02:00:00:00:00:0a
EOT
expect_eq "... and what came before it is not done either" "$(port_of vs0 cid pvid)" 1
rm -f "$file"

# Requests are matched with what those before them lead to.
master_of() {
	ip -j link show "$1" | jq -r '.[0].master // "none"'
}
lines() {
	printf '%s\n' "$@" | vs batch -
}
vs add-switch vs1
vs add-port vs1 one mac 02:00:00:00:00:01
vs add-port vs1 two mac 02:00:00:00:00:02
expect_ok "two ports swap their addresses" lines 'set-mac vs1 one 02:00:00:00:00:02' 'set-mac vs1 two 02:00:00:00:00:01'
expect_fail "the type that a switch gets decides what it takes" 2 'private' \
	lines 'set-switch vs1 type private' 'add-nic vs1 host1'
ip link add dummy1 type dummy
expect_ok "a port is made and deleted" lines 'add-port vs1 gone dev dummy1' 'del-port vs1 gone'
expect_eq "... and leaves its device alone" "$(master_of dummy1)" none
vs add-port vs1 old dev dummy1
expect_ok "a port is replaced by one of the same name" lines 'del-port vs1 old' 'add-port vs1 old dev dummy1 vlan access 7'
plugged_again() {
	[[ $(master_of dummy1) == vs1 ]]
}
expect_ok "... which gets its device" wait_for 3 plugged_again
vs disconnect vs1 old
expect_fail "a vNIC's port does not get the foreign device of the one before" 2 'dummy1' \
	lines 'del-port vs1 old' 'add-nic vs1 old dev dummy1 link-follow on'
expect_ok "a vNIC's port replaces one of another kind" lines 'del-port vs1 old' 'add-nic vs1 old dev vnic1'
expect_eq "... and has its vNIC" "$(port_of vs1 old kind) $(ip -d -j link show vnic1 | jq -r '.[0].linkinfo.info_kind')" \
	"internal vmsnic"
vs set-switch vs1 fdb-max 64
many=()
for i in {16..95}; do
	many+=("$(printf 'add-port vs1 p%d dev none%d mac 02:00:00:00:01:%02x' "$i" "$i" "$i")")
done
expect_ok "addresses fit by the fdb-max that comes with them" lines 'set-switch vs1 fdb-max 1000' "${many[@]}"
expect_ok "the switch goes, with all that was plugged" vs del-switch vs1

# A device goes from one port to another in one transaction.
holders() {
	local port
	for port in "${@:2}"; do
		port_of "$1" "$port" dev
	done | paste -sd' '
}
for name in ann bob cid; do
	rig tap "$name"
	vs add-port vs0 "m$name" vlan access 60
done
vs connect vs0 mann dev ann
vs connect vs0 mbob dev bob
vs connect vs0 mcid dev cid
send ann src=a1 dst=all
send bob src=b1 dst=all
expect_fail "a device is not taken from a port that keeps it" 2 ':1: .*disconnect' lines 'connect vs0 mbob dev ann' 'disconnect vs0 mann'
expect_ok "--check of a move" vs --check batch - <<<$'disconnect vs0 mann\nconnect vs0 mbob dev ann'
expect_eq "... changes nothing" "$(holders vs0 mann mbob)" "ann bob"
expect_ok "a device moves from one port to another" lines 'disconnect vs0 mann' 'connect vs0 mbob dev ann'
expect_eq "... at once" "$(holders vs0 mann mbob) $(link_of vs0 mann) $(link_of vs0 mbob)" "- ann false true"
expect_reach "... with its frames" "ann src=a1 dst=all" cid
expect_ok "... and back, and the other one with it" lines 'connect vs0 mbob dev bob' 'connect vs0 mann dev ann'
expect_eq "... at once" "$(holders vs0 mann mbob) $(link_of vs0 mann) $(link_of vs0 mbob)" "ann bob true true"
send ann src=a1 dst=all
send bob src=b1 dst=all
expect_reach "unicast goes to where the device is" "cid src=c1 dst=a1" ann
expect_ok "two ports swap their devices" lines 'disconnect vs0 mann' 'disconnect vs0 mbob' \
	'connect vs0 mann dev bob' 'connect vs0 mbob dev ann'
expect_eq "... at once" "$(holders vs0 mann mbob) $(link_of vs0 mann) $(link_of vs0 mbob)" "bob ann true true"
expect_reach "... and what was behind the other one is not looked for here" "cid src=c1 dst=a1" "ann bob"
expect_reach "... nor there" "cid src=c1 dst=b1" "ann bob"
expect_ok "three go round, the first one by a port in between" lines 'disconnect vs0 mcid' 'connect vs0 mcid dev bob2' \
	'disconnect vs0 mann' 'connect vs0 mcid dev bob' 'connect vs0 mann dev cid'
expect_eq "... at once" "$(holders vs0 mann mbob mcid) $(link_of vs0 mcid)" "cid ann bob true"
expect_ok "a port is disconnected and connected again" lines 'disconnect vs0 mann' 'connect vs0 mann dev cid'
expect_eq "... and is as before" "$(holders vs0 mann) $(link_of vs0 mann)" "cid true"
before=$(vs -j show)
expect_fail "a move is refused with what comes after it" 2 ':4: .*nosuch' lines 'disconnect vs0 mann' 'disconnect vs0 mbob' \
	'connect vs0 mann dev ann' 'set-port vs0 nosuch priority 1'
expect_eq "... and all is as before" "$(vs -j show)" "$before"
expect_reach "... also for frames" "cid src=c1 dst=all" "ann bob"
before=$(vs -j show)
expect_fail "... or at the end of all" 2 ':1: .*address|:2: .*address' lines 'set-mac vs0 mann 02:00:00:00:00:77' \
	'set-mac vs0 mbob 02:00:00:00:00:77' 'disconnect vs0 mann' 'connect vs0 mcid dev cid'
expect_eq "... likewise" "$(vs -j show)" "$before"
expect_ok "the port of a device is deleted, another one made" lines 'del-port vs0 mann' 'add-port vs0 mcat dev cid vlan access 60'
expect_eq "... at once" "$(holders vs0 mcat) $(link_of vs0 mcat)" "cid true"
expect_reach "... with its frames" "cid src=c1 dst=all" "ann bob"
expect_ok "a device moves to another switch" lines 'add-switch vs1' 'disconnect vs0 mcat' 'add-port vs1 mcid dev cid'
expect_eq "... at once" "$(master_of cid) $(holders vs1 mcid) $(holders vs0 mcat) $(link_of vs1 mcid)" "vs1 cid - true"
expect_reach "... and is in that one only" "ann src=a1 dst=all" bob
expect_ok "... to become the uplink of the first" lines 'disconnect vs1 mcid' 'add-port vs0 mup dev cid uplink'
expect_eq "... at once" "$(master_of cid) $(link_of vs0 mup) $(values "$(ip -j -d link show cid)" promiscuity)" "vs0 true 1"
expect_reach "... with its frames" "cid src=c1 dst=all vlan=60" "ann bob"
before=$(vs -j show)
expect_fail "a move is refused with a device that can not be made" 2 ':5: ' lines 'disconnect vs0 mbob' 'disconnect vs0 mcid' \
	'connect vs0 mbob dev bob' 'add-port vs1 mann dev ann' 'add-nic vs0 dummy1'
expect_eq "... and all is as before" "$(vs -j show)" "$before"
expect_ok "an uplink is replaced, with the same device" lines 'del-port vs0 mup' 'add-port vs0 mup2 dev cid uplink vlan access 60'
expect_eq "... at once" "$(link_of vs0 mup2) $(values "$(ip -j -d link show cid)" promiscuity)" "true 1"
expect_reach "... and another setting" "cid src=c1 dst=all" "ann bob"
ip link add dummy2 type dummy
expect_ok "a free device may be named twice" lines 'add-port vs1 first dev dummy2' 'disconnect vs1 first' 'connect vs1 mcid dev dummy2' \
	'connect vs1 mcid dev dummy2'
expect_eq "... the last one has it" "$(master_of dummy2) $(holders vs1 first mcid)" "vs1 - dummy2"
vs del-switch vs1
for name in mbob mcid mcat mup2; do
	vs del-port vs0 "$name"
done
ip link del dummy2
for name in ann bob cid; do
	rig close "$name"
done

# The messages below.
p="PORT_SWITCH=s:vs0"
expect_eq "staged changes take effect at the commit" \
	"$(genl TXN_BEGIN "PORT_NEW $p PORT_NAME=s:t1" "PORT_NEW $p PORT_NAME=s:t2" TXN_COMMIT | paste -sd' ')" "ok ok ok ok"
expect_match "... really" "$(ports)" 't1 t2'
said=$(genl TXN_BEGIN "PORT_NEW $p PORT_NAME=s:t3" "PORT_NEW $p PORT_NAME=s:t1" TXN_COMMIT | paste -sd' ')
expect_match "a commit that is refused says which message" "$said" '(failed 1 error EEXIST|ok ok error EEXIST)'
expect_no_match "... and does none" "$(ports)" 't3'
genl TXN_BEGIN "PORT_NEW $p PORT_NAME=s:t4" TXN_ABORT TXN_COMMIT >"$file"
expect_match "an aborted transaction is forgotten" "$(paste -sd' ' "$file")" '^ok ok ok error'
genl TXN_BEGIN "PORT_NEW $p PORT_NAME=s:t5" >"$file"
expect_no_match "one whose socket closes is too" "$(ports)" 't[45]'
# What the netlink core refuses never gets to the transaction.
said=$(genl TXN_BEGIN "PORT_NEW $p PORT_NAME=s:t7" "PORT_NEW $p PORT_NAME=s:t8 PORT_PRIORITY=u8:9" "TXN_COMMIT TXN_COUNT=u32:2" \
	"TXN_COMMIT TXN_COUNT=u32:1" | paste -sd' ')
expect_match "a commit of more requests than are staged is refused" "$said" \
	'^ok ok error (ERANGE|EINVAL) PORT_PRIORITY .*error EINVAL TXN_COUNT .*staged'
expect_match "... and the transaction is over" "$said" 'error ENOENT'
expect_no_match "... without effect" "$(ports)" 't[78]'
expect_eq "a commit of as many as are staged is taken" \
	"$(genl TXN_BEGIN "PORT_NEW $p PORT_NAME=s:t9" "TXN_COMMIT TXN_COUNT=u32:1" | paste -sd' ')" "ok ok ok"
expect_match "a second one on a socket is refused" "$(genl TXN_BEGIN TXN_BEGIN | paste -sd' ')" '^ok error (EBUSY|EALREADY|EEXIST|EINVAL|EINPROGRESS)'
expect_match "a commit without one is refused" "$(genl TXN_COMMIT)" '^error'
expect_match "a commit with CHECK validates" "$(genl TXN_BEGIN "PORT_NEW $p PORT_NAME=s:t6" "TXN_COMMIT TXN_CHECK=flag" | paste -sd' ')" '^ok ok ok'
expect_no_match "... and changes nothing" "$(ports)" 't6'
rm -f "$file"

# A port is seen by the data path with its whole configuration or not at all.
rig tap bob
rig tap ann
vs set-port vs0 ann dev ann vlan access 1
wait_for 3 has_link vs0 ann
vs del-port vs0 bob
# Its own sender: broadcasts of VLAN 1 without a break, while a port of VLAN 20 comes and goes.
rig close ann
"$TESTS/frame" "tap ann" "sleep 200" "blast ann src=a dst=all ms=$((20000 * PATIENCE))" >/dev/null &
sender=$!
sending() {
	(($(stat_of vs0 ann rx-packets) > 100))
}
wait_for 10 sending || :
rounds=0
until=$((SECONDS + 6 * PATIENCE))
while kill -0 "$sender" 2>/dev/null && ((rounds < 10 || (rounds < 60 && SECONDS < until))); do
	vs add-port vs0 bob dev bob vlan access 20
	vs del-port vs0 bob
	rounds=$((rounds + 1))
done
kill "$sender" 2>/dev/null || :
wait "$sender" || :
rig count bob
expect_eq "a new port never is in another VLAN than it was made for" "$rig_answer" 0
expect_eq "... in at least ten tries, under traffic" "$((rounds >= 10 && $(stat_of vs0 ann rx-packets) > 100))" 1
finish
