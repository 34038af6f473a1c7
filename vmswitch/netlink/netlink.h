/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the netlink interface share.
 *
 * A request that changes something becomes a &struct vms_nl_msg, which is run
 * at once or kept by the socket's transaction.  A request that reads is
 * answered with &vms_net.lock held for one message or for one part of a dump.
 */
#ifndef _VMSWITCH_NETLINK_H
#define _VMSWITCH_NETLINK_H

#include <net/genetlink.h>

#include "../txn.h"
#include "netlink-gen.h"

/* No message is longer: 2,047 ranges of VLANs, 64 addresses and the rest. */
#define VMS_NL_MSG_MAX		16384

/* The longest list of VLANs: every other one of them. */
#define VMS_NL_VLANS_MAX	nla_total_size(VMS_N_VID / 2 * \
					       sizeof(struct vms_vlan_range))

/* Index of the multicast group VMSWITCH_MCGRP_EVENTS. */
#define VMS_NL_GROUP_EVENTS	0

extern struct genl_family vms_nl_family;

/**
 * struct vms_nl_msg - a request that changes something
 * @req: what it asks for; &vms_req.attrs is @attrs
 * @nlh: the message, behind @attrs if it outlives the request, else in the
 *	socket's buffer
 * @net: reference to &vms_port_req.net, or NULL
 * @check: validate and change nothing
 * @size: bytes that this takes
 * @attrs: its attributes by type, in @nlh
 */
struct vms_nl_msg {
	struct vms_req req;
	const struct nlmsghdr *nlh;
	struct net *net;
	bool check;
	size_t size;
	struct nlattr *attrs[];
};

/* Refuse a request for attribute @nla with a fixed text. */
#define vms_nl_refuse(extack, nla, msg)					\
({									\
	NL_SET_ERR_MSG_ATTR(extack, nla, msg);				\
	-EINVAL;							\
})

/* Fills msg->req from msg->attrs and checks all that needs no state. */
typedef int (*vms_nl_parse_fn)(struct vms_nl_msg *msg, struct sk_buff *skb,
			       struct netlink_ext_ack *extack);

/**
 * struct vms_nl_cursor - where a dump goes on; in the callback's context
 * @only: dump only the switch with this interface index, 0: all
 * @ifindex: the switch that comes next, or the first after this index
 * @pos: where to go on in that switch; 0: at its beginning
 */
struct vms_nl_cursor {
	int only;
	int ifindex;
	u32 pos;
};

static inline struct vms_nl_cursor *vms_nl_cursor(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct vms_nl_cursor) > sizeof(cb->ctx));
	return (struct vms_nl_cursor *)cb->ctx;
}

/* Dumps what one switch has, from the cursor's position on. */
typedef int (*vms_nl_dump_fn)(struct vms_switch *sw, struct sk_buff *skb,
			      struct netlink_callback *cb);

/* The answer to a request about @port, or an error pointer; &vms_net.lock is held. */
typedef struct sk_buff *(*vms_nl_answer_fn)(struct vms_port *port,
					    const struct genl_info *info);

/* family.c */
int vms_nl_init(void);
void vms_nl_exit(void);
bool vms_nl_listeners(const struct vms_net *vn);
void vms_nl_multicast(const struct vms_net *vn, struct sk_buff *skb,
		      gfp_t gfp);

/* request.c */
int vms_nl_change(struct sk_buff *skb, struct genl_info *info, u8 max,
		  u8 check, vms_nl_parse_fn parse);
void vms_nl_msg_free(struct vms_nl_msg *msg);
int vms_nl_parse_switch_name(struct vms_nl_msg *msg, u8 attr,
			     struct netlink_ext_ack *extack);
int vms_nl_parse_port_name(struct vms_nl_msg *msg, u8 attr, char *name,
			   struct netlink_ext_ack *extack);

/* read.c */
struct vms_switch *vms_nl_find_switch(struct vms_net *vn,
				      struct nlattr **attrs, u8 attr,
				      struct netlink_ext_ack *extack);
struct vms_port *vms_nl_find_port(struct vms_switch *sw, struct nlattr **attrs,
				  u8 attr, struct netlink_ext_ack *extack);
int vms_nl_answer_port(struct genl_info *info, u8 sw_attr, u8 port_attr,
		       vms_nl_answer_fn fn);
int vms_nl_dump(struct sk_buff *skb, struct netlink_callback *cb, u8 attr,
		vms_nl_dump_fn fn);
int vms_nl_dump_refuse(struct netlink_callback *cb, u8 attr);
int vms_nl_put_switch_name(struct sk_buff *skb, int attr,
			   const struct vms_switch *sw);

/* switch.c */
size_t vms_nl_switch_size(void);
int vms_nl_switch_fill(struct sk_buff *skb, struct vms_switch *sw, u32 portid,
		       u32 seq, int flags, u8 cmd);

/* port.c */
size_t vms_nl_port_size(const struct vms_port *port);
int vms_nl_port_fill(struct sk_buff *skb, struct vms_port *port, u32 portid,
		     u32 seq, int flags, u8 cmd);

/* fdb.c */
size_t vms_nl_fdb_size(void);
int vms_nl_fdb_fill(struct sk_buff *skb, const struct vms_switch *sw,
		    const struct vms_fdb_entry *entry,
		    const struct vms_port *port, const struct vms_port *from,
		    u32 portid, u32 seq, int flags, u8 cmd);

/* vmq.c */
size_t vms_nl_vmq_size(const struct vms_port *port);
int vms_nl_vmq_fill(struct sk_buff *skb, const struct vms_port *port,
		    u32 portid, u32 seq, int flags, u8 cmd);

/* txn.c */
int vms_nl_txn_init(void);
void vms_nl_txn_exit(void);
bool vms_nl_txn_open(struct genl_info *info);
int vms_nl_txn_stage(struct genl_info *info, struct vms_nl_msg *msg);
void vms_nl_txn_spoil(struct genl_info *info);

/* rtfdb.c */
int vms_rtfdb_dump(struct sk_buff *skb, struct netlink_callback *cb,
		   struct net_device *dev, struct net_device *filter_dev,
		   int *idx);

#endif /* _VMSWITCH_NETLINK_H */
