// SPDX-License-Identifier: GPL-2.0
/*
 * The words of the uapi's enumerations.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "words.h"

static const char *const updown_list[] = { "down", "up" };

const struct words words_updown = { updown_list, ARRAY_SIZE(updown_list) };

static const char *const onoff_list[] = { "off", "on" };

const struct words words_onoff = { onoff_list, ARRAY_SIZE(onoff_list) };

static const char *const tristate_list[] = {
	[VMS_OFF]	= "off",
	[VMS_ON]	= "on",
	[VMS_AUTO]	= "auto",
};

const struct words words_tristate = { tristate_list, ARRAY_SIZE(tristate_list) };

static const char *const switch_type_list[] = {
	[VMS_SWITCH_EXTERNAL]	= "external",
	[VMS_SWITCH_INTERNAL]	= "internal",
	[VMS_SWITCH_PRIVATE]	= "private",
};

const struct words words_switch_type = { switch_type_list, ARRAY_SIZE(switch_type_list) };

static const char *const nic_kind_list[] = {
	[VMS_NIC_NETDEV]	= "netdev",
	[VMS_NIC_EXTERNAL]	= "external",
	[VMS_NIC_INTERNAL]	= "internal",
};

const struct words words_nic_kind = { nic_kind_list, ARRAY_SIZE(nic_kind_list) };

static const char *const vlan_mode_list[] = {
	[VMS_VLAN_ACCESS]	= "access",
	[VMS_VLAN_TRUNK]	= "trunk",
};

const struct words words_vlan_mode = { vlan_mode_list, ARRAY_SIZE(vlan_mode_list) };

static const char *const qdisc_list[] = {
	[VMS_QDISC_AUTO]	= "auto",
	[VMS_QDISC_HONOUR]	= "honour",
	[VMS_QDISC_BYPASS]	= "bypass",
};

const struct words words_qdisc = { qdisc_list, ARRAY_SIZE(qdisc_list) };

static const char *const down_mode_list[] = {
	[VMS_DOWN_KEEP]		= "keep",
	[VMS_DOWN_CLOSE]	= "close",
};

const struct words words_down_mode = { down_mode_list, ARRAY_SIZE(down_mode_list) };

static const char *const filter_list[] = {
	[VMS_FILTER_OFF]	= "off",
	[VMS_FILTER_ON]		= "on",
	[VMS_FILTER_UNABLE]	= "unable",
	[VMS_FILTER_LEARNS]	= "learns",
	[VMS_FILTER_REFUSED]	= "refused",
};

const struct words words_filter = { filter_list, ARRAY_SIZE(filter_list) };

static const char *const fdb_type_list[] = {
	[VMS_FDB_DYNAMIC]	= "dynamic",
	[VMS_FDB_STATIC]	= "static",
	[VMS_FDB_PORT]		= "port",
};

const struct words words_fdb_type = { fdb_type_list, ARRAY_SIZE(fdb_type_list) };

static const char *const stage_list[] = {
	[VMS_STAGE_RECEIVE]	= "receive",
	[VMS_STAGE_VLAN]	= "vlan",
	[VMS_STAGE_GUARD]	= "guard",
	[VMS_STAGE_LEARN]	= "learn",
	[VMS_STAGE_LOOKUP]	= "lookup",
	[VMS_STAGE_FORWARD]	= "forward",
};

const struct words words_stage = { stage_list, ARRAY_SIZE(stage_list) };

static const char *const lookup_list[] = {
	[VMS_LOOKUP_UNICAST]	= "unicast",
	[VMS_LOOKUP_UNKNOWN]	= "unknown",
	[VMS_LOOKUP_MULTICAST]	= "multicast",
	[VMS_LOOKUP_BROADCAST]	= "broadcast",
};

const struct words words_lookup = { lookup_list, ARRAY_SIZE(lookup_list) };

static const char *const learn_list[] = {
	[VMS_LEARN_OFF]		= "off",
	[VMS_LEARN_KNOWN]	= "known",
	[VMS_LEARN_NEW]		= "new",
	[VMS_LEARN_MOVE]	= "move",
	[VMS_LEARN_STATIC]	= "static",
	[VMS_LEARN_LIMIT]	= "limit",
};

const struct words words_learn = { learn_list, ARRAY_SIZE(learn_list) };

/* By bit number of &enum vms_port_state. */
static const char *const state_list[] = {
	"admin", "plugged", "carrier", "link", "auto", "learning", "unknown",
};

const struct words words_state = { state_list, ARRAY_SIZE(state_list) };

static const char *const vmq_mode_list[] = {
	[VMS_VMQ_DEFAULT]	= "default",
	[VMS_VMQ_HARDWARE]	= "hardware",
	[VMS_VMQ_SOFTWARE]	= "software",
};

const struct words words_vmq_mode = { vmq_mode_list, ARRAY_SIZE(vmq_mode_list) };

static const char *const vmq_move_list[] = {
	[VMS_VMQ_MOVE_NONE]	= "none",
	[VMS_VMQ_MOVE_PINNED]	= "pinned",
	[VMS_VMQ_MOVE_RANGE]	= "range",
	[VMS_VMQ_MOVE_SPREAD]	= "spread",
	[VMS_VMQ_MOVE_COALESCE]	= "coalesce",
	[VMS_VMQ_MOVE_STUCK]	= "stuck",
	[VMS_VMQ_MOVE_UNDONE]	= "undone",
	[VMS_VMQ_MOVE_YIELDED]	= "yielded",
	[VMS_VMQ_MOVE_REFUSED]	= "refused",
	[VMS_VMQ_MOVE_UNABLE]	= "unable",
};

const struct words words_vmq_move = { vmq_move_list, ARRAY_SIZE(vmq_move_list) };

static const char *const vmq_reason_list[] = {
	[VMS_VMQ_R_PENDING]	= "pending",
	[VMS_VMQ_R_GRANTED]	= "granted",
	[VMS_VMQ_R_MOVED]	= "moved",
	[VMS_VMQ_R_RESTORED]	= "restored",
	[VMS_VMQ_R_WEIGHT_ZERO]	= "weight-zero",
	[VMS_VMQ_R_NO_MAC]	= "no-mac",
	[VMS_VMQ_R_UNPLUGGED]	= "unplugged",
	[VMS_VMQ_R_NO_UPLINK]	= "no-uplink",
	[VMS_VMQ_R_UPLINK_DOWN]	= "uplink-down",
	[VMS_VMQ_R_UNSUPPORTED]	= "unsupported",
	[VMS_VMQ_R_NTUPLE_OFF]	= "ntuple-off",
	[VMS_VMQ_R_RSS]		= "rss",
	[VMS_VMQ_R_NO_QUEUE]	= "no-queue",
	[VMS_VMQ_R_OUTWEIGHED]	= "outweighed",
	[VMS_VMQ_R_NO_FILTER]	= "no-filter",
	[VMS_VMQ_R_REFUSED]	= "refused",
	[VMS_VMQ_R_NOT_DELIVERED] = "not-delivered",
	[VMS_VMQ_R_MAC_SHARED]	= "mac-shared",
	[VMS_VMQ_R_NO_MEMORY]	= "no-memory",
	[VMS_VMQ_R_ADOPTED]	= "adopted",
	[VMS_VMQ_R_RULE_EXISTS]	= "rule-exists",
	[VMS_VMQ_R_RULE_QUEUES]	= "rule-queues",
};

const struct words words_vmq_reason = { vmq_reason_list, ARRAY_SIZE(vmq_reason_list) };

static const char *const drop_list[] = {
	[VMS_DROP_NONE]			= "none",
	[VMS_DROP_SWITCH_DOWN]		= "switch-down",
	[VMS_DROP_PORT_DOWN]		= "port-down",
	[VMS_DROP_MALFORMED]		= "malformed",
	[VMS_DROP_VLAN_TAGGED]		= "vlan-tagged",
	[VMS_DROP_VLAN_UNTAGGED]	= "vlan-untagged",
	[VMS_DROP_VLAN_FILTERED]	= "vlan-filtered",
	[VMS_DROP_VLAN_RESERVED]	= "vlan-reserved",
	[VMS_DROP_MAC_INVALID]		= "mac-invalid",
	[VMS_DROP_MAC_GUARD]		= "mac-guard",
	[VMS_DROP_RESERVED_ADDRESS]	= "reserved-address",
	[VMS_DROP_SAME_PORT]		= "same-port",
	[VMS_DROP_NO_DESTINATION]	= "no-destination",
	[VMS_DROP_LINK_DOWN]		= "link-down",
	[VMS_DROP_EGRESS_FILTERED]	= "egress-filtered",
	[VMS_DROP_TOO_BIG]		= "too-big",
	[VMS_DROP_NO_MEMORY]		= "no-memory",
	[VMS_DROP_TX_BUSY]		= "tx-busy",
	[VMS_DROP_TX_REFUSED]		= "tx-refused",
	[VMS_DROP_QUEUE_FULL]		= "queue-full",
	[VMS_DROP_LOOP]			= "loop",
	[VMS_DROP_OFFLOAD]		= "offload",
	[VMS_DROP_CPU_BUSY]		= "cpu-busy",
};

const struct words words_drop = { drop_list, ARRAY_SIZE(drop_list) };

static const char *const drop_sentences[] = {
	[VMS_DROP_NONE]		= "the frame passes",
	[VMS_DROP_SWITCH_DOWN]	= "the switch's own device is down",
	[VMS_DROP_PORT_DOWN]	= "the source port is set down",
	[VMS_DROP_MALFORMED]	=
		"the frame is shorter than its headers, or merged by LRO",
	[VMS_DROP_VLAN_TAGGED]	= "an access port takes no tagged frames",
	[VMS_DROP_VLAN_UNTAGGED] =
		"the trunk has no native VLAN for untagged frames",
	[VMS_DROP_VLAN_FILTERED] =
		"the source port is no member of the frame's VLAN",
	[VMS_DROP_VLAN_RESERVED] = "VLAN 4095 is reserved",
	[VMS_DROP_MAC_INVALID]	=
		"the source address is a group address or zero",
	[VMS_DROP_MAC_GUARD]	=
		"the source address is not in the port's MAC list",
	[VMS_DROP_RESERVED_ADDRESS] =
		"01:80:c2:00:00:00 to 0f are never forwarded",
	[VMS_DROP_SAME_PORT]	= "the destination is behind the source port",
	[VMS_DROP_NO_DESTINATION] = "no port takes it",
	[VMS_DROP_LINK_DOWN]	=
		"the destination port has no device, or no link",
	[VMS_DROP_EGRESS_FILTERED] =
		"the destination port is no member of the frame's VLAN",
	[VMS_DROP_TOO_BIG]	=
		"the frame is bigger than the destination's MTU",
	[VMS_DROP_NO_MEMORY]	= "there is no memory for a copy or a tag",
	[VMS_DROP_TX_BUSY]	= "the destination's transmit queue is stopped",
	[VMS_DROP_TX_REFUSED]	=
		"the destination's device or its qdisc dropped it",
	[VMS_DROP_QUEUE_FULL]	= "the vNIC's receive queue is full",
	[VMS_DROP_LOOP]		= "too many devices are stacked on each other",
	[VMS_DROP_OFFLOAD]	=
		"software could not do what the destination's device lacks",
	[VMS_DROP_CPU_BUSY]	=
		"the CPU that runs the destination's frames has too many waiting, or the uplink was unplugged meanwhile",
};

static_assert(ARRAY_SIZE(drop_list) == VMS_DROP_MAX + 1,
	      "a drop reason has no word");
static_assert(ARRAY_SIZE(drop_sentences) == VMS_DROP_MAX + 1,
	      "a drop reason has no sentence");

/**
 * word_of - name a value of an enumeration
 * @words: its words
 * @value: the value
 *
 * Return: the word, or NULL if this vswctl is older than the value.
 */
const char *word_of(const struct words *words, u64 value)
{
	return value < words->count ? words->list[value] : NULL;
}

/**
 * drop_word - name a drop reason
 * @reason: &enum vms_drop_reason
 *
 * Return: the word; for a reason newer than this vswctl a static buffer with
 * its number.
 */
const char *drop_word(u64 reason)
{
	static char number[32];
	const char *word = word_of(&words_drop, reason);

	if (word)
		return word;
	snprintf(number, sizeof(number), "reason-%u", (unsigned int)reason);
	return number;
}

/**
 * drop_sentence - say a drop reason in plain words
 * @word: what drop_word() gave
 *
 * Return: a sentence without full stop.
 */
const char *drop_sentence(const char *word)
{
	size_t i;

	for (i = 0; i < words_drop.count; i++)
		if (!strcmp(word, drop_list[i]))
			return drop_sentences[i];
	return "a reason that this version of vswctl does not know";
}
