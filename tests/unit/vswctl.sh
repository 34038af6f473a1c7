#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Tests of vswctl that need no kernel module: usage errors, help, and, against a fake kernel that is preloaded,
# what it prints and how it fails. Everything runs under the address and undefined sanitizers.
# Ends in 'N passed, N failed'; exit status 1 if one failed.
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C.UTF-8

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

passed=0
failed=0
output=
status=0

verdict() {
	local good=$1 name=$2
	if ((good)); then
		passed=$((passed + 1))
		printf 'ok   %s\n' "$name"
	else
		failed=$((failed + 1))
		printf 'FAIL %s\nexit status %s of: %s\n' "$name" "$status" "$output"
	fi
}

# run CMD...: its exit status in $status, all that it says in $output.
run() {
	status=0
	output=$("$@" 2>&1) || status=$?
}

# expect NAME STATUS REGEXP CMD...: it ends with STATUS and says something like REGEXP.
expect() {
	local name=$1 wanted=$2 regexp=$3 good=0
	shift 3
	run "$@"
	if ((status == wanted)) && grep -qE -- "$regexp" <<<"$output"; then
		good=1
	fi
	verdict "$good" "$name"
}

# usage NAME REGEXP WORD...: a usage error in one line, that says where help is.
usage() {
	local name=$1 regexp=$2 good=0
	shift 2
	run "$WORK/vswctl" "$@"
	if ((status == 1)) && [[ $(wc -l <<<"$output") == 1 && $output == 'vswctl: '*'try vswctl help'* ]] &&
		grep -qE -- "$regexp" <<<"$output"; then
		good=1
	fi
	verdict "$good" "$name"
}

# is NAME WANTED CMD...: it succeeds and says exactly that.
is() {
	local name=$1 wanted=$2 good=0
	shift 2
	run "$@"
	if ((status == 0)) && [[ $output == "$wanted" ]]; then
		good=1
	fi
	verdict "$good" "$name"
}

# fake WORD...: vswctl on the fake kernel.
fake() {
	LD_PRELOAD="$SANITIZER $WORK/fake_nl.so" "$WORK/vswctl" "$@"
}

# fake_batch TEXT WORD...: a batch of these lines on the fake kernel.
fake_batch() {
	local text=$1
	shift
	printf '%b' "$text" >"$WORK/batch"
	fake "$@" batch "$WORK/batch"
}

verbs() {
	"$WORK/vswctl" help | sed -n '/^commands:/,/^$/s/^  \([a-z-]*\( show\| add\| del\| flush\| moves\)\{0,1\}\) .*/\1/p'
}

keys() {
	{
		"$WORK/vswctl" help add-port
		"$WORK/vswctl" help add-nic
		"$WORK/vswctl" help add-switch
	} | sed -n '/^keys/,/^examples/s/^  \([a-z][a-z-]*\).*/\1/p' | sort -u
}

build() {
	local cc=${CC:-cc}
	make -s -C "$TOP/tools/vswctl" -j "$(nproc)" SANITIZE=1 O="$WORK"
	"$cc" -Wall -Wextra -O -shared -fPIC -I "$TOP/include/uapi" -o "$WORK/fake_nl.so" "$TOP/tests/unit/fake_nl.c"
	SANITIZER=$("$cc" -print-file-name=libasan.so)
}

test_usage() {
	local -a port=(set-port vs0 web) long=()
	local macs

	usage "an unknown command" 'unknown command "frobnicate"' frobnicate
	usage "an ambiguous command" '"add" is ambiguous: add-switch, add-port, add-nic' add
	usage "an unknown option" '"--frob"' --frob
	usage "... among known ones" '"-x"' -jx show
	usage "an option without value" '"-n"' -n
	usage "... a long one" '"--netns"' --netns
	usage "a name is missing" 'name of the switch' del-switch
	usage "a second name is missing" 'name of the port' del-port vs0
	usage "a switch name of 16 bytes" '1 to 15' del-switch sixteen-bytes-xx
	usage "a port name of 32 bytes" '1 to 31' del-port vs0 "$(printf 'a%.0s' {1..32})"
	usage "an empty name" '1 to 15' del-switch ''
	usage "a word too many" '"b" is one word too many' del-switch a b
	usage "an unknown key" '"colour" is not one of dev, mac' "${port[@]}" colour red
	usage "an ambiguous key" '"mac-" is ambiguous: mac-limit, mac-guard, mac-change' "${port[@]}" mac- 3
	usage "a key of another command" '"netns" is not one of' "${port[@]}" netns blue
	usage "a value is missing" 'admin: its value up\|down is missing' "${port[@]}" admin
	usage "a wrong word" '"sideways" is not one of down, up' "${port[@]}" admin sideways
	usage "an ambiguous word" '"o" is ambiguous: off, on' "${port[@]}" autoup o
	usage "a key twice" 'admin: given twice' "${port[@]}" admin up admin down
	usage "flood and one of its three" 'mcast-flood' "${port[@]}" mcast-flood on flood off
	usage "flood and the first of its three" 'mcast-flood' "${port[@]}" unknown-flood on flood off
	usage "one of the three and flood" 'given twice' "${port[@]}" flood off bcast-flood on
	usage "no key at all" 'KEY VALUE is missing' "${port[@]}"
	usage "what is no number" '"many" is not a number' "${port[@]}" mac-limit many
	usage "a hexadecimal number" 'not a number' "${port[@]}" mac-limit 0x10
	usage "a number of more than 32 bits" 'not in 0..4294967295' "${port[@]}" mac-limit 4294967296
	usage "a number of more than 64 bits" 'not in 0..4294967295' "${port[@]}" mac-limit 99999999999999999999999
	usage "a number of more than 8 bits" 'not in 0\.\.7;' "${port[@]}" priority 256
	for macs in 52:54:00:00:00 52:54:00:00:00:01:02 52:54:00:00:00:0g 52.54.00.00.00.01 '' 525400000001 \
		'52:54:00:00:00:01,' ,52:54:00:00:00:01 52:54:00:00:00:01,none; do
		usage "the bad MAC list '$macs'" 'is not a MAC address' set-mac vs0 web "$macs"
	done
	long=(52:54:00:00:00:{10..74})
	macs=$(IFS=,; printf '%s' "${long[*]}")
	usage "65 MACs" 'more than 64' set-mac vs0 web "$macs"
	for macs in 0 4095 10,4095 0-10 20-10 '10,' ,10 10,,20 - 10- -10 1-2-3 '' all 1.5 4294967297 99999999999; do
		usage "the bad VLAN list '$macs'" 'is not a list of VLANs 1..4094' set-vlan vs0 web trunk -- "$macs"
	done
	usage "VID 0" 'access: 0 is not in 1..4094' set-vlan vs0 web access 0
	usage "VID 4095" 'access: 4095 is not in 1..4094' "${port[@]}" vlan access 4095
	usage "native VID 4095" 'native: 4095 is not in 1..4094' "${port[@]}" vlan trunk 1-10 native 4095
	usage "a VLAN mode that is none" '"hybrid" is not one of access, trunk' set-vlan vs0 web hybrid 10
	usage "a trunk without list" 'list of the trunk is missing' set-vlan vs0 web trunk
	usage "no VLANs" 'vlan: its value' set-vlan vs0 web
	usage "words behind VLANs" 'one word too many' set-vlan vs0 web access 10 admin up
	usage "a device name of 16 bytes" '1 to 15' connect vs0 web dev sixteen-bytes-xx
	usage "connect without device" 'dev NETDEV is missing' connect vs0 web
	usage "fdb alone" 'show, add, del, flush is missing' fdb
	usage "fdb with a wrong word" '"sing" is not one of' fdb sing vs0
	usage "fdb add without port" 'port PORT is missing' fdb add vs0 mac 52:54:00:00:00:01 vlan 1
	usage "fdb add in VLAN 4095" 'not in 1..4094' fdb add vs0 mac 52:54:00:00:00:01 vlan 4095 port a
	usage "fdb show of two types" 'given twice' fdb show vs0 dynamic static
	usage "explain without source" 'src MAC is missing' explain vs0 port web dst 52:54:00:00:00:01
	usage "explain with VID 4096" 'not in 0..4095' explain vs0 port a src 52:54:00:00:00:01 \
		dst 52:54:00:00:00:01 vlan 4096
	usage "monitor with a wrong count" 'not in 1..' monitor count 0
	usage "show with a word too many" 'one word too many' show vs0 web more
	usage "--check of what changes nothing" 'change something' --check show
	usage "set-vmq with nothing to set" 'KEY VALUE is missing' set-vmq vs0 web
	usage "set-vmq on and off" 'off: given twice' set-vmq vs0 web on off
	usage "a weight that is no number" '"much" is not a number' set-vmq vs0 web weight much
	usage "a CPU that is no number" '"any" is not a number' set-vmq vs0 web cpu any
	usage "no first CPU" '"auto" is not a number' set-vmq vs0 up base-cpu auto
	usage "vmq alone" 'show, moves is missing' vmq
	usage "vmq show with a word too many" 'one word too many' vmq show vs0 web more
	usage "batch without file" 'FILE or - is missing' batch
	usage "help of an unknown command" 'unknown command' help frobnicate
}

test_help() {
	local verb first

	expect "no command: the list" 1 '^  add-port ' "$WORK/vswctl"
	expect "-h: the list" 0 '^  add-port ' "$WORK/vswctl" -h
	expect "help: the list" 0 '^  add-port ' "$WORK/vswctl" help
	expect "-V" 0 '^vswctl [0-9]+\.' "$WORK/vswctl" -V
	expect "--version" 0 '^vswctl [0-9]+\.' "$WORK/vswctl" --version
	while read -r -a verb; do
		first=${verb[*]}
		expect "help $first" 0 "^usage: vswctl \[OPTIONS\] $first" "$WORK/vswctl" help "${verb[@]}"
		expect "help $first has an example" 0 "^  vswctl.* ${verb[0]}" "$WORK/vswctl" help "${verb[@]}"
		expect "$first help" 0 "^usage: vswctl \[OPTIONS\] $first" "$WORK/vswctl" "${verb[@]}" help
		run grep -qE "^\.It Cm $first( |\$)" "$TOP/Documentation/vswctl.8"
		verdict $((!status)) "$first is in the manual page"
		run grep -qE "[' \"(]${verb[0]}[)' \"]" "$TOP/tools/vswctl/completion/vswctl"
		verdict $((!status)) "$first is in the completion"
	done < <(verbs)
	expect "help fdb explains all of it" 0 'flush SWITCH' "$WORK/vswctl" help fdb
	expect "help of an abbreviation" 0 '^usage: .* del-port' "$WORK/vswctl" help del-p
	while read -r verb; do
		run grep -qE "^\.It Cm $verb( |\$)" "$TOP/Documentation/vswctl.8"
		verdict $((!status)) "the key $verb is in the manual page"
		run grep -qwF -- "$verb" "$TOP/tools/vswctl/completion/vswctl"
		verdict $((!status)) "the key $verb is in the completion"
	done < <(keys)
	while read -r verb; do
		run grep -qE "^\.It Sy $verb\$" "$TOP/Documentation/vswctl.8"
		verdict $((!status)) "the drop reason $verb is in the manual page"
	done < <(sed -n '/^enum vms_drop_reason/,/^}/s/^\tVMS_DROP_\([A-Z_]*\),.*/\1/p' \
		"$TOP/include/uapi/linux/vmswitch.h" | grep -v '^NONE$' | tr 'A-Z_' 'a-z-')
}

test_show() {
	expect "no module" 2 '^vswctl: the vmswitch module is not loaded \(modprobe vmswitch\)$' \
		env FAKE_ABSENT=1 "$WORK/fake" show
	is "nothing to show" '' env FAKE_EMPTY=1 "$WORK/fake" show
	is "JSON of nothing to show" '[]' env FAKE_EMPTY=1 "$WORK/fake" -j show
	is "JSON of an empty FDB" '[]' env FAKE_EMPTY=1 "$WORK/fake" -j fdb show vs0
	expect "a switch" 0 '^switch vs0: external, up, uplink up0, ageing 300 s, fdb 2 of 16384, 3 ports$' fake show
	expect "a port in the table" 0 \
		'^  web +netdev +tap0 +unplugged +access 10 +52:54:00:00:00:01 \+1 +guard$' fake show vs0
	expect "the uplink in the table" 0 \
		'^  up0 +external +eth0 +up +trunk 10,20,100-200 +- +learns,unknown$' fake show vs0
	expect "a long VLAN list is cut between VIDs" 0 ' trunk 10,20,... native 10 +- ' \
		env FAKE_NATIVE=1 "$WORK/fake" show vs0
	expect "... but not in the block of the port" 0 '^  vlan +trunk 10,20,100-200,300-301 native 10$' \
		env FAKE_NATIVE=1 "$WORK/fake" show vs0 up0
	expect "an MTU above the uplink's" 0 '^  host0 .*guard,mtu>uplink$' fake sh vs0
	expect "an uplink that filters" 0 '^  up0 .*learns,unknown,filters,refused$' env FAKE_FILTER=1 "$WORK/fake" show vs0
	expect "an uplink that should" 0 '^  up0 .*,promisc,refused$' env FAKE_FILTER=3 "$WORK/fake" show vs0
	expect "... and why it does not" 0 '^  filter-state +promiscuous: a port learns' \
		env FAKE_FILTER=3 "$WORK/fake" show vs0 up0
	expect "... in JSON" 0 '"uplink-filter":true,"filter-state":"refused","vlan-refused":7,"mac-refused":2' \
		env FAKE_FILTER=4 "$WORK/fake" -j show vs0
	expect "a state of the filter that is newer than the tool" 0 '^  filter-state +99$' \
		env FAKE_FILTER=99 "$WORK/fake" show vs0 up0
	expect "a port" 0 '^  vlan +access 10$' fake show vs0 web
	expect "a value that is newer than the tool" 0 '^  qdisc +99$' fake show vs0 web
	expect "an unknown switch" 2 '^vswctl: switch vs9: there is no such switch$' fake show vs9
	expect "an unknown port" 2 '^vswctl: port vs0/x: there is no such port$' fake show vs0 x
	expect "JSON of ports" 0 '"vlan":\{"mode":"trunk","vlans":"10,20,100-200"\},"admin":"up"' fake -j show
	expect "JSON of an access port" 0 '"vlan":\{"mode":"access","pvid":10\}' fake show vs0 -j
	expect "JSON of a state" 0 '"state":\["admin"\],"link":false,"auto":false' fake --json show vs0 web
	expect "JSON of no MAC" 0 '"mac":\[\]' fake -j show vs0 up0
	expect "a negative namespace id" 0 '"netnsid":-1' fake -j show vs0 host0
	expect "a name that is not UTF-8" 0 '^switch vs\?: .* 3 ports$' env FAKE_NAME=$'vs\xe9' "$WORK/fake" show
	expect "... in JSON" 0 '"switch":"vs\?".*"ports":\[\{' env FAKE_NAME=$'vs\xe9' "$WORK/fake" -j show
	for word in show 'show vs0 web' stats 'stats vs0 web' 'vmq show' 'monitor count 2'; do
		# shellcheck disable=SC2086  # several words
		expect "a name with an escape: $word" 0 'v\?\[31ms\?\?' \
			env FAKE_NAME=$'v\e[31ms\xc2\x9b' "$WORK/fake" $word
		run grep -q $'[\e\x9b]' <<<"$output"
		verdict "$status" "... does not reach the terminal"
	done
	run fake -j show
	python3 -c 'import json, sys; json.load(sys.stdin)' <<<"$output" || status=$?
	verdict $((!status)) "the JSON is JSON"
	expect "a dump that is torn twice" 0 '^switch vs0' env FAKE_TORN=2 "$WORK/fake" show
	expect "a dump that is torn always" 2 'changed each time' env FAKE_TORN=1000 "$WORK/fake" show vs0
	expect "a full disk" 2 'standard output: No space' "$WORK/full" show
	expect "counters" 0 '^vs0/web +1099511627776 .*mac-guard 3, too-big 4, reason-999 5$' fake stats
	expect "counters of a port" 0 '^  drop mac-guard +3  \(the source address is not' fake stats vs0 web
	expect "counters of VLANs" 0 '^  10 +1099511627776' fake stats vs0 vlan
	expect "JSON of counters" 0 '"drops":\{"mac-guard":3,"too-big":4,"reason-999":5\}' fake -j stats vs0
	expect "JSON of VLAN counters" 0 '^\[\{"switch":"vs0","vlan":10,"rx-packets":1099511627776,' fake -j stats vs0 vlan
	expect "the FDB" 0 '^52:54:00:00:00:09 +all +host0 +port +-$' fake fdb show vs0
	run fake -j fdb show vs0
	python3 -c 'import json, sys; assert len(json.load(sys.stdin)) == 3' <<<"$output" || status=$?
	verdict $((!status)) "JSON of the FDB"
}

test_vmq() {
	expect "queues of the uplink" 0 '^switch vs0: uplink eth0, 8 queues, 7 for ports, 6 free$' fake vmq show vs0
	expect "a port with a queue" 0 \
		'^  web +3 +52:54:00:00:00:01 at 1023, 52:54:00:00:00:02 vlan 10 at 1022 +yes +2 +1 +0:5 1:1099511627776 +2 +granted$' \
		fake vmq show
	expect "a port without" 0 '^  host0 +- +- +- +- +- +- +0 +refused$' fake vmq show vs0
	expect "a port that is served in software" 0 '^  db +- +software +- +3 +2 +2:9 +4 +no-queue$' fake vmq show vs0
	expect "JSON of that" 0 '"mode":"software".*"handed":9,"dropped":3,"forced":1,"served":\{"2":9\},"asked-cpu":3[,}]' \
		fake -j vmq show vs0
	expect "its reason in full" 0 "^  \(the uplink's driver refused its filter\)$" fake vmq show vs0 host0
	expect "... with the error" 0 '^  error +No space left on device$' fake vmq show vs0 host0
	expect "JSON of queues" 0 '^\[\{"switch":"vs0","uplink":"eth0","queues":8,"pool":7,"free":6,"ports":\[' fake -j vmq show
	expect "JSON of filters" 0 \
		'"filters":\[\{"mac":"52:54:00:00:00:01","location":1023\},\{"mac":"52:54:00:00:00:02","vlan":10,"location":1022\}\]' \
		fake -j vmq show vs0 web
	expect "JSON of the transmit queue that was seen" 0 '"tx-queue":3[,}]' fake -j vmq show vs0 web
	expect "JSON of what CPUs served" 0 '"served":\{"0":5,"1":1099511627776\}' fake -j vmq show vs0 web
	expect "a switch without an uplink" 0 '^switch vs0: uplink none$' env FAKE_EMPTY=1 "$WORK/fake" vmq show
	expect "changes only" 0 '^vmq-change +vs0/web .*reason granted' fake vmq moves count 1
	is "set-vmq" '' fake set-vmq vs0 web on weight 50 cpu auto
	while read -r word; do
		run grep -qE "^\.It Sy $word\$" "$TOP/Documentation/vswctl.8"
		verdict $((!status)) "the move $word is in the manual page"
	done < <(sed -n '/^enum vms_vmq_move_reason/,/^}/s/^\tVMS_VMQ_MOVE_\([A-Z_]*\),.*/\1/p' \
		"$TOP/include/uapi/linux/vmswitch.h" | tr 'A-Z_' 'a-z-')
	expect "what was done about a CPU" 0 '^  move +spread$' fake vmq show vs0 web
	expect "... in full" 0 '^  \(CPU: moved off a CPU with more to do than others\)$' fake vmq show vs0 web
	expect "... by what" 0 '^  mover +irq$' fake vmq show vs0 web
	expect "a load" 0 '^  load +12\.3 %$' fake vmq show vs0 web
	expect "JSON of moves" 0 '"asked-cpu":2,"load":1234,"cpu-moves":\{"spread":3,"reason-99":1\}' fake -j vmq show vs0 web
	is "set-vmq of an uplink" '' fake set-vmq vs0 up dynamic on base-cpu 1 max-cpu 3
	while read -r word; do
		run grep -qE "^\.It Sy $word\$" "$TOP/Documentation/vswctl.8"
		verdict $((!status)) "the reason $word is in the manual page"
	done < <(sed -n '/^enum vms_vmq_reason/,/^}/s/^\tVMS_VMQ_R_\([A-Z_]*\),.*/\1/p' \
		"$TOP/include/uapi/linux/vmswitch.h" | tr 'A-Z_' 'a-z-')
}

# stalled_monitor SIGNAL: a monitor with much to say to somebody who does not read; the signal ends it, as if nothing were.
stalled_monitor() {
	local pid slept=0 tries=0 fd
	exec {fd}<> <(:)
	FAKE_ENDLESS=1 "$WORK/fake" -j monitor >&"$fd" &
	pid=$!
	# Once it has begun it sleeps in nothing but this pipe.
	while ((slept < 3)); do
		((++tries < 500)) || return 1
		sleep 0.02
		[[ $(<"/proc/$pid/stat") == *"(vswctl) S "* ]] && slept=$((slept + 1)) || slept=0
	done
	kill "-$1" "$pid"
	timeout 5 tail -f --pid "$pid" /dev/null || kill -KILL "$pid"
	exec {fd}>&-
	wait "$pid"
}

# As systemd starts what it starts.
monitor_for_nobody() {
	trap '' PIPE
	FAKE_ENDLESS=1 "$WORK/fake" monitor | : || return "${PIPESTATUS[0]}"
}

show_on_closed() {
	"$WORK/fake" show >&-
}

test_explain_and_monitor() {
	local -a macs=(src 52:54:00:00:00:01 dst 52:54:00:00:00:02)

	expect "explain: delivered" 0 '^delivered to 1 port: up0$' fake explain vs0 port web "${macs[@]}"
	expect "explain: steps" 0 '^  learn +the source address would move here from port db$' \
		fake explain vs0 port web "${macs[@]}"
	expect "explain: dropped" 0 "^dropped at port db: mac-guard: the source address is not in the port's MAC list\$" \
		fake explain vs0 port db "${macs[@]}" vlan 3
	expect "explain: JSON" 0 '"copies":1,"to":\["up0"\]\}\]$' fake -j explain vs0 port web "${macs[@]}"
	expect "explain: JSON of a drop" 0 '\{"stage":"guard","verdict":"drop","drop":"mac-guard"\}' \
		fake -j explain vs0 port db "${macs[@]}"
	expect "monitor" 0 '^port-link +vs0/web .*link down' fake monitor count 2
	expect "monitor: JSON" 0 '^\{"event":"fdb-move","switch":"vs0","mac":"52:54:00:00:00:09","vlan":10,"port":"up0","old-port":"web"' \
		fake -j monitor count 3
	expect "monitor: a full disk" 2 'standard output: No space' env FAKE_ENDLESS=1 "$WORK/full" monitor
	expect "... JSON" 2 'standard output: No space' env FAKE_ENDLESS=1 "$WORK/full" -j vmq moves
	expect "monitor: a reader that has gone, with SIGPIPE ignored" 2 'standard output: Broken pipe' monitor_for_nobody
	for signal in TERM INT; do
		run stalled_monitor "$signal"
		verdict $((!status)) "monitor: SIG$signal ends it while its reader stalls"
	done
	expect "a closed standard output" 2 'standard output: Bad file' show_on_closed
	expect "monitor: lost events" 2 '^\{"event":"overrun"\}' fake -j monitor
}

test_change() {
	is "a change says nothing" '' fake set-port vs0 web admin down
	is "abbreviations" '' fake set-po vs0 web ad d lea au vl tr 10,20,100-200 na 1 fl of
	expect "a refusal names object and key" 2 '^vswctl: port vs0/bad: mac: this is a group address$' \
		fake add-port vs0 bad dev tap0 mac 01:00:5e:00:00:01
	expect "a refusal names the range" 2 '^vswctl: port vs0/range: priority: integer out of range \(0\.\.7\)$' \
		fake set-port vs0 range priority 8
	expect "a refusal without words" 2 '^vswctl: port vs0/denied: Operation not permitted \(needs CAP_NET_ADMIN\)$' \
		fake del-port vs0 denied
	expect "a remark is a warning" 0 '^vswctl: port vs0/remark: warning: the device has an IP address$' \
		fake connect vs0 remark dev eth0
	expect "--check reaches the kernel" 0 '^fake: check$' env FAKE_LOG=1 "$WORK/fake" --check set-mac vs0 web none
	expect "an unknown namespace" 2 '^vswctl: netns nosuch: No such file' fake add-nic vs0 c netns nosuch
	expect "an unknown namespace to work in" 2 '^vswctl: netns nosuch: No such file' fake -n nosuch show
	is "a namespace by process" '' fake add-nic vs0 c netns $$
}

test_batch() {
	is "an empty batch" '' fake_batch ''
	is "comments only" '' fake_batch '# nothing\n\n   # here\n'
	is "a batch" '' fake_batch 'add-switch vs0\nadd-port vs0 web # a comment\n\tset-port vs0 web admin down\r\n'
	FAKE_LOG=1 expect "all lines are staged" 0 '^fake: 2 staged$' \
		fake_batch 'add-switch vs0\nadd-port vs0 web'
	FAKE_LOG=1 expect "--check reaches the commit" 0 '^fake: 1 staged, check$' fake_batch 'add-switch vs0' --check
	expect "a usage error names the line" 1 "^vswctl: $WORK/batch:2: del-port: the name of the port is missing" \
		fake_batch 'add-switch vs0\ndel-port vs0\n'
	expect "an unknown command names the line" 1 "^vswctl: $WORK/batch:3: unknown command" \
		fake_batch '\n\nfrobnicate\n'
	expect "a command that reads is refused" 1 "^vswctl: $WORK/batch:1: show: it changes nothing" fake_batch 'show\n'
	expect "a batch in a batch is refused" 1 "^vswctl: $WORK/batch:1: batch: " fake_batch 'batch x\n'
	FAKE_LOG=1 expect "a line refused at once ends it all" 2 '^fake: abort$' \
		fake_batch 'add-switch vs0\nadd-port vs0 bad mac 01:00:00:00:00:00\nadd-port vs0 denied'
	expect "... and is named" 2 "^vswctl: $WORK/batch:2: port vs0/bad: mac: this is a group address\$" \
		fake_batch 'add-switch vs0\nadd-port vs0 bad mac 01:00:00:00:00:00\nadd-port vs0 denied'
	expect "a line refused by the commit is named" 2 \
		"^vswctl: $WORK/batch:4: port vs0/late: mac: another port has this address\$" \
		fake_batch 'add-switch vs0\n\nadd-port vs0 web\nadd-port vs0 late mac 52:54:00:00:00:01\n'
	expect "a NUL byte is refused" 1 "^vswctl: $WORK/batch:2: batch: the line holds a NUL byte" \
		fake_batch 'add-switch vs0\nadd-port vs0 web\000 vlan access 10\n'
	expect "a file of zeros is refused" 1 "^vswctl: $WORK/batch:1: batch: the line holds a NUL byte" fake_batch '\000\000'
	expect "quotes are refused" 1 "^vswctl: $WORK/batch:1: batch: there are no quotes in a batch" \
		fake_batch 'add-port vs0 "web" dev tap0\n'
	is "... but for a comment's" '' fake_batch "add-port vs0 web # Ann's\n"
	expect "a remark names the file" 0 "^vswctl: $WORK/batch: warning: the device has an IP address\$" \
		fake_batch 'add-port vs0 remark\n'
	expect "standard input" 2 '^vswctl: -:1: port vs0/late: ' fake batch - <<<'add-port vs0 late'
	expect "a file that is not there" 2 'No such file' fake batch "$WORK/nosuch"
	expect "a directory" 2 'Is a directory' fake batch "$WORK"
}

many_lines() {
	local i
	for ((i = 0; i < 4096; i++)); do
		printf 'add-port vs0 p%d dev tap%d mac 52:54:00:00:%02x:%02x vlan trunk 1-%d native 1\n' \
			"$i" "$i" $((i >> 8)) $((i & 255)) $((i % 4094 + 1))
	done
}

# User time of the tool as it is built for use, on 4,096 lines.
test_speed() {
	local user
	make -s -C "$TOP/tools/vswctl" -j "$(nproc)" O="$WORK/fast"
	many_lines >"$WORK/many"
	TIMEFORMAT=%U
	user=$({ time LD_PRELOAD="$WORK/fake_nl.so" "$WORK/fast/vswctl" batch "$WORK/many" >/dev/null; } 2>&1) || status=$?
	output="$user s of user time"
	verdict "$(awk -v user="$user" 'BEGIN { print user < 0.2 }')" "4,096 ports in $user s of user time"
	{
		cat "$WORK/many"
		printf 'add-port vs0 late\n'
	} >"$WORK/batch"
	expect "the last of 4,097 lines is named" 2 "^vswctl: $WORK/batch:4097: port vs0/late: " fake batch "$WORK/batch"
}

build
printf '#!/bin/sh\nLD_PRELOAD="%s %s" exec %s "$@"\n' "$SANITIZER" "$WORK/fake_nl.so" "$WORK/vswctl" >"$WORK/fake"
printf '#!/bin/sh\nexec "%s" "$@" >/dev/full\n' "$WORK/fake" >"$WORK/full"
chmod +x "$WORK/fake" "$WORK/full"
test_usage
test_help
test_show
test_vmq
test_explain_and_monitor
test_change
test_batch
test_speed
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
