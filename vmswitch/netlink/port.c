// SPDX-License-Identifier: GPL-2.0
/*
 * Requests about ports.
 */
#include <linux/net_namespace.h>

#include "netlink.h"

static int parse_kind_and_dev(struct vms_nl_msg *msg,
			      struct netlink_ext_ack *extack)
{
	struct vms_port_req *req = &msg->req.port;
	struct nlattr **attrs = msg->attrs;

	if (attrs[VMS_A_PORT_KIND])
		req->kind = nla_get_u8(attrs[VMS_A_PORT_KIND]);
	if (!attrs[VMS_A_PORT_DEV])
		return 0;
	nla_strscpy(req->dev, attrs[VMS_A_PORT_DEV], sizeof(req->dev));
	/* The core would make a number of a '%d'. */
	if (*req->dev &&
	    (!dev_valid_name(req->dev) || strchr(req->dev, '%')))
		return vms_nl_refuse(extack, attrs[VMS_A_PORT_DEV],
				     "not a valid name for a device");
	return 0;
}

static int parse_netns(struct vms_nl_msg *msg, struct sk_buff *skb,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *nla = msg->attrs[VMS_A_PORT_NETNS_FD];
	struct net *net;

	if (!nla)
		return 0;
	net = get_net_ns_by_fd(nla_get_u32(nla));
	if (IS_ERR(net)) {
		NL_SET_ERR_MSG_ATTR(extack, nla,
				    "not the file descriptor of a network namespace");
		return PTR_ERR(net);
	}
	msg->net = net;
	msg->req.port.net = net;
	if (!netlink_ns_capable(skb, net->user_ns, CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG_ATTR(extack, nla,
				    "no CAP_NET_ADMIN in that network namespace");
		return -EPERM;
	}
	return 0;
}

static int parse_macs(struct vms_nl_msg *msg, struct netlink_ext_ack *extack)
{
	const struct nlattr *nla = msg->attrs[VMS_A_PORT_MACS];
	struct vms_port_req *req = &msg->req.port;
	unsigned int i, j;

	if (!nla)
		return 0;
	if (nla_len(nla) % ETH_ALEN ||
	    nla_len(nla) > VMS_PORT_MACS_MAX * ETH_ALEN)
		return vms_nl_refuse(extack, nla,
				     "not a list of up to 64 addresses of 6 bytes");
	req->macs = nla_data(nla);
	req->n_macs = nla_len(nla) / ETH_ALEN;
	for (i = 0; i < req->n_macs; i++) {
		const u8 *mac = req->macs + i * ETH_ALEN;

		if (!is_valid_ether_addr(mac))
			return vms_nl_refuse(extack, nla,
					     "a group address or zero can not live at a port");
		for (j = 0; j < i; j++) {
			if (!memcmp(mac, req->macs + j * ETH_ALEN, ETH_ALEN))
				return vms_nl_refuse(extack, nla,
						     "an address is listed twice");
		}
	}
	return 0;
}

static int parse_vlans(struct vms_nl_msg *msg, struct netlink_ext_ack *extack)
{
	const struct nlattr *nla = msg->attrs[VMS_A_PORT_VLANS];
	struct vms_port_req *req = &msg->req.port;
	unsigned int i;

	if (!nla)
		return 0;
	if (!nla_len(nla) || nla_len(nla) % sizeof(*req->vlans))
		return vms_nl_refuse(extack, nla,
				     "not a list of ranges of VLANs");
	req->vlans = nla_data(nla);
	req->n_vlans = nla_len(nla) / sizeof(*req->vlans);
	for (i = 0; i < req->n_vlans; i++) {
		const struct vms_vlan_range *range = &req->vlans[i];

		if (range->first < VMS_VID_MIN || range->last > VMS_VID_MAX)
			return vms_nl_refuse(extack, nla,
					     "a VLAN is 1 to 4094");
		if (range->first > range->last)
			return vms_nl_refuse(extack, nla,
					     "a range of VLANs ends before it begins");
	}
	return 0;
}

static int parse_vlan_mode(struct vms_nl_msg *msg,
			   struct netlink_ext_ack *extack)
{
	struct vms_port_req *req = &msg->req.port;
	struct nlattr **attrs = msg->attrs;

	if (attrs[VMS_A_PORT_PVID])
		req->pvid = nla_get_u16(attrs[VMS_A_PORT_PVID]);
	if (!attrs[VMS_A_PORT_VLAN_MODE])
		return 0;
	req->vlan_mode = nla_get_u8(attrs[VMS_A_PORT_VLAN_MODE]);
	if (req->vlan_mode != VMS_VLAN_ACCESS)
		return 0;
	if (attrs[VMS_A_PORT_VLANS])
		return vms_nl_refuse(extack, attrs[VMS_A_PORT_VLANS],
				     "an access port has no list of VLANs");
	if (attrs[VMS_A_PORT_PVID] && !req->pvid)
		return vms_nl_refuse(extack, attrs[VMS_A_PORT_PVID],
				     "an access port needs a VLAN of 1 to 4094");
	return 0;
}

static void parse_u8(const struct vms_nl_msg *msg, int attr, u8 *value)
{
	if (msg->attrs[attr])
		*value = nla_get_u8(msg->attrs[attr]);
}

static void parse_u32(const struct vms_nl_msg *msg, int attr, u32 *value)
{
	if (msg->attrs[attr])
		*value = nla_get_u32(msg->attrs[attr]);
}

static void parse_numbers(struct vms_nl_msg *msg)
{
	struct vms_port_req *req = &msg->req.port;

	parse_u8(msg, VMS_A_PORT_ADMIN, &req->admin);
	parse_u8(msg, VMS_A_PORT_LEARNING, &req->learning);
	parse_u32(msg, VMS_A_PORT_MAC_LIMIT, &req->mac_limit);
	parse_u8(msg, VMS_A_PORT_MAC_GUARD, &req->mac_guard);
	parse_u8(msg, VMS_A_PORT_MAC_CHANGE, &req->mac_change);
	parse_u8(msg, VMS_A_PORT_UNKNOWN_FLOOD, &req->unknown_flood);
	parse_u8(msg, VMS_A_PORT_MCAST_FLOOD, &req->mcast_flood);
	parse_u8(msg, VMS_A_PORT_BCAST_FLOOD, &req->bcast_flood);
	parse_u8(msg, VMS_A_PORT_PRIORITY, &req->priority);
	parse_u8(msg, VMS_A_PORT_QDISC, &req->qdisc);
	parse_u8(msg, VMS_A_PORT_AUTOUP, &req->autoup);
	parse_u8(msg, VMS_A_PORT_DOWN_MODE, &req->down_mode);
	parse_u8(msg, VMS_A_PORT_LINK_FOLLOW, &req->link_follow);
	parse_u8(msg, VMS_A_PORT_UPLINK_FILTER, &req->uplink_filter);
	parse_u8(msg, VMS_A_PORT_VMQ, &req->vmq);
	parse_u8(msg, VMS_A_PORT_VMQ_WEIGHT, &req->vmq_weight);
	parse_u32(msg, VMS_A_PORT_VMQ_CPU, &req->vmq_cpu);
	parse_u8(msg, VMS_A_PORT_VMQ_DYNAMIC, &req->vmq_dynamic);
	parse_u32(msg, VMS_A_PORT_VMQ_BASE_CPU, &req->vmq_base_cpu);
	parse_u32(msg, VMS_A_PORT_VMQ_MAX_CPU, &req->vmq_max_cpu);
	parse_u32(msg, VMS_A_PORT_MTU, &req->mtu);
}

/* Which CPU does what concerns the host, as it does with RPS and the affinity of
 * interrupts: it is not for the root of a user namespace to say.
 */
static int parse_cpus(const struct vms_nl_msg *msg, struct sk_buff *skb,
		      struct netlink_ext_ack *extack)
{
	static const u8 attrs[] = {
		VMS_A_PORT_VMQ_CPU, VMS_A_PORT_VMQ_DYNAMIC,
		VMS_A_PORT_VMQ_BASE_CPU, VMS_A_PORT_VMQ_MAX_CPU,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(attrs); i++) {
		if (!msg->attrs[attrs[i]] ||
		    netlink_capable(skb, CAP_NET_ADMIN))
			continue;
		NL_SET_ERR_MSG_ATTR(extack, msg->attrs[attrs[i]],
				    "no CAP_NET_ADMIN over the host, which its CPUs take");
		return -EPERM;
	}
	return 0;
}

static int parse_port(struct vms_nl_msg *msg, struct sk_buff *skb,
		      struct netlink_ext_ack *extack)
{
	int err;

	err = vms_nl_parse_switch_name(msg, VMS_A_PORT_SWITCH, extack);
	if (!err)
		err = vms_nl_parse_port_name(msg, VMS_A_PORT_NAME,
					     msg->req.port.name, extack);
	if (!err)
		err = parse_kind_and_dev(msg, extack);
	if (!err)
		err = parse_netns(msg, skb, extack);
	if (!err)
		err = parse_macs(msg, extack);
	if (!err)
		err = parse_vlans(msg, extack);
	if (!err)
		err = parse_vlan_mode(msg, extack);
	if (!err)
		err = parse_cpus(msg, skb, extack);
	if (!err)
		parse_numbers(msg);
	return err;
}

/**
 * vms_nl_port_new_doit() - handle VMS_CMD_PORT_NEW
 * @skb: the message
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int vms_nl_port_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vms_nl_change(skb, info, VMS_A_PORT_MAX, VMS_A_PORT_CHECK,
			     parse_port);
}

/**
 * vms_nl_port_set_doit() - handle VMS_CMD_PORT_SET
 * @skb: the message
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int vms_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vms_nl_change(skb, info, VMS_A_PORT_MAX, VMS_A_PORT_CHECK,
			     parse_port);
}

/**
 * vms_nl_port_del_doit() - handle VMS_CMD_PORT_DEL
 * @skb: the message
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int vms_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vms_nl_change(skb, info, VMS_A_PORT_MAX, VMS_A_PORT_CHECK,
			     parse_port);
}

/* The next range of VLANs from @from on; false if there is none. */
static bool next_range(const unsigned long *members, unsigned int from,
		       struct vms_vlan_range *range)
{
	range->first = find_next_bit(members, VMS_N_VID, from);
	if (range->first >= VMS_N_VID)
		return false;
	range->last = find_next_zero_bit(members, VMS_N_VID, range->first) - 1;
	return true;
}

static unsigned int count_ranges(const unsigned long *vids)
{
	struct vms_vlan_range range = {};
	unsigned int n = 0, from = 0;

	while (next_range(vids, from, &range)) {
		from = range.last + 1;
		n++;
	}
	return n;
}

static int put_ranges(struct sk_buff *skb, int attr, const unsigned long *vids)
{
	struct vms_vlan_range *range;
	unsigned int i, n, from = 0;
	struct nlattr *nla;

	n = count_ranges(vids);
	if (!n)
		return 0;
	nla = nla_reserve(skb, attr, n * sizeof(*range));
	if (!nla)
		return -EMSGSIZE;
	range = nla_data(nla);
	for (i = 0; i < n; i++) {
		next_range(vids, from, &range[i]);
		from = range[i].last + 1;
	}
	return 0;
}

static int put_vlans(struct sk_buff *skb, const struct vms_policy *pol)
{
	if (nla_put_u8(skb, VMS_A_PORT_VLAN_MODE, pol->vlan_mode) ||
	    nla_put_u16(skb, VMS_A_PORT_PVID, pol->pvid))
		return -EMSGSIZE;
	return pol->members ?
	       put_ranges(skb, VMS_A_PORT_VLANS, pol->members) : 0;
}

/* VLAN devices come and go without the mutex, so what they take is only told
 * where a message has room for whatever it may be: not in events.
 */
static int put_vlans_taken(struct sk_buff *skb, const struct vms_port *port)
{
	const struct vms_nic *nic = vms_port_nic(port);
	DECLARE_BITMAP(vids, VMS_N_VID);

	if (!nic)
		return 0;
	vms_nic_vids_taken(nic, vids);
	return put_ranges(skb, VMS_A_PORT_VLANS_TAKEN, vids);
}

static int put_macs(struct sk_buff *skb, const struct vms_policy *pol)
{
	struct nlattr *nla;
	unsigned int i;

	if (!pol->n_macs)
		return 0;
	nla = nla_reserve(skb, VMS_A_PORT_MACS, pol->n_macs * ETH_ALEN);
	if (!nla)
		return -EMSGSIZE;
	for (i = 0; i < pol->n_macs; i++)
		vms_u64_mac(pol->macs[i], nla_data(nla) + i * ETH_ALEN);
	return 0;
}

static int put_learning(struct sk_buff *skb, const struct vms_policy *pol)
{
	u32 limit = pol->mac_limit == U32_MAX ? 0 : pol->mac_limit;

	if (nla_put_u8(skb, VMS_A_PORT_LEARNING, pol->learning) ||
	    nla_put_u32(skb, VMS_A_PORT_MAC_LIMIT, limit) ||
	    nla_put_u8(skb, VMS_A_PORT_MAC_GUARD, pol->mac_guard) ||
	    nla_put_u8(skb, VMS_A_PORT_MAC_CHANGE, pol->mac_change) ||
	    nla_put_u8(skb, VMS_A_PORT_UNKNOWN_FLOOD, pol->unknown_flood) ||
	    nla_put_u8(skb, VMS_A_PORT_MCAST_FLOOD, pol->mcast_flood) ||
	    nla_put_u8(skb, VMS_A_PORT_BCAST_FLOOD, pol->bcast_flood))
		return -EMSGSIZE;
	return 0;
}

static int put_uplink_settings(struct sk_buff *skb,
			       const struct vms_policy *pol)
{
	if (nla_put_u8(skb, VMS_A_PORT_UPLINK_FILTER, pol->uplink_filter) ||
	    nla_put_u8(skb, VMS_A_PORT_VMQ_DYNAMIC, pol->vmq_dynamic) ||
	    nla_put_u32(skb, VMS_A_PORT_VMQ_BASE_CPU, pol->vmq_base_cpu) ||
	    nla_put_u32(skb, VMS_A_PORT_VMQ_MAX_CPU, pol->vmq_max_cpu))
		return -EMSGSIZE;
	return 0;
}

static int put_settings(struct sk_buff *skb, const struct vms_port *port,
			const struct vms_policy *pol)
{
	if (*port->dev_name &&
	    nla_put_string(skb, VMS_A_PORT_DEV, port->dev_name))
		return -EMSGSIZE;
	if (put_macs(skb, pol) || put_vlans(skb, pol) ||
	    put_learning(skb, pol))
		return -EMSGSIZE;
	if (nla_put_u8(skb, VMS_A_PORT_ADMIN, pol->admin) ||
	    nla_put_u8(skb, VMS_A_PORT_PRIORITY,
		       pol->pcp_dei >> VLAN_PRIO_SHIFT) ||
	    nla_put_u8(skb, VMS_A_PORT_QDISC, pol->qdisc) ||
	    nla_put_u8(skb, VMS_A_PORT_AUTOUP, pol->autoup) ||
	    nla_put_u8(skb, VMS_A_PORT_DOWN_MODE, pol->down_mode) ||
	    nla_put_u8(skb, VMS_A_PORT_LINK_FOLLOW, pol->link_follow) ||
	    nla_put_u8(skb, VMS_A_PORT_VMQ, pol->vmq) ||
	    nla_put_u8(skb, VMS_A_PORT_VMQ_WEIGHT, pol->vmq_weight) ||
	    nla_put_u32(skb, VMS_A_PORT_VMQ_CPU, pol->vmq_cpu))
		return -EMSGSIZE;
	return port->kind == VMS_NIC_EXTERNAL ?
	       put_uplink_settings(skb, pol) : 0;
}

/* A vNIC may be moved to another namespace at any time; RCU keeps the one that
 * is seen here from going.
 */
static int put_netnsid(struct sk_buff *skb, const struct vms_port *port,
		       const struct net_device *dev)
{
	struct net *net = port->sw->vn->net;
	int id = NETNSA_NSID_NOT_ASSIGNED;
	bool moved;

	rcu_read_lock();
	moved = !net_eq(dev_net(dev), net);
	if (moved)
		id = peernet2id_alloc(net, dev_net(dev), GFP_ATOMIC);
	rcu_read_unlock();

	return moved ? nla_put_s32(skb, VMS_A_PORT_NETNSID, id) : 0;
}

static int put_uplink(struct sk_buff *skb, const struct vms_nic *nic)
{
	struct vms_uplink_state state;

	vms_uplink_state(nic, &state);
	if (nla_put_u8(skb, VMS_A_PORT_FILTER_STATE, state.filter) ||
	    nla_put_u32(skb, VMS_A_PORT_VLAN_REFUSED, state.vids_refused) ||
	    nla_put_u32(skb, VMS_A_PORT_MAC_REFUSED, state.macs_refused))
		return -EMSGSIZE;
	return 0;
}

static int put_state(struct sk_buff *skb, const struct vms_port *port)
{
	const struct vms_nic *nic = vms_port_nic(port);

	if (nla_put_u32(skb, VMS_A_PORT_STATE, vms_port_state(port)) ||
	    nla_put_u32(skb, VMS_A_PORT_FDB_COUNT,
			READ_ONCE(port->n_dynamic)))
		return -EMSGSIZE;
	if (!nic)
		return 0;
	if (nla_put_u32(skb, VMS_A_PORT_IFINDEX, nic->dev->ifindex) ||
	    nla_put_u32(skb, VMS_A_PORT_MTU, READ_ONCE(nic->dev->mtu)))
		return -EMSGSIZE;
	if (port->kind == VMS_NIC_EXTERNAL && put_uplink(skb, nic))
		return -EMSGSIZE;
	return put_netnsid(skb, port, nic->dev);
}

static int put_names(struct sk_buff *skb, const struct vms_port *port)
{
	if (vms_nl_put_switch_name(skb, VMS_A_PORT_SWITCH, port->sw) ||
	    nla_put_string(skb, VMS_A_PORT_NAME, port->name) ||
	    nla_put_u32(skb, VMS_A_PORT_ID, port->id) ||
	    nla_put_u8(skb, VMS_A_PORT_KIND, port->kind))
		return -EMSGSIZE;
	return 0;
}

/**
 * vms_nl_port_size() - room for the attributes of vms_nl_port_fill()
 * @port: the port; &vms_net.lock is held
 *
 * A reply to VMS_CMD_PORT_GET takes up to VMS_NL_VLANS_MAX more.
 *
 * Return: bytes.
 */
size_t vms_nl_port_size(const struct vms_port *port)
{
	const struct vms_policy *pol = vms_port_policy(port);
	size_t size;

	size = nla_total_size(IFNAMSIZ) +		/* SWITCH */
	       nla_total_size(VMS_PORT_NAME_MAX + 1) +	/* NAME */
	       nla_total_size(IFNAMSIZ) +		/* DEV */
	       19 * nla_total_size(sizeof(u8)) +	/* KIND, settings */
	       nla_total_size(sizeof(u16)) +		/* PVID */
	       12 * nla_total_size(sizeof(u32));		/* other numbers */
	if (pol)
		size += nla_total_size(pol->n_macs * ETH_ALEN);
	if (pol && pol->members)
		size += nla_total_size(count_ranges(pol->members) *
				       sizeof(struct vms_vlan_range));
	return size;
}

/**
 * vms_nl_port_fill() - write a message about a port
 * @skb: where it goes
 * @port: the port; &vms_net.lock is held
 * @portid: whom it is for
 * @seq: sequence number of the request
 * @flags: NLM_F_* flags
 * @cmd: &enum vms_cmd
 *
 * Return: 0 or -EMSGSIZE.
 */
int vms_nl_port_fill(struct sk_buff *skb, struct vms_port *port, u32 portid,
		     u32 seq, int flags, u8 cmd)
{
	void *hdr;

	lockdep_assert_held(&port->sw->vn->lock);

	hdr = genlmsg_put(skb, portid, seq, &vms_nl_family, flags, cmd);
	if (!hdr)
		return -EMSGSIZE;
	if (put_names(skb, port))
		goto cancel;
	if (cmd != VMS_CMD_PORT_DEL_NTF && put_state(skb, port))
		goto cancel;
	if (cmd != VMS_CMD_PORT_DEL_NTF && cmd != VMS_CMD_PORT_LINK_NTF &&
	    put_settings(skb, port, vms_port_policy(port)))
		goto cancel;
	if (cmd == VMS_CMD_PORT_GET && put_vlans_taken(skb, port))
		goto cancel;
	genlmsg_end(skb, hdr);
	return 0;

cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

static struct sk_buff *get_port(struct vms_port *port,
				const struct genl_info *info)
{
	struct sk_buff *msg;

	msg = genlmsg_new(vms_nl_port_size(port) + VMS_NL_VLANS_MAX,
			  GFP_KERNEL);
	if (!msg)
		return ERR_PTR(-ENOMEM);
	if (WARN_ON(vms_nl_port_fill(msg, port, info->snd_portid,
				     info->snd_seq, 0, VMS_CMD_PORT_GET))) {
		nlmsg_free(msg);
		return ERR_PTR(-EMSGSIZE);
	}
	return msg;
}

/**
 * vms_nl_port_get_doit() - handle VMS_CMD_PORT_GET of one port
 * @skb: the message
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int vms_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vms_nl_answer_port(info, VMS_A_PORT_SWITCH, VMS_A_PORT_NAME,
				  get_port);
}

static int dump_ports(struct vms_switch *sw, struct sk_buff *skb,
		      struct netlink_callback *cb)
{
	struct vms_nl_cursor *cursor = vms_nl_cursor(cb);
	struct vms_port *port;
	int err;

	while ((port = vms_port_next(sw, cursor->pos))) {
		err = vms_nl_port_fill(skb, port, NETLINK_CB(cb->skb).portid,
				       cb->nlh->nlmsg_seq, NLM_F_MULTI,
				       VMS_CMD_PORT_GET);
		if (err)
			return err;
		cursor->pos = port->id;
	}
	return 0;
}

/**
 * vms_nl_port_get_dumpit() - handle VMS_CMD_PORT_GET of all ports
 * @skb: where the next part goes
 * @cb: the dump
 *
 * Return: as a dumpit callback.
 */
int vms_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vms_nl_dump_refuse(cb, VMS_A_PORT_NAME) ?:
	       vms_nl_dump(skb, cb, VMS_A_PORT_SWITCH, dump_ports);
}
