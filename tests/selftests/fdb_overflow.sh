#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# One address in many VLANs, or many addresses at a time, do not take the room for others for ever: what they took is
# there again when they are forgotten.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

# 4,096 buckets of four entries, and 512 more to continue them. 64 addresses in 40 VLANs would take 576 of these.
switch vs0 fdb-max 8192 ageing 10
tap ann vlan trunk 1-40 mac-limit 0
tap bob vlan access 4000
for ((v = 1; v <= 40; v++)); do
	send ann src=1000 dst=all "vlan=$v" srcs=64
done
limited=$(stat_of vs0 ann limited)
expect_eq "64 addresses in 40 VLANs are more than there is room for" "$((limited > 0))" 1
expect_eq "... though the FDB is not full" "$(($(values "$(vs -j show vs0)" fdb-count) < 3000))" 1

# all_learned: 256 others in 6 VLANs, each of which needs another bucket.
all_learned() {
	local before v
	vs fdb flush vs0
	before=$(stat_of vs0 ann limited)
	for v in {1..6}; do
		send ann src=2000 dst=all "vlan=$v" srcs=256
	done
	(($(stat_of vs0 ann limited) == before))
}
expect_within "when they are forgotten, there is room for others" 10 all_learned
expect_eq "... which are all known" "$(values "$(vs -j show vs0)" fdb-count)" 1536
finish
