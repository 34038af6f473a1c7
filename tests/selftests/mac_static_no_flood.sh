#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A port that was given MACs gets unicast for them and nothing that is unknown.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

switch vs0
tap ann mac "${MAC[a]}"
tap bob mac "${MAC[b]}"
tap eve
tap dan
expect_reach "unknown unicast is not flooded to it" "eve src=e dst=77" dan
expect_reach "what is for it comes, though it never sent" "eve src=e dst=b" bob
expect_reach "broadcast comes" "eve src=e dst=all" "ann bob dan"
expect_reach "multicast comes" "eve src=e dst=01:00:5e:01:02:03" "ann bob dan"
vs batch - <<-EOT
	del-port vs0 eve
	del-port vs0 dan
EOT
expect_reach "where all are static a miss has no destination" "ann src=a dst=77" -
expect_eq "... and is counted as no-destination" "$(drop_of vs0 ann no-destination)" 1
expect_reach "known unicast still passes" "ann src=a dst=b" bob
expect_eq "the addresses are FDB entries of type port" "$(fdb_of vs0)" \
	"${MAC[a]} any ann port
${MAC[b]} any bob port"
vs set-port vs0 bob unknown-flood on
expect_reach "unknown-flood on brings unknown unicast to a static port" "ann src=a dst=77" bob
finish
