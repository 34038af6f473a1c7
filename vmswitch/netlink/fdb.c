// SPDX-License-Identifier: GPL-2.0
/*
 * Requests about the forwarding database.
 */
#include "netlink.h"

#define ALL_TYPES	(BIT(VMS_FDB_DYNAMIC) | BIT(VMS_FDB_STATIC) | \
			 BIT(VMS_FDB_PORT))

static int parse_entry(struct vms_nl_msg *msg, struct netlink_ext_ack *extack)
{
	struct vms_fdb_req *req = &msg->req.fdb;
	struct nlattr **attrs = msg->attrs;

	if (attrs[VMS_A_FDB_MAC]) {
		const u8 *mac = nla_data(attrs[VMS_A_FDB_MAC]);

		if (!is_valid_ether_addr(mac))
			return vms_nl_refuse(extack, attrs[VMS_A_FDB_MAC],
					     "a group address or zero has no entry");
		req->mac = vms_mac_u64(mac);
	}
	if (attrs[VMS_A_FDB_VLAN])
		req->vid = nla_get_u16(attrs[VMS_A_FDB_VLAN]);
	if (attrs[VMS_A_FDB_PORT])
		return vms_nl_parse_port_name(msg, VMS_A_FDB_PORT, req->port,
					      extack);
	return 0;
}

static int require(struct vms_nl_msg *msg, struct netlink_ext_ack *extack)
{
	bool new = msg->req.cmd == VMS_CMD_FDB_NEW;

	if (NL_REQ_ATTR_CHECK(extack, NULL, msg->attrs, VMS_A_FDB_MAC)) {
		NL_SET_ERR_MSG(extack, "the MAC address is missing");
		return -EINVAL;
	}
	if (new && NL_REQ_ATTR_CHECK(extack, NULL, msg->attrs,
				     VMS_A_FDB_VLAN)) {
		NL_SET_ERR_MSG(extack, "the VLAN is missing");
		return -EINVAL;
	}
	if (new && NL_REQ_ATTR_CHECK(extack, NULL, msg->attrs,
				     VMS_A_FDB_PORT)) {
		NL_SET_ERR_MSG(extack, "the name of the port is missing");
		return -EINVAL;
	}
	return 0;
}

static int parse_fdb(struct vms_nl_msg *msg, struct sk_buff *skb,
		     struct netlink_ext_ack *extack)
{
	int err;

	err = vms_nl_parse_switch_name(msg, VMS_A_FDB_SWITCH, extack);
	if (!err && msg->req.cmd != VMS_CMD_FDB_FLUSH)
		err = require(msg, extack);
	if (!err)
		err = parse_entry(msg, extack);
	return err;
}

/**
 * vms_nl_fdb_new_doit() - handle VMS_CMD_FDB_NEW
 * @skb: the message
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int vms_nl_fdb_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vms_nl_change(skb, info, VMS_A_FDB_MAX, VMS_A_FDB_CHECK,
			     parse_fdb);
}

/**
 * vms_nl_fdb_del_doit() - handle VMS_CMD_FDB_DEL
 * @skb: the message
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int vms_nl_fdb_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vms_nl_change(skb, info, VMS_A_FDB_MAX, VMS_A_FDB_CHECK,
			     parse_fdb);
}

/**
 * vms_nl_fdb_flush_doit() - handle VMS_CMD_FDB_FLUSH
 * @skb: the message
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int vms_nl_fdb_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vms_nl_change(skb, info, VMS_A_FDB_MAX, VMS_A_FDB_CHECK,
			     parse_fdb);
}

/**
 * vms_nl_fdb_size() - room for the attributes of vms_nl_fdb_fill()
 *
 * Return: bytes.
 */
size_t vms_nl_fdb_size(void)
{
	return nla_total_size(IFNAMSIZ) +			/* SWITCH */
	       nla_total_size(ETH_ALEN) +			/* MAC */
	       nla_total_size(sizeof(u16)) +			/* VLAN */
	       2 * nla_total_size(VMS_PORT_NAME_MAX + 1) +	/* the ports */
	       nla_total_size(sizeof(u8)) +			/* TYPE */
	       nla_total_size(sizeof(u32));			/* AGE */
}

static int put_entry(struct sk_buff *skb, const struct vms_switch *sw,
		     const struct vms_fdb_entry *entry)
{
	u8 mac[ETH_ALEN];

	vms_u64_mac(entry->mac, mac);
	if (vms_nl_put_switch_name(skb, VMS_A_FDB_SWITCH, sw) ||
	    nla_put(skb, VMS_A_FDB_MAC, ETH_ALEN, mac) ||
	    nla_put_u8(skb, VMS_A_FDB_TYPE, entry->type))
		return -EMSGSIZE;
	if (entry->vid != VMS_FID_ANY &&
	    nla_put_u16(skb, VMS_A_FDB_VLAN, entry->vid))
		return -EMSGSIZE;
	return 0;
}

/**
 * vms_nl_fdb_fill() - write a message about an FDB entry
 * @skb: where it goes
 * @sw: the switch
 * @entry: the entry
 * @port: its port, or NULL if that is just gone
 * @from: the port where it was before, or NULL
 * @portid: whom it is for
 * @seq: sequence number of the request
 * @flags: NLM_F_* flags
 * @cmd: &enum vms_cmd; an event tells no age
 *
 * Context: RCU or &vms_net.lock is held.
 * Return: 0 or -EMSGSIZE.
 */
int vms_nl_fdb_fill(struct sk_buff *skb, const struct vms_switch *sw,
		    const struct vms_fdb_entry *entry,
		    const struct vms_port *port, const struct vms_port *from,
		    u32 portid, u32 seq, int flags, u8 cmd)
{
	void *hdr;

	hdr = genlmsg_put(skb, portid, seq, &vms_nl_family, flags, cmd);
	if (!hdr)
		return -EMSGSIZE;
	if (put_entry(skb, sw, entry))
		goto cancel;
	if (port && nla_put_string(skb, VMS_A_FDB_PORT, port->name))
		goto cancel;
	if (from && nla_put_string(skb, VMS_A_FDB_OLD_PORT, from->name))
		goto cancel;
	if (cmd == VMS_CMD_FDB_GET && entry->type == VMS_FDB_DYNAMIC &&
	    nla_put_u32(skb, VMS_A_FDB_AGE,
			vms_fdb_ticks_to_secs(sw, entry->ticks)))
		goto cancel;
	genlmsg_end(skb, hdr);
	return 0;

cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

static int fill_with_port(struct sk_buff *skb, const struct vms_switch *sw,
			  const struct vms_fdb_entry *entry, u32 portid,
			  u32 seq, int flags)
{
	int err;

	rcu_read_lock();
	err = vms_nl_fdb_fill(skb, sw, entry,
			      vms_switch_port_rcu(sw, entry->port), NULL,
			      portid, seq, flags, VMS_CMD_FDB_GET);
	rcu_read_unlock();
	return err;
}

/* An entry of the VLAN comes before one that is valid in all VLANs. */
static int find_entry(struct vms_switch *sw, const struct genl_info *info,
		      struct vms_fdb_entry *entry)
{
	struct nlattr **attrs = info->attrs;
	u64 mac;

	if (NL_REQ_ATTR_CHECK(info->extack, NULL, attrs, VMS_A_FDB_MAC)) {
		NL_SET_ERR_MSG(info->extack, "the MAC address is missing");
		return -EINVAL;
	}
	if (attrs[VMS_A_FDB_PORT])
		return vms_nl_refuse(info->extack, attrs[VMS_A_FDB_PORT],
				     "only a dump selects by port");
	if (attrs[VMS_A_FDB_TYPE])
		return vms_nl_refuse(info->extack, attrs[VMS_A_FDB_TYPE],
				     "only a dump selects by type");

	mac = vms_mac_u64(nla_data(attrs[VMS_A_FDB_MAC]));
	if (attrs[VMS_A_FDB_VLAN] &&
	    vms_fdb_find(sw, mac, nla_get_u16(attrs[VMS_A_FDB_VLAN]), entry))
		return 0;
	if (vms_fdb_find(sw, mac, VMS_FID_ANY, entry))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, attrs[VMS_A_FDB_MAC],
			    "there is no entry of this address");
	return -ENOENT;
}

static int get_entry(struct vms_net *vn, struct sk_buff *msg,
		     const struct genl_info *info)
{
	struct vms_fdb_entry entry;
	struct vms_switch *sw;
	int err;

	sw = vms_nl_find_switch(vn, info->attrs, VMS_A_FDB_SWITCH,
				info->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	err = find_entry(sw, info, &entry);
	if (err)
		return err;
	return fill_with_port(msg, sw, &entry, info->snd_portid,
			      info->snd_seq, 0);
}

/**
 * vms_nl_fdb_get_doit() - handle VMS_CMD_FDB_GET of one address
 * @skb: the message
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int vms_nl_fdb_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vms_net *vn = vms_net(genl_info_net(info));
	struct sk_buff *msg;
	int err;

	msg = genlmsg_new(vms_nl_fdb_size(), GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&vn->lock);
	err = get_entry(vn, msg, info);
	mutex_unlock(&vn->lock);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

static int parse_filter(struct vms_switch *sw, struct netlink_callback *cb,
			struct vms_fdb_filter *filter)
{
	struct nlattr **attrs = vms_dump_attrs(cb);
	struct vms_port *port;

	filter->type = ALL_TYPES;
	if (attrs[VMS_A_FDB_TYPE])
		filter->type = BIT(nla_get_u8(attrs[VMS_A_FDB_TYPE]));
	if (attrs[VMS_A_FDB_MAC])
		filter->mac = vms_mac_u64(nla_data(attrs[VMS_A_FDB_MAC]));
	if (attrs[VMS_A_FDB_VLAN])
		filter->vid = nla_get_u16(attrs[VMS_A_FDB_VLAN]);
	if (attrs[VMS_A_FDB_PORT]) {
		port = vms_nl_find_port(sw, attrs, VMS_A_FDB_PORT, cb->extack);
		if (IS_ERR(port))
			return PTR_ERR(port);
		filter->port = port->id;
	}
	return 0;
}

static int dump_entries(struct vms_switch *sw, struct sk_buff *skb,
			struct netlink_callback *cb)
{
	struct vms_nl_cursor *cursor = vms_nl_cursor(cb);
	struct vms_fdb_filter filter = {};
	struct vms_fdb_entry entry;
	u32 slot = cursor->pos;
	int err;

	err = parse_filter(sw, cb, &filter);
	if (err)	/* A port that goes during a dump takes its entries. */
		return cursor->pos ? 0 : err;

	/* Positions mean nothing in another table. */
	cb->seq = sw->fdb.gen + 1;
	while (vms_fdb_next(sw, &slot, &filter, &entry)) {
		struct nlmsghdr *nlh = (void *)skb_tail_pointer(skb);

		err = fill_with_port(skb, sw, &entry,
				     NETLINK_CB(cb->skb).portid,
				     cb->nlh->nlmsg_seq, NLM_F_MULTI);
		if (err)
			return err;
		nl_dump_check_consistent(cb, nlh);
		cursor->pos = slot;
	}
	return 0;
}

/**
 * vms_nl_fdb_get_dumpit() - handle VMS_CMD_FDB_GET of all entries
 * @skb: where the next part goes
 * @cb: the dump
 *
 * Return: as a dumpit callback.
 */
int vms_nl_fdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = vms_dump_attrs(cb);

	if (NL_REQ_ATTR_CHECK(cb->extack, NULL, attrs, VMS_A_FDB_SWITCH)) {
		NL_SET_ERR_MSG(cb->extack, "the name of the switch is missing");
		return -EINVAL;
	}
	return vms_nl_dump(skb, cb, VMS_A_FDB_SWITCH, dump_entries);
}
