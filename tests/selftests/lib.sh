# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the selftests share. A script sources this first, describes its topology with `switch`, `tap` and
# `guest`, states its checks with the expect_ functions, and ends with `finish`.
#
# Every script runs in network, mount and process namespaces of its own, so the names it uses can be short,
# and whatever it leaves behind ends with it, also when it is killed.

if [[ -z ${VMS_ISOLATED:-} ]]; then
	export VMS_ISOLATED=$$
	exec unshare --net --mount --pid --fork --kill-child --mount-proc -- "$0" "$@"
fi

set -euo pipefail
shopt -s inherit_errexit
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:$PATH LC_ALL=C.UTF-8

TESTS=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
VSWCTL=${VSWCTL:-$TESTS/../../tools/vswctl/vswctl}
[[ -x $VSWCTL ]] || VSWCTL=vswctl

# How patient to be: an emulated or heavily instrumented kernel is slow, and a limit that is reached there is
# no failure. PATIENCE stretches every limit, SETTLE is how long to wait (in ms) for what must not come.
PATIENCE=${VMS_PATIENCE:-1}
SETTLE=${VMS_SETTLE:-15}

test_count=0
test_failures=0

# ---- results ----

# report ok|not_ok NAME [DIAGNOSTIC...]
report() {
	local verdict=$1 name=$2 line
	shift 2
	test_count=$((test_count + 1))
	if [[ $verdict == ok ]]; then
		printf 'ok %d %s\n' "$test_count" "$name"
	else
		test_failures=$((test_failures + 1))
		printf 'not ok %d %s\n' "$test_count" "$name"
		for line; do
			while IFS= read -r line; do
				printf '# %s\n' "$line"
			done <<<"$line"
		done
	fi
}

pass() {
	report ok "$1"
}

fail() {
	report not_ok "$@"
}

# skip NAME REASON: one check that can not be made here.
skip() {
	test_count=$((test_count + 1))
	printf 'ok %d %s # SKIP %s\n' "$test_count" "$1" "$2"
}

# skip_all REASON: the script can not run here.
skip_all() {
	printf '1..0 # SKIP %s\n' "$*"
	exit 4
}

# need COMMAND...: programs without which the script is pointless.
need() {
	local program
	for program; do
		command -v "$program" >/dev/null || skip_all "there is no $program"
	done
}

# finish: the last line of a script; without it the script counts as broken.
finish() {
	printf '1..%d\n' "$test_count"
	exit "$((test_failures > 0))"
}

# Where a script died is half of why.
died() {
	local rc=$1 line=$2 command=$3
	((BASH_SUBSHELL)) || printf '# line %d: exit status %d of: %s\n' "$line" "$rc" "$command"
}

trap 'died "$?" "$LINENO" "$BASH_COMMAND"' ERR
trap 'rig_stop' EXIT

# ---- checks ----

# check_output CMD...: its exit status, with all it says in $output.
output=
check_output() {
	local rc=0
	output=$("$@" 2>&1) || rc=$?
	return "$rc"
}

# expect_ok NAME CMD...
expect_ok() {
	local name=$1 rc=0
	shift
	check_output "$@" || rc=$?
	if ((rc)); then
		fail "$name" "exit status $rc of: $*" "$output"
	else
		pass "$name"
	fi
}

# expect_fail NAME STATUS REGEXP CMD...: CMD must end with STATUS (0: any but 0) and say something like REGEXP.
expect_fail() {
	local name=$1 status=$2 regexp=$3 rc=0
	shift 3
	check_output "$@" || rc=$?
	if ((rc == 0)) || ((status && rc != status)); then
		fail "$name" "exit status $rc, not ${status/#0/non-zero}, of: $*" "$output"
	elif ! grep -qiE -- "$regexp" <<<"$output"; then
		fail "$name" "nothing like '$regexp' in the output of: $*" "$output"
	else
		pass "$name"
	fi
}

# expect_eq NAME GOT WANTED
expect_eq() {
	if [[ $2 == "$3" ]]; then
		pass "$1"
	else
		fail "$1" "wanted: $3" "got:    $2"
	fi
}

# expect_match NAME TEXT REGEXP
expect_match() {
	if [[ $2 =~ $3 ]]; then
		pass "$1"
	else
		fail "$1" "wanted something like: $3" "got: $2"
	fi
}

# expect_no_match NAME TEXT REGEXP
expect_no_match() {
	if [[ $2 =~ $3 ]]; then
		fail "$1" "unwanted: ${BASH_REMATCH[0]}" "in: $2"
	else
		pass "$1"
	fi
}

# expect_within NAME SECONDS CMD...: CMD succeeds in time.
expect_within() {
	local name=$1 seconds=$2
	shift 2
	if wait_for "$seconds" "$@"; then
		pass "$name"
	else
		fail "$name" "not within $seconds s (times $PATIENCE): $*" "$output"
	fi
}

# cannot CMD...: CMD fails.
cannot() {
	! "$@"
}

# ---- time ----

now_ms() {
	local now=$EPOCHREALTIME
	printf '%s\n' "${now%???}" | tr -d .
}

# pause MS: for polling only; a read that waits costs no process.
exec {pause_fd}<> <(:)
pause() {
	local ms=$1
	read -r -t "$((ms / 1000)).$(printf %03d "$((ms % 1000))")" -u "$pause_fd" _ || :
}

# wait_for SECONDS CMD...: until CMD succeeds.
wait_for() {
	local seconds=$1 end
	shift
	end=$((${EPOCHREALTIME%.*} + seconds * PATIENCE + 1))
	while ! check_output "$@"; do
		((${EPOCHREALTIME%.*} < end)) || return 1
		pause 30
	done
}

# ---- the switch ----

vs() {
	"$VSWCTL" "$@"
}

# switch [NAME [SETTING...]]: a switch, vs0 by default.
switch() {
	vs add-switch "${1:-vs0}" "${@:2}"
}

# JSON is read with bash's own means where that will do: a process costs an emulated machine a tenth of a second, and
# jq three of them.

# values TEXT KEY...: the value of the first KEY in JSON text, for each; of a list its items. "-" where there is none.
values() {
	local text=$1 key pattern
	local -a found=()
	shift
	for key; do
		pattern="\"$key\": *(\[[^]]*\]|\"[^\"]*\"|[^],}]*)"
		if [[ $text =~ $pattern ]]; then
			key=${BASH_REMATCH[1]//[\"\[\]]/}
			found+=("${key:--}")
		else
			found+=(-)
		fi
	done
	printf '%s\n' "${found[*]}"
}

# all_values TEXT KEY: the values of all KEYs in JSON text.
all_values() {
	local text=$1 pattern="\"$2\": *(\[[^]]*\]|\"[^\"]*\"|[^],}]*)"
	local -a found=()
	while [[ $text =~ $pattern ]]; do
		found+=("${BASH_REMATCH[1]//[\"\[\]]/}")
		text=${text#*"${BASH_REMATCH[0]}"}
	done
	printf '%s\n' "${found[*]}"
}

# json_number TEXT KEY: the number (or word) behind "KEY"; 0 if none.
json_number() {
	local pattern="\"$2\": *([0-9]+|true|false)"
	if [[ $1 =~ $pattern ]]; then
		printf '%s\n' "${BASH_REMATCH[1]}"
	else
		printf '0\n'
	fi
}

# stat_of SWITCH PORT KEY: a counter of a port, e.g. rx-packets.
stat_of() {
	json_number "$(vs -j stats "$1" "$2")" "$3"
}

# drop_of SWITCH PORT REASON: its drops for one reason.
drop_of() {
	local text
	text=$(vs -j stats "$1" "$2")
	[[ $text == *\"drops\"* ]] || text=
	json_number "${text#*\"drops\"}" "$3"
}

# drops_of SWITCH PORT: all its drops, e.g. "mac-guard 3 vlan-tagged 1"; "none" without.
drops_of() {
	local text
	text=$(vs -j stats "$1" "$2")
	drops_in "$text"
}

# drops_in TEXT: likewise, of what stats has printed.
drops_in() {
	local text=$1
	local -a words=()
	[[ $text == *\"drops\"* ]] || text='"drops":{}'
	text=${text#*\"drops\"}
	text=${text#*\{}
	text=${text%%\}*}
	text=${text//[\":,]/ }
	read -r -a words <<<"${text//$'\n'/ }"
	printf '%s\n' "${words[*]:-none}"
}

# port_of SWITCH PORT KEY...: what show says of a port, in the language of `values`.
port_of() {
	local text
	text=$(vs -j show "$1" "$2")
	values "${text#*\"ports\"}" "${@:3}"
}

# ports_of SWITCH: the names of its ports.
ports_of() {
	local text
	text=$(vs -j show "$1")
	all_values "$text" port
}

# fdb_of SWITCH [FILTER...]: the forwarding database, one "MAC VLAN PORT TYPE" a line, sorted; VLAN is "any" for
# an entry that is good in all VLANs of its port.
fdb_of() {
	local text entry
	local -a entries=()
	text=$(vs -j fdb show "$@")
	while [[ $text == *'}'* ]]; do
		entry=${text%%\}*}
		text=${text#*\}}
		entry=$(values "$entry" mac vlan port type)
		entries+=("${entry/ - / any }")
	done
	((${#entries[@]} < 2)) || { printf '%s\n' "${entries[@]}" | sort && return; }
	((${#entries[@]} == 0)) || printf '%s\n' "${entries[0]}"
}

# link_of SWITCH PORT: "true" if frames pass.
link_of() {
	port_of "$1" "$2" link
}

has_link() {
	[[ $(link_of "$1" "$2") == true ]]
}

has_no_link() {
	[[ $(link_of "$1" "$2") == false ]]
}

# has_dev SWITCH PORT DEVICE: whether that is plugged into it, or "" for none.
has_dev() {
	[[ $(port_of "$1" "$2" dev) == "$3" ]]
}

# is_unplugged SWITCH PORT: a vNIC that is down has no link either.
is_unplugged() {
	[[ $(port_of "$1" "$2" state) != *plugged* ]]
}

# mac N: the address that a frame's "src=N" stands for; ${MAC[N]} is the same without a process, up to ff.
mac() {
	local n=$((16#$1))
	printf '02:00:%02x:%02x:%02x:%02x\n' $((n >> 24 & 255)) $((n >> 16 & 255)) $((n >> 8 & 255)) $((n & 255))
}

declare -A MAC=()
for ((i = 0; i < 256; i++)); do
	printf -v key %x "$i"
	printf -v i_mac '02:00:00:00:00:%02x' "$i"
	# shellcheck disable=SC2034  # for the scripts
	MAC[$key]=$i_mac
done
unset i i_mac key

# ---- guests, frame by frame: see frame.c ----

rig_pid=
rig_in=
rig_out=

rig_start() {
	[[ -z $rig_pid ]] || return 0
	exec {rig_in}<> <(:)
	exec {rig_out}< <(exec "$TESTS/frame" <&"$rig_in")
	rig_pid=$!
}

rig_stop() {
	[[ -n $rig_pid ]] || return 0
	kill "$rig_pid" 2>/dev/null || :
	wait "$rig_pid" 2>/dev/null || :
	rig_pid=
}

# rig COMMAND...: the answer of the frame helper in $rig_answer, without its "ok".
rig_answer=
rig() {
	rig_start
	printf '%s\n' "$*" >&"$rig_in"
	if ! IFS= read -r -t "$((60 * PATIENCE))" -u "$rig_out" rig_answer; then
		printf '# the frame helper does not answer to: %s\n' "$*"
		return 1
	fi
	if [[ $rig_answer != ok* ]]; then
		printf '# frame helper: %s: %s\n' "$*" "$rig_answer"
		return 1
	fi
	rig_answer=${rig_answer#ok}
	rig_answer=${rig_answer# }
}

# tap NAME [SETTING...]: a guest on a tap, with a port of that name on vs0. Frames are sent from and seen at NAME.
tap() {
	rig tap "$1"
	vs add-port vs0 "$1" dev "$1" "${@:2}"
}

# taps NAME[,NAME...] [SETTING...]: likewise several with the same settings, by one request.
taps() {
	local -a names
	local name
	IFS=, read -r -a names <<<"$1"
	for name in "${names[@]}"; do
		rig tap "$name"
	done
	for name in "${names[@]}"; do
		printf 'add-port vs0 %s dev %s %s\n' "$name" "$name" "${*:2}"
	done | vs batch -
}

# outside NAME [SETTING...]: a tap that stands for the wire: the uplink, and the hosts behind it.
outside() {
	rig tap "$1"
	ip link set "$1" up
	vs add-port vs0 "$1" dev "$1" uplink "${@:2}"
}

# send NAME FRAME...
send() {
	rig send "$@"
}

# reach NAME "FRAME" [WANTED]: who gets it.
reach() {
	local wanted=${3:--}
	rig reach "$1" "$2" "want=${wanted// /,}" "ms=$((1000 * PATIENCE))" "settle=$SETTLE"
}

# expect_reach NAME "FROM FRAME" WANTED: exactly these get it, in this form; see frame.c for the language.
expect_reach() {
	local name=$1 from=${2%% *} frame=${2#* } wanted=$3
	if ! reach "$from" "$frame" "$wanted"; then
		fail "$name" "could not send '$frame' from $from: $rig_answer"
		return 0
	fi
	expect_eq "$name" "$rig_answer" "$wanted"
	[[ $rig_answer == "$wanted" ]] || printf '# sent from %s: %s\n' "$from" "$frame"
}

# ---- guests with a protocol stack ----

# Namespaces made by `ip netns` vanish with the mount namespace of the script.
isolate_netns() {
	mount --make-rprivate /
	mkdir -p /run/netns
	mount -t tmpfs tmpfs /run/netns
	mount -t sysfs sysfs /sys
}

# in_ns NAME CMD...: CMD in the network namespace NAME, with its own /sys.
in_ns() {
	ip netns exec "$1" "${@:2}"
}

# netns NAME...: network namespaces, quiet ones.
netns() {
	local name
	for name; do
		ip netns add "$name"
		in_ns "$name" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
			echo 0 >/proc/sys/net/ipv4/ip_forward
			exec ip link set lo up'
	done
}

# guest NAME [ADDRESS [PORT SETTING...]]: a namespace NAME with an eth0 whose other end is NAME here. With an
# ADDRESS (n.n.n.n/len) eth0 has it, with settings NAME also is a port of vs0.
guest() {
	local name=$1 address=${2:-}
	netns "$name"
	ip -batch - <<-EOT
		link add $name type veth peer name eth0 netns $name
		link set $name up
	EOT
	if [[ -n $address ]]; then
		ip -n "$name" -batch - <<-EOT
			address add $address dev eth0
			link set eth0 up
		EOT
	else
		ip -n "$name" link set eth0 up
	fi
	(($# < 3)) || vs add-port vs0 "$name" dev "$name" "${@:3}"
}

# can_ping FROM ADDRESS: one answered request will do.
can_ping() {
	in_ns "$1" ping -q -c 1 -W "$PATIENCE" "$2" >/dev/null
}

cannot_ping() {
	! can_ping "$@"
}

# mac_of NAME: the address of eth0 of a guest.
mac_of() {
	in_ns "$1" cat /sys/class/net/eth0/address
}

# ---- the simulated NIC: see tests/labnic/README.md ----

# need_labnic: the script is pointless without it.
need_labnic() {
	local ko=${LABNIC_KO:-${VMSWITCH_KO:+${VMSWITCH_KO%/*/*}/tests/labnic/labnic.ko}}
	if [[ ! -d /sys/module/labnic ]]; then
		[[ -e $ko ]] || skip_all "there is no labnic.ko"
		insmod "$ko"
	fi
	[[ -e /sys/kernel/debug/labnic ]] || mount -t debugfs debugfs /sys/kernel/debug || skip_all "no debugfs here"
}

# labnic COMMAND...: each a line of its control file.
labnic() {
	local command
	for command; do
		printf '%s\n' "$command" >/sys/kernel/debug/labnic/control || return
	done
}

# nic NAME QUEUES [SETTING...]: a NIC that is up, with as many receive queues and one to transmit; takes rules.
nic() {
	ip link add name "$1" up numrxqueues "$2" numtxqueues 1 "${@:3}" type labnic
	ethtool -K "$1" ntuple on
}

# feed NIC FRAMES...: have it receive them, and wait until it has handed them up.
feed() {
	labnic "feed $*" "feed-wait $1" "feed-stop $1"
	settled() {
		[[ $(labnic_waiting "$1") == 0 ]]
	}
	wait_for 5 settled "$1"
}

# labnic_waiting NIC: how many frames wait in its queues.
labnic_waiting() {
	local nic waiting=0 frames _
	while read -r nic _ _ _ frames; do
		[[ $nic != "$1" ]] || waiting=$((waiting + frames))
	done </sys/kernel/debug/labnic/queues
	printf '%d\n' "$waiting"
}

# nic_stat NIC NAME...: its counters.
nic_stat() {
	local text name
	local -a found=()
	text=$(ethtool -S "$1")$'\n'
	for name in "${@:2}"; do
		[[ $text =~ \ $name:\ ([0-9]+)$'\n' ]] && found+=("${BASH_REMATCH[1]}") || found+=(-)
	done
	printf '%s\n' "${found[*]}"
}

# mark NIC NAME...: keep these counters in mind.
declare -A marked=()
mark() {
	local nic=$1 value
	local -a values
	read -r -a values <<<"$(nic_stat "$@")"
	shift
	for value in "${values[@]}"; do
		marked[$nic.$1]=$value
		shift
	done
}

# counted NIC NAME...: by how much they have grown since.
counted() {
	local -a now had=()
	local i name
	read -r -a now <<<"$(nic_stat "$@")"
	for name in "${@:2}"; do
		had+=("${marked[$1.$name]:-0}")
	done
	for i in "${!now[@]}"; do
		now[i]=$((now[i] - had[i]))
	done
	printf '%s\n' "${now[*]}"
}

# expect_fed NAME "FRAMES" "NAME..." "VALUE...": what these frames add to these counters of n0.
expect_fed() {
	local -a names
	read -r -a names <<<"$3"
	mark n0 "${names[@]}"
	if ! feed n0 "$2"; then
		fail "$1" "could not feed '$2'" "$output"
		return 0
	fi
	expect_eq "$1" "$(counted n0 "${names[@]}")" "$4"
}

# rule WORD...: a rule of n0, in ethtool's language. Its exit status tells nothing where a rule is refused.
rule() {
	rules flow-type ether "$@"
}

# rules WORD...: likewise anything about rules.
rules() {
	check_output ethtool -N n0 "$@"
	printf '%s\n' "$output"
	[[ $output != *annot* ]]
}

# knob KNOB=N...: of n0.
knob() {
	labnic "set n0 $*"
}

# ---- faults ----

# can_fail: whether allocations can be made to fail here.
failslab=/sys/kernel/debug/failslab
can_fail() {
	mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null || :
	[[ -e $failslab/require-start ]]
}

# fail_in FUNCTION: from now on the kernel has no memory for what FUNCTION needs.
fail_in() {
	local range
	# Not by the file's name: sort would read it in pieces for which a kernel that is debugged takes 45 s.
	range=$(sort <(cat /proc/kallsyms) | grep -A 1 " $1\$")
	echo "0x${range%% *}" >"$failslab/require-start"
	range=${range##*$'\n'}
	echo "0x${range%% *}" >"$failslab/require-end"
	echo N >"$failslab/ignore-gfp-wait"
	echo 0 >"$failslab/verbose"
	echo -1 >"$failslab/times"
	echo 100 >"$failslab/probability"
}

fail_no_more() {
	echo 0 >"$failslab/probability"
}

# ---- the module ----

isolate_netns
# Nobody but the script may put frames on its devices.
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
ip link set lo up
[[ -d /sys/module/vmswitch ]] || skip_all "the module is not loaded (start with tests/selftests/run)"
