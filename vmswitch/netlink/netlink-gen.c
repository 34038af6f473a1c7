// SPDX-License-Identifier: GPL-2.0
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vmswitch.yaml */
/* YNL-GEN kernel source */
/* YNL-ARG --function-prefix vms-nl */
/* To regenerate run: tests/lab/ynl regen */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink-gen.h"

#include <uapi/linux/vmswitch.h>
#include <compat.h>

/* Integer value ranges */
static const struct netlink_range_validation vms_a_switch_ageing_range = {
	.min	= VMS_AGEING_MIN,
	.max	= VMS_AGEING_MAX,
};

static const struct netlink_range_validation vms_a_switch_fdb_max_range = {
	.min	= VMS_FDB_MAX_MIN,
	.max	= VMS_FDB_MAX_MAX,
};

static const struct netlink_range_validation vms_a_port_mtu_range = {
	.min	= 68ULL,
	.max	= 65535ULL,
};

static const struct netlink_range_validation vms_a_explain_size_range = {
	.min	= 14ULL,
	.max	= 65549ULL,
};

/* VMS_CMD_SWITCH_GET - do */
const struct nla_policy vmswitch_switch_get_nl_policy[VMS_A_SWITCH_NAME + 1] = {
	[VMS_A_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VMS_SWITCH_NAME_MAX, },
};

/* VMS_CMD_SWITCH_NEW - do */
const struct nla_policy vmswitch_switch_new_nl_policy[VMS_A_SWITCH_FDB_MAX + 1] = {
	[VMS_A_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VMS_SWITCH_NAME_MAX, },
	[VMS_A_SWITCH_CHECK] = { .type = NLA_FLAG, },
	[VMS_A_SWITCH_TYPE] = NLA_POLICY_MAX(NLA_U8, 2),
	[VMS_A_SWITCH_AGEING] = NLA_POLICY_FULL_RANGE(NLA_U32, &vms_a_switch_ageing_range),
	[VMS_A_SWITCH_FDB_MAX] = NLA_POLICY_FULL_RANGE(NLA_U32, &vms_a_switch_fdb_max_range),
};

/* VMS_CMD_SWITCH_SET - do */
const struct nla_policy vmswitch_switch_set_nl_policy[VMS_A_SWITCH_FDB_MAX + 1] = {
	[VMS_A_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VMS_SWITCH_NAME_MAX, },
	[VMS_A_SWITCH_CHECK] = { .type = NLA_FLAG, },
	[VMS_A_SWITCH_TYPE] = NLA_POLICY_MAX(NLA_U8, 2),
	[VMS_A_SWITCH_AGEING] = NLA_POLICY_FULL_RANGE(NLA_U32, &vms_a_switch_ageing_range),
	[VMS_A_SWITCH_FDB_MAX] = NLA_POLICY_FULL_RANGE(NLA_U32, &vms_a_switch_fdb_max_range),
};

/* VMS_CMD_SWITCH_DEL - do */
const struct nla_policy vmswitch_switch_del_nl_policy[VMS_A_SWITCH_CHECK + 1] = {
	[VMS_A_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VMS_SWITCH_NAME_MAX, },
	[VMS_A_SWITCH_CHECK] = { .type = NLA_FLAG, },
};

/* VMS_CMD_PORT_GET - do */
const struct nla_policy vmswitch_port_get_nl_policy[VMS_A_PORT_NAME + 1] = {
	[VMS_A_PORT_SWITCH] = { .type = NLA_NUL_STRING, .len = VMS_SWITCH_NAME_MAX, },
	[VMS_A_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VMS_PORT_NAME_MAX, },
};

/* VMS_CMD_PORT_NEW - do */
const struct nla_policy vmswitch_port_new_nl_policy[VMS_A_PORT_VMQ_MAX_CPU + 1] = {
	[VMS_A_PORT_SWITCH] = { .type = NLA_NUL_STRING, .len = VMS_SWITCH_NAME_MAX, },
	[VMS_A_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VMS_PORT_NAME_MAX, },
	[VMS_A_PORT_CHECK] = { .type = NLA_FLAG, },
	[VMS_A_PORT_KIND] = NLA_POLICY_MAX(NLA_U8, 2),
	[VMS_A_PORT_DEV] = { .type = NLA_NUL_STRING, .len = VMS_SWITCH_NAME_MAX, },
	[VMS_A_PORT_NETNS_FD] = { .type = NLA_U32, },
	[VMS_A_PORT_MACS] = NLA_POLICY_MAX_LEN(384),
	[VMS_A_PORT_VLAN_MODE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_PVID] = NLA_POLICY_MAX(NLA_U16, VMS_VID_MAX),
	[VMS_A_PORT_VLANS] = NLA_POLICY_MAX_LEN(16376),
	[VMS_A_PORT_ADMIN] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_LEARNING] = NLA_POLICY_MAX(NLA_U8, 2),
	[VMS_A_PORT_MAC_LIMIT] = { .type = NLA_U32, },
	[VMS_A_PORT_MAC_GUARD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_MAC_CHANGE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_UNKNOWN_FLOOD] = NLA_POLICY_MAX(NLA_U8, 2),
	[VMS_A_PORT_MCAST_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_BCAST_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_PRIORITY] = NLA_POLICY_MAX(NLA_U8, 7),
	[VMS_A_PORT_QDISC] = NLA_POLICY_MAX(NLA_U8, 2),
	[VMS_A_PORT_AUTOUP] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_DOWN_MODE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_LINK_FOLLOW] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_VMQ] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_VMQ_WEIGHT] = NLA_POLICY_MAX(NLA_U8, VMS_VMQ_WEIGHT_MAX),
	[VMS_A_PORT_VMQ_CPU] = { .type = NLA_U32, },
	[VMS_A_PORT_VMQ_DYNAMIC] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_VMQ_BASE_CPU] = { .type = NLA_U32, },
	[VMS_A_PORT_VMQ_MAX_CPU] = { .type = NLA_U32, },
	[VMS_A_PORT_MTU] = NLA_POLICY_FULL_RANGE(NLA_U32, &vms_a_port_mtu_range),
	[VMS_A_PORT_UPLINK_FILTER] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VMS_CMD_PORT_SET - do */
const struct nla_policy vmswitch_port_set_nl_policy[VMS_A_PORT_VMQ_MAX_CPU + 1] = {
	[VMS_A_PORT_SWITCH] = { .type = NLA_NUL_STRING, .len = VMS_SWITCH_NAME_MAX, },
	[VMS_A_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VMS_PORT_NAME_MAX, },
	[VMS_A_PORT_CHECK] = { .type = NLA_FLAG, },
	[VMS_A_PORT_DEV] = { .type = NLA_NUL_STRING, .len = VMS_SWITCH_NAME_MAX, },
	[VMS_A_PORT_NETNS_FD] = { .type = NLA_U32, },
	[VMS_A_PORT_MACS] = NLA_POLICY_MAX_LEN(384),
	[VMS_A_PORT_VLAN_MODE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_PVID] = NLA_POLICY_MAX(NLA_U16, VMS_VID_MAX),
	[VMS_A_PORT_VLANS] = NLA_POLICY_MAX_LEN(16376),
	[VMS_A_PORT_ADMIN] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_LEARNING] = NLA_POLICY_MAX(NLA_U8, 2),
	[VMS_A_PORT_MAC_LIMIT] = { .type = NLA_U32, },
	[VMS_A_PORT_MAC_GUARD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_MAC_CHANGE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_UNKNOWN_FLOOD] = NLA_POLICY_MAX(NLA_U8, 2),
	[VMS_A_PORT_MCAST_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_BCAST_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_PRIORITY] = NLA_POLICY_MAX(NLA_U8, 7),
	[VMS_A_PORT_QDISC] = NLA_POLICY_MAX(NLA_U8, 2),
	[VMS_A_PORT_AUTOUP] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_DOWN_MODE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_LINK_FOLLOW] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_VMQ] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_VMQ_WEIGHT] = NLA_POLICY_MAX(NLA_U8, VMS_VMQ_WEIGHT_MAX),
	[VMS_A_PORT_VMQ_CPU] = { .type = NLA_U32, },
	[VMS_A_PORT_VMQ_DYNAMIC] = NLA_POLICY_MAX(NLA_U8, 1),
	[VMS_A_PORT_VMQ_BASE_CPU] = { .type = NLA_U32, },
	[VMS_A_PORT_VMQ_MAX_CPU] = { .type = NLA_U32, },
	[VMS_A_PORT_MTU] = NLA_POLICY_FULL_RANGE(NLA_U32, &vms_a_port_mtu_range),
	[VMS_A_PORT_UPLINK_FILTER] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VMS_CMD_PORT_DEL - do */
const struct nla_policy vmswitch_port_del_nl_policy[VMS_A_PORT_CHECK + 1] = {
	[VMS_A_PORT_SWITCH] = { .type = NLA_NUL_STRING, .len = VMS_SWITCH_NAME_MAX, },
	[VMS_A_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VMS_PORT_NAME_MAX, },
	[VMS_A_PORT_CHECK] = { .type = NLA_FLAG, },
};

/* VMS_CMD_FDB_GET - do */
const struct nla_policy vmswitch_fdb_get_nl_policy[VMS_A_FDB_TYPE + 1] = {
	[VMS_A_FDB_SWITCH] = { .type = NLA_NUL_STRING, .len = VMS_SWITCH_NAME_MAX, },
	[VMS_A_FDB_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VMS_A_FDB_VLAN] = NLA_POLICY_RANGE(NLA_U16, VMS_VID_MIN, VMS_VID_MAX),
	[VMS_A_FDB_PORT] = { .type = NLA_NUL_STRING, .len = VMS_PORT_NAME_MAX, },
	[VMS_A_FDB_TYPE] = NLA_POLICY_MAX(NLA_U8, 2),
};

/* VMS_CMD_FDB_NEW - do */
const struct nla_policy vmswitch_fdb_new_nl_policy[VMS_A_FDB_PORT + 1] = {
	[VMS_A_FDB_SWITCH] = { .type = NLA_NUL_STRING, .len = VMS_SWITCH_NAME_MAX, },
	[VMS_A_FDB_CHECK] = { .type = NLA_FLAG, },
	[VMS_A_FDB_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VMS_A_FDB_VLAN] = NLA_POLICY_RANGE(NLA_U16, VMS_VID_MIN, VMS_VID_MAX),
	[VMS_A_FDB_PORT] = { .type = NLA_NUL_STRING, .len = VMS_PORT_NAME_MAX, },
};

/* VMS_CMD_FDB_DEL - do */
const struct nla_policy vmswitch_fdb_del_nl_policy[VMS_A_FDB_VLAN + 1] = {
	[VMS_A_FDB_SWITCH] = { .type = NLA_NUL_STRING, .len = VMS_SWITCH_NAME_MAX, },
	[VMS_A_FDB_CHECK] = { .type = NLA_FLAG, },
	[VMS_A_FDB_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VMS_A_FDB_VLAN] = NLA_POLICY_RANGE(NLA_U16, VMS_VID_MIN, VMS_VID_MAX),
};

/* VMS_CMD_FDB_FLUSH - do */
const struct nla_policy vmswitch_fdb_flush_nl_policy[VMS_A_FDB_PORT + 1] = {
	[VMS_A_FDB_SWITCH] = { .type = NLA_NUL_STRING, .len = VMS_SWITCH_NAME_MAX, },
	[VMS_A_FDB_CHECK] = { .type = NLA_FLAG, },
	[VMS_A_FDB_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VMS_A_FDB_VLAN] = NLA_POLICY_RANGE(NLA_U16, VMS_VID_MIN, VMS_VID_MAX),
	[VMS_A_FDB_PORT] = { .type = NLA_NUL_STRING, .len = VMS_PORT_NAME_MAX, },
};

/* VMS_CMD_STATS_GET - do */
const struct nla_policy vmswitch_stats_get_nl_policy[VMS_A_STATS_VLAN + 1] = {
	[VMS_A_STATS_SWITCH] = { .type = NLA_NUL_STRING, .len = VMS_SWITCH_NAME_MAX, },
	[VMS_A_STATS_PORT] = { .type = NLA_NUL_STRING, .len = VMS_PORT_NAME_MAX, },
	[VMS_A_STATS_BY_VLAN] = { .type = NLA_FLAG, },
	[VMS_A_STATS_VLAN] = NLA_POLICY_RANGE(NLA_U16, VMS_VID_MIN, VMS_VID_MAX),
};

/* VMS_CMD_EXPLAIN - do */
const struct nla_policy vmswitch_explain_nl_policy[VMS_A_EXPLAIN_SIZE + 1] = {
	[VMS_A_EXPLAIN_SWITCH] = { .type = NLA_NUL_STRING, .len = VMS_SWITCH_NAME_MAX, },
	[VMS_A_EXPLAIN_PORT] = { .type = NLA_NUL_STRING, .len = VMS_PORT_NAME_MAX, },
	[VMS_A_EXPLAIN_SRC] = NLA_POLICY_EXACT_LEN(6),
	[VMS_A_EXPLAIN_DST] = NLA_POLICY_EXACT_LEN(6),
	[VMS_A_EXPLAIN_VLAN] = NLA_POLICY_MAX(NLA_U16, 4095),
	[VMS_A_EXPLAIN_PCP] = NLA_POLICY_MAX(NLA_U8, 7),
	[VMS_A_EXPLAIN_SIZE] = NLA_POLICY_FULL_RANGE(NLA_U32, &vms_a_explain_size_range),
};

/* VMS_CMD_TXN_BEGIN - do */
const struct nla_policy vmswitch_txn_begin_nl_policy[VMS_A_TXN_UNSPEC + 1] = {
};

/* VMS_CMD_TXN_COMMIT - do */
const struct nla_policy vmswitch_txn_commit_nl_policy[VMS_A_TXN_COUNT + 1] = {
	[VMS_A_TXN_CHECK] = { .type = NLA_FLAG, },
	[VMS_A_TXN_COUNT] = { .type = NLA_U32, },
};

/* VMS_CMD_TXN_ABORT - do */
const struct nla_policy vmswitch_txn_abort_nl_policy[VMS_A_TXN_UNSPEC + 1] = {
};

/* VMS_CMD_VMQ_GET - do */
const struct nla_policy vmswitch_vmq_get_nl_policy[VMS_A_VMQ_PORT + 1] = {
	[VMS_A_VMQ_SWITCH] = { .type = NLA_NUL_STRING, .len = VMS_SWITCH_NAME_MAX, },
	[VMS_A_VMQ_PORT] = { .type = NLA_NUL_STRING, .len = VMS_PORT_NAME_MAX, },
};

/* Ops table for vmswitch */
const struct genl_ops vmswitch_nl_ops[18] = {
	{
		.cmd		= VMS_CMD_SWITCH_GET,
		.doit		= vms_nl_switch_get_doit,
		.dumpit		= vms_nl_switch_get_dumpit,
		.policy		= vmswitch_switch_get_nl_policy,
		.maxattr	= VMS_A_SWITCH_NAME,
	},
	{
		.cmd		= VMS_CMD_SWITCH_NEW,
		.doit		= vms_nl_switch_new_doit,
		.policy		= vmswitch_switch_new_nl_policy,
		.maxattr	= VMS_A_SWITCH_FDB_MAX,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VMS_CMD_SWITCH_SET,
		.doit		= vms_nl_switch_set_doit,
		.policy		= vmswitch_switch_set_nl_policy,
		.maxattr	= VMS_A_SWITCH_FDB_MAX,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VMS_CMD_SWITCH_DEL,
		.doit		= vms_nl_switch_del_doit,
		.policy		= vmswitch_switch_del_nl_policy,
		.maxattr	= VMS_A_SWITCH_CHECK,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VMS_CMD_PORT_GET,
		.doit		= vms_nl_port_get_doit,
		.dumpit		= vms_nl_port_get_dumpit,
		.policy		= vmswitch_port_get_nl_policy,
		.maxattr	= VMS_A_PORT_NAME,
	},
	{
		.cmd		= VMS_CMD_PORT_NEW,
		.doit		= vms_nl_port_new_doit,
		.policy		= vmswitch_port_new_nl_policy,
		.maxattr	= VMS_A_PORT_VMQ_MAX_CPU,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VMS_CMD_PORT_SET,
		.doit		= vms_nl_port_set_doit,
		.policy		= vmswitch_port_set_nl_policy,
		.maxattr	= VMS_A_PORT_VMQ_MAX_CPU,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VMS_CMD_PORT_DEL,
		.doit		= vms_nl_port_del_doit,
		.policy		= vmswitch_port_del_nl_policy,
		.maxattr	= VMS_A_PORT_CHECK,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VMS_CMD_FDB_GET,
		.doit		= vms_nl_fdb_get_doit,
		.dumpit		= vms_nl_fdb_get_dumpit,
		.policy		= vmswitch_fdb_get_nl_policy,
		.maxattr	= VMS_A_FDB_TYPE,
	},
	{
		.cmd		= VMS_CMD_FDB_NEW,
		.doit		= vms_nl_fdb_new_doit,
		.policy		= vmswitch_fdb_new_nl_policy,
		.maxattr	= VMS_A_FDB_PORT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VMS_CMD_FDB_DEL,
		.doit		= vms_nl_fdb_del_doit,
		.policy		= vmswitch_fdb_del_nl_policy,
		.maxattr	= VMS_A_FDB_VLAN,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VMS_CMD_FDB_FLUSH,
		.doit		= vms_nl_fdb_flush_doit,
		.policy		= vmswitch_fdb_flush_nl_policy,
		.maxattr	= VMS_A_FDB_PORT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VMS_CMD_STATS_GET,
		.doit		= vms_nl_stats_get_doit,
		.dumpit		= vms_nl_stats_get_dumpit,
		.policy		= vmswitch_stats_get_nl_policy,
		.maxattr	= VMS_A_STATS_VLAN,
	},
	{
		.cmd		= VMS_CMD_EXPLAIN,
		.doit		= vms_nl_explain_doit,
		.policy		= vmswitch_explain_nl_policy,
		.maxattr	= VMS_A_EXPLAIN_SIZE,
	},
	{
		.cmd		= VMS_CMD_TXN_BEGIN,
		.doit		= vms_nl_txn_begin_doit,
		.policy		= vmswitch_txn_begin_nl_policy,
		.maxattr	= VMS_A_TXN_UNSPEC,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VMS_CMD_TXN_COMMIT,
		.doit		= vms_nl_txn_commit_doit,
		.policy		= vmswitch_txn_commit_nl_policy,
		.maxattr	= VMS_A_TXN_COUNT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VMS_CMD_TXN_ABORT,
		.doit		= vms_nl_txn_abort_doit,
		.policy		= vmswitch_txn_abort_nl_policy,
		.maxattr	= VMS_A_TXN_UNSPEC,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VMS_CMD_VMQ_GET,
		.doit		= vms_nl_vmq_get_doit,
		.dumpit		= vms_nl_vmq_get_dumpit,
		.policy		= vmswitch_vmq_get_nl_policy,
		.maxattr	= VMS_A_VMQ_PORT,
	},
};
