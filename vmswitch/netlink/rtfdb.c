// SPDX-License-Identifier: GPL-2.0
/*
 * The forwarding database as "bridge fdb show dev SWITCH" shows it.
 */
#include <net/neighbour.h>

#include "netlink.h"

static u16 entry_state(const struct vms_fdb_entry *entry)
{
	return entry->type == VMS_FDB_DYNAMIC ? NUD_REACHABLE : NUD_NOARP;
}

static int put_age(struct sk_buff *skb, const struct vms_switch *sw,
		   const struct vms_fdb_entry *entry)
{
	unsigned long age = 0;
	struct nda_cacheinfo ci = {};

	if (entry->type == VMS_FDB_DYNAMIC)
		age = vms_fdb_ticks_to_secs(sw, entry->ticks) * HZ;
	ci.ndm_used = jiffies_to_clock_t(age);
	ci.ndm_updated = ci.ndm_used;
	return nla_put(skb, NDA_CACHEINFO, sizeof(ci), &ci);
}

/* The port's device, and where that index is to be looked up. */
static int put_nic(struct sk_buff *skb, const struct vms_switch *sw,
		   const struct net_device *dev)
{
	struct net *net = sw->vn->net;

	if (nla_put_u32(skb, NDA_IFINDEX, dev->ifindex))
		return -EMSGSIZE;
	/* RTNL is held: the device stays where it is. */
	if (net_eq(dev_net(dev), net))
		return 0;
	return nla_put_s32(skb, NDA_LINK_NETNSID,
			   peernet2id_alloc(net, dev_net(dev), GFP_KERNEL));
}

static int put_entry(struct sk_buff *skb, struct vms_switch *sw,
		     const struct vms_fdb_entry *entry)
{
	const struct vms_nic *nic = NULL;
	struct vms_port *port;
	u8 mac[ETH_ALEN];

	vms_u64_mac(entry->mac, mac);
	if (nla_put(skb, NDA_LLADDR, ETH_ALEN, mac) ||
	    put_age(skb, sw, entry))
		return -EMSGSIZE;
	if (entry->vid != VMS_FID_ANY &&
	    nla_put_u16(skb, NDA_VLAN, entry->vid))
		return -EMSGSIZE;
	port = vms_port_next(sw, entry->port - 1);
	if (port && port->id == entry->port)
		nic = vms_port_nic(port);
	return nic ? put_nic(skb, sw, nic->dev) : 0;
}

static int fill(struct sk_buff *skb, struct netlink_callback *cb,
		struct vms_switch *sw, const struct vms_fdb_entry *entry)
{
	struct nlmsghdr *nlh;
	struct ndmsg *ndm;

	nlh = nlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			RTM_NEWNEIGH, sizeof(*ndm), NLM_F_MULTI);
	if (!nlh)
		return -EMSGSIZE;
	ndm = nlmsg_data(nlh);
	*ndm = (struct ndmsg) {
		.ndm_family	= AF_BRIDGE,
		.ndm_ifindex	= sw->dev->ifindex,
		.ndm_state	= entry_state(entry),
		.ndm_flags	= NTF_SELF,
	};
	if (put_entry(skb, sw, entry)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	nl_dump_check_consistent(cb, nlh);
	return 0;
}

/**
 * vms_rtfdb_dump() - ndo_fdb_dump() of a switch
 * @skb: where the next part goes
 * @cb: the dump
 * @dev: the switch's netdev
 * @filter_dev: NULL: we are nobody's bridge port
 * @idx: in: how far this part has come; out: where it ended
 *
 * What is counted are slots of the table and not entries, so that a dump goes
 * on where it stopped without walking there, and loses no entry when others
 * come and go.
 *
 * Context: RTNL is held.
 * Return: 0, or -EMSGSIZE if @skb is full.
 */
int vms_rtfdb_dump(struct sk_buff *skb, struct netlink_callback *cb,
		   struct net_device *dev, struct net_device *filter_dev,
		   int *idx)
{
	const struct vms_fdb_filter all = {
		.type = BIT(VMS_FDB_DYNAMIC) | BIT(VMS_FDB_STATIC) |
			BIT(VMS_FDB_PORT),
	};
	struct vms_switch *sw = netdev_priv(dev);
	u32 slot = vms_fdb_dump_from(cb);
	struct vms_fdb_entry entry;
	int err = 0;

	mutex_lock(&sw->vn->lock);
	/* Slots mean nothing in another table; each switch has its own. */
	if (!slot)
		cb->prev_seq = 0;
	cb->seq = sw->fdb.gen + 1;
	*idx = slot;
	while (vms_fdb_next(sw, &slot, &all, &entry)) {
		err = fill(skb, cb, sw, &entry);
		if (err)
			break;
		*idx = slot;
	}
	mutex_unlock(&sw->vn->lock);
	return err;
}
