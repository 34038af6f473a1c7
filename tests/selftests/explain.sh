#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# explain runs the data path's own decisions on a described frame: what it says is what happens, and it sends nothing.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
outside wire
tap ann mac "$(mac a)" vlan access 10
tap bob vlan access 10
tap eve vlan access 20
tap tom vlan trunk 10,20 native 20
send bob src=b dst=all
send tom src=1 dst=all vlan=10

# explained FROM FRAME: what explain says of a frame, in the words of reach.
explained() {
	local from=$1 word key
	local -a words=()
	for word in "${@:2}"; do
		key=${word%%=*}
		word=${word#*=}
		case $key in
		src | dst)
			case $word in
			all) word=ff:ff:ff:ff:ff:ff ;;
			*:*) ;;
			*) word=$(mac "$word") ;;
			esac
			;;
		len)
			key=size
			word=$((word + 14))
			;;
		esac
		words+=("$key" "$word")
	done
	vs -j explain vs0 port "$from" "${words[@]}"
}
# agree NAME "FROM FRAME" WANTED: explain and the switch itself say WANTED.
agree() {
	local name=$1 said ports wanted
	# shellcheck disable=SC2086  # a frame is words
	said=$(explained $2)
	ports=$(jq -r '.[0].to // [] | sort | join(" ")' <<<"$said")
	wanted=$(tr ' ' '\n' <<<"$3" | sed 's/[:*].*//; s/^-$//' | sort | paste -sd' ')
	expect_eq "$name: explain says so" "$ports" "$wanted"
	expect_reach "$name: it is so" "$2" "$3"
}
before=$(vs -j stats vs0)
explained ann src=a dst=b >/dev/null
expect_eq "explain sends and counts nothing" "$(vs -j stats vs0)" "$before"
expect_eq "... and learns nothing" "$(explained bob src=77 dst=all >/dev/null; fdb_of vs0 mac "$(mac 77)")" ""
agree "known unicast" "ann src=a dst=b" bob
agree "broadcast" "bob src=b dst=all" "wire:10 ann tom:10"
agree "unknown unicast" "bob src=b dst=55" "wire:10 tom:10"
agree "a tagged frame" "tom src=1 dst=all vlan=20" "wire:20 eve"
agree "an untagged one on a trunk" "tom src=1 dst=all" "wire:20 eve"
agree "too big a frame" "ann src=a dst=b len=1501" -
for case in "vlan-tagged ann src=a dst=b vlan=3" "mac-guard ann src=66 dst=b" "vlan-filtered tom src=1 dst=b vlan=30" \
	"reserved-address bob src=b dst=01:80:c2:00:00:01" "same-port bob src=b dst=b" "too-big ann src=a dst=b len=1501" \
	"vlan-reserved tom src=1 dst=b vlan=4095" "mac-invalid bob src=01:00:5e:00:00:01 dst=a"; do
	# shellcheck disable=SC2086
	said=$(explained ${case#* })
	expect_eq "it names the reason: ${case%% *}" "$(jq -r '[.[0].steps[] | select(.verdict == "drop") | .drop] | unique | join(",")' \
		<<<"$said")" "${case%% *}"
	expect_eq "... and copies go to nobody" "$(jq -r '.[0].copies' <<<"$said")" 0
done
vs set-port vs0 bob admin down
said=$(explained bob src=b dst=a)
expect_match "a port that is down: the first step says so" "$(jq -c '.[0].steps[0]' <<<"$said")" 'receive.*port-down|port-down.*receive'
vs set-port vs0 bob admin up
said=$(explained tom src=1 dst=a vlan=10 pcp=3)
expect_eq "the steps are in the order of the pipeline" "$(jq -r '[.[0].steps[].stage] | join(" ")' <<<"$said")" \
	"receive vlan guard learn lookup forward"
expect_eq "the VLAN step names VLAN and PCP" "$(jq -c '.[0].steps[] | select(.stage == "vlan") | [.vlan, .pcp]' <<<"$said")" '[10,3]'
said=$(explained bob src=99 dst=all)
expect_eq "the learn step says what would be learned" "$(jq -r '.[0].steps[] | select(.stage == "learn").result' <<<"$said")" new
said=$(explained eve src=b dst=all)
expect_eq "... in its VLAN" "$(jq -r '.[0].steps[] | select(.stage == "learn").result' <<<"$said")" new
said=$(explained tom src=b dst=all vlan=10)
expect_eq "... or what would move" "$(jq -r '.[0].steps[] | select(.stage == "learn").result' <<<"$said")" move
expect_eq "the lookup step names its result" "$(jq -r '.[0].steps[] | select(.stage == "lookup").result' <<<"$said")" broadcast
said=$(explained ann src=a dst=1)
expect_eq "the forward step tells whether the frame leaves tagged" \
	"$(jq -c '[.[0].steps[] | select(.stage == "forward") | [.port, .tagged]]' <<<"$said")" '[["tom",true]]'
expect_match "for people it says why" "$(vs explain vs0 port ann src "$(mac 66)" dst "$(mac b)")" 'mac-guard'
expect_fail "an unknown port is refused" 2 'nosuch' vs explain vs0 port nosuch src "$(mac a)" dst "$(mac b)"
finish
