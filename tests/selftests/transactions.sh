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
"$TESTS/frame" "tap ann" "sleep 200" "blast ann src=a dst=all ms=$((1500 * PATIENCE))" >/dev/null &
sender=$!
sending() {
	(($(stat_of vs0 ann rx-packets) > 100))
}
wait_for 10 sending || :
rounds=0
while kill -0 "$sender" 2>/dev/null && ((rounds < 60)); do
	vs add-port vs0 bob dev bob vlan access 20
	vs del-port vs0 bob
	rounds=$((rounds + 1))
done
wait "$sender"
rig count bob
expect_eq "a new port never is in another VLAN than it was made for" "$rig_answer" 0
expect_eq "... in at least ten tries, under traffic" "$((rounds >= 10 && $(stat_of vs0 ann rx-packets) > 100))" 1
finish
