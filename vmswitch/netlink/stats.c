// SPDX-License-Identifier: GPL-2.0
/*
 * Requests for counters.
 */
#include "netlink.h"

static int put_drop(struct sk_buff *skb, u32 reason, u64 packets)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, VMS_A_STATS_DROP);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u32(skb, VMS_A_DROP_REASON, reason) ||
	    nla_put_u64_64bit(skb, VMS_A_DROP_PACKETS, packets,
			      VMS_A_DROP_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_traffic(struct sk_buff *skb, const struct vms_stats_sum *sum)
{
	if (nla_put_u64_64bit(skb, VMS_A_STATS_RX_PACKETS, sum->rx_packets,
			      VMS_A_STATS_PAD) ||
	    nla_put_u64_64bit(skb, VMS_A_STATS_RX_BYTES, sum->rx_bytes,
			      VMS_A_STATS_PAD) ||
	    nla_put_u64_64bit(skb, VMS_A_STATS_TX_PACKETS, sum->tx_packets,
			      VMS_A_STATS_PAD) ||
	    nla_put_u64_64bit(skb, VMS_A_STATS_TX_BYTES, sum->tx_bytes,
			      VMS_A_STATS_PAD))
		return -EMSGSIZE;
	return 0;
}

static int put_port_only(struct sk_buff *skb, const struct vms_stats_sum *sum)
{
	unsigned int i;

	if (nla_put_u64_64bit(skb, VMS_A_STATS_MOVES, sum->moves,
			      VMS_A_STATS_PAD) ||
	    nla_put_u64_64bit(skb, VMS_A_STATS_LIMITED, sum->limited,
			      VMS_A_STATS_PAD))
		return -EMSGSIZE;
	for (i = VMS_DROP_NONE + 1; i < ARRAY_SIZE(sum->drops); i++) {
		if (sum->drops[i] && put_drop(skb, i, sum->drops[i]))
			return -EMSGSIZE;
	}
	return 0;
}

/* Room for the attributes of fill(). */
static size_t stats_size(void)
{
	return nla_total_size(IFNAMSIZ) +			/* SWITCH */
	       nla_total_size(VMS_PORT_NAME_MAX + 1) +		/* PORT */
	       nla_total_size(sizeof(u16)) +			/* VLAN */
	       6 * nla_total_size_64bit(sizeof(u64)) +		/* counters */
	       VMS_DROP_MAX *
	       nla_total_size(nla_total_size(sizeof(u32)) +
			      nla_total_size_64bit(sizeof(u64)));
}

/* The counters of @port or, if that is NULL, of VLAN @vid. */
static int fill(struct sk_buff *skb, const struct vms_switch *sw,
		const struct vms_port *port, u16 vid,
		const struct vms_stats_sum *sum, u32 portid, u32 seq,
		int flags)
{
	void *hdr;

	hdr = genlmsg_put(skb, portid, seq, &vms_nl_family, flags,
			  VMS_CMD_STATS_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (vms_nl_put_switch_name(skb, VMS_A_STATS_SWITCH, sw))
		goto cancel;
	if (port && nla_put_string(skb, VMS_A_STATS_PORT, port->name))
		goto cancel;
	if (!port && nla_put_u16(skb, VMS_A_STATS_VLAN, vid))
		goto cancel;
	if (put_traffic(skb, sum) || (port && put_port_only(skb, sum)))
		goto cancel;
	genlmsg_end(skb, hdr);
	return 0;

cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

static int get_vlan(struct vms_switch *sw, struct sk_buff *msg,
		    const struct genl_info *info)
{
	const struct nlattr *nla = info->attrs[VMS_A_STATS_VLAN];
	u16 vid = nla_get_u16(nla);
	struct vms_stats_sum sum = {};

	if (info->attrs[VMS_A_STATS_PORT])
		return vms_nl_refuse(info->extack, nla,
				     "counters are of a port or of a VLAN");
	if (!vms_stats_vlan(sw, vid, &sum)) {
		NL_SET_ERR_MSG_ATTR(info->extack, nla,
				    "no port is a member of this VLAN");
		return -ENOENT;
	}
	return fill(msg, sw, NULL, vid, &sum, info->snd_portid, info->snd_seq,
		    0);
}

static int get_port(struct vms_switch *sw, struct sk_buff *msg,
		    const struct genl_info *info)
{
	struct vms_stats_sum sum = {};
	struct vms_port *port;

	port = vms_nl_find_port(sw, info->attrs, VMS_A_STATS_PORT,
				info->extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	vms_stats_add(port, &sum);
	return fill(msg, sw, port, 0, &sum, info->snd_portid, info->snd_seq,
		    0);
}

static int get_stats(struct vms_net *vn, struct sk_buff *msg,
		     const struct genl_info *info)
{
	const struct nlattr *nla = info->attrs[VMS_A_STATS_BY_VLAN];
	struct vms_switch *sw;

	if (nla)
		return vms_nl_refuse(info->extack, nla,
				     "this is for a dump of all VLANs");
	sw = vms_nl_find_switch(vn, info->attrs, VMS_A_STATS_SWITCH,
				info->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	if (info->attrs[VMS_A_STATS_VLAN])
		return get_vlan(sw, msg, info);
	return get_port(sw, msg, info);
}

/**
 * vms_nl_stats_get_doit() - handle VMS_CMD_STATS_GET of one port or VLAN
 * @skb: the message
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int vms_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vms_net *vn = vms_net(genl_info_net(info));
	struct sk_buff *msg;
	int err;

	msg = genlmsg_new(stats_size(), GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&vn->lock);
	err = get_stats(vn, msg, info);
	mutex_unlock(&vn->lock);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

static int dump_vlans(struct vms_switch *sw, struct sk_buff *skb,
		      struct netlink_callback *cb)
{
	struct vms_nl_cursor *cursor = vms_nl_cursor(cb);
	u32 vid;
	int err;

	for (vid = cursor->pos + 1; vid <= VMS_VID_MAX; vid++) {
		struct vms_stats_sum sum = {};

		if (!vms_stats_vlan(sw, vid, &sum))
			continue;
		err = fill(skb, sw, NULL, vid, &sum,
			   NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   NLM_F_MULTI);
		if (err)
			return err;
		cursor->pos = vid;
	}
	return 0;
}

static int dump_ports(struct vms_switch *sw, struct sk_buff *skb,
		      struct netlink_callback *cb)
{
	struct vms_nl_cursor *cursor = vms_nl_cursor(cb);
	struct vms_port *port;
	int err;

	while ((port = vms_port_next(sw, cursor->pos))) {
		struct vms_stats_sum sum = {};

		vms_stats_add(port, &sum);
		err = fill(skb, sw, port, 0, &sum, NETLINK_CB(cb->skb).portid,
			   cb->nlh->nlmsg_seq, NLM_F_MULTI);
		if (err)
			return err;
		cursor->pos = port->id;
	}
	return 0;
}

/**
 * vms_nl_stats_get_dumpit() - handle VMS_CMD_STATS_GET of all ports or VLANs
 * @skb: where the next part goes
 * @cb: the dump
 *
 * Return: as a dumpit callback.
 */
int vms_nl_stats_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	bool by_vlan = vms_dump_attrs(cb)[VMS_A_STATS_BY_VLAN];

	return vms_nl_dump_refuse(cb, VMS_A_STATS_PORT) ?:
	       vms_nl_dump_refuse(cb, VMS_A_STATS_VLAN) ?:
	       vms_nl_dump(skb, cb, VMS_A_STATS_SWITCH,
			   by_vlan ? dump_vlans : dump_ports);
}
