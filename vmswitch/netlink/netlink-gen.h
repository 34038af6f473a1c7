/* SPDX-License-Identifier: GPL-2.0 */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vmswitch.yaml */
/* YNL-GEN kernel header */
/* YNL-ARG --function-prefix vms-nl */
/* To regenerate run: tests/lab/ynl regen */

#ifndef _LINUX_VMSWITCH_GEN_H
#define _LINUX_VMSWITCH_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/vmswitch.h>
#include <compat.h>

extern const struct nla_policy vmswitch_switch_get_nl_policy[VMS_A_SWITCH_NAME + 1];

extern const struct nla_policy vmswitch_switch_new_nl_policy[VMS_A_SWITCH_FDB_MAX + 1];

extern const struct nla_policy vmswitch_switch_set_nl_policy[VMS_A_SWITCH_FDB_MAX + 1];

extern const struct nla_policy vmswitch_switch_del_nl_policy[VMS_A_SWITCH_CHECK + 1];

extern const struct nla_policy vmswitch_port_get_nl_policy[VMS_A_PORT_NAME + 1];

extern const struct nla_policy vmswitch_port_new_nl_policy[VMS_A_PORT_VMQ_MAX_CPU + 1];

extern const struct nla_policy vmswitch_port_set_nl_policy[VMS_A_PORT_VMQ_MAX_CPU + 1];

extern const struct nla_policy vmswitch_port_del_nl_policy[VMS_A_PORT_CHECK + 1];

extern const struct nla_policy vmswitch_fdb_get_nl_policy[VMS_A_FDB_TYPE + 1];

extern const struct nla_policy vmswitch_fdb_new_nl_policy[VMS_A_FDB_PORT + 1];

extern const struct nla_policy vmswitch_fdb_del_nl_policy[VMS_A_FDB_VLAN + 1];

extern const struct nla_policy vmswitch_fdb_flush_nl_policy[VMS_A_FDB_PORT + 1];

extern const struct nla_policy vmswitch_stats_get_nl_policy[VMS_A_STATS_VLAN + 1];

extern const struct nla_policy vmswitch_explain_nl_policy[VMS_A_EXPLAIN_SIZE + 1];

extern const struct nla_policy vmswitch_txn_begin_nl_policy[VMS_A_TXN_UNSPEC + 1];

extern const struct nla_policy vmswitch_txn_commit_nl_policy[VMS_A_TXN_COUNT + 1];

extern const struct nla_policy vmswitch_txn_abort_nl_policy[VMS_A_TXN_UNSPEC + 1];

extern const struct nla_policy vmswitch_vmq_get_nl_policy[VMS_A_VMQ_PORT + 1];

/* Ops table for vmswitch */
extern const struct genl_ops vmswitch_nl_ops[18];

int vms_nl_switch_get_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_switch_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vms_nl_switch_new_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_switch_set_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_switch_del_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vms_nl_port_new_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_fdb_get_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_fdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vms_nl_fdb_new_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_fdb_del_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_fdb_flush_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_stats_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vms_nl_explain_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_txn_begin_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_txn_commit_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_txn_abort_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_vmq_get_doit(struct sk_buff *skb, struct genl_info *info);
int vms_nl_vmq_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* _LINUX_VMSWITCH_GEN_H */
