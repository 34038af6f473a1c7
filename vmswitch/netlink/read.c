// SPDX-License-Identifier: GPL-2.0
/*
 * What all requests that read have in common: finding the object, and dumps
 * that go on where they stopped.
 */
#include <net/sock.h>

#include "netlink.h"

/**
 * vms_nl_find_switch() - find the switch that a request names
 * @vn: the namespace; its lock is held
 * @attrs: attributes of the request
 * @attr: the one that has the name
 * @extack: where a refusal is explained
 *
 * Return: the switch or an error pointer.
 */
struct vms_switch *vms_nl_find_switch(struct vms_net *vn,
				      struct nlattr **attrs, u8 attr,
				      struct netlink_ext_ack *extack)
{
	struct vms_switch *sw;

	lockdep_assert_held(&vn->lock);

	if (NL_REQ_ATTR_CHECK(extack, NULL, attrs, attr)) {
		NL_SET_ERR_MSG(extack, "the name of the switch is missing");
		return ERR_PTR(-EINVAL);
	}
	sw = vms_switch_find(vn, nla_data(attrs[attr]));
	if (!sw) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[attr],
				    "there is no switch of this name");
		return ERR_PTR(-ENODEV);
	}
	return sw;
}

/**
 * vms_nl_find_port() - find the port that a request names
 * @sw: its switch; &vms_net.lock is held
 * @attrs: attributes of the request
 * @attr: the one that has the name
 * @extack: where a refusal is explained
 *
 * Return: the port or an error pointer.
 */
struct vms_port *vms_nl_find_port(struct vms_switch *sw, struct nlattr **attrs,
				  u8 attr, struct netlink_ext_ack *extack)
{
	struct vms_port *port;

	lockdep_assert_held(&sw->vn->lock);

	if (NL_REQ_ATTR_CHECK(extack, NULL, attrs, attr)) {
		NL_SET_ERR_MSG(extack, "the name of the port is missing");
		return ERR_PTR(-EINVAL);
	}
	port = vms_port_find(sw, nla_data(attrs[attr]));
	if (!port) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[attr],
				    "the switch has no port of this name");
		return ERR_PTR(-ENOENT);
	}
	return port;
}

static struct sk_buff *answer_port(struct vms_net *vn,
				   const struct genl_info *info, u8 sw_attr,
				   u8 port_attr, vms_nl_answer_fn fn)
{
	struct vms_switch *sw;
	struct vms_port *port;

	sw = vms_nl_find_switch(vn, info->attrs, sw_attr, info->extack);
	if (IS_ERR(sw))
		return ERR_CAST(sw);
	port = vms_nl_find_port(sw, info->attrs, port_attr, info->extack);
	if (IS_ERR(port))
		return ERR_CAST(port);
	return fn(port, info);
}

/**
 * vms_nl_answer_port() - answer a request about one port
 * @info: the request
 * @sw_attr: the attribute that has the name of the switch
 * @port_attr: the one that has the name of the port
 * @fn: makes the answer
 *
 * Context: takes &vms_net.lock.
 * Return: 0 or a negative error.
 */
int vms_nl_answer_port(struct genl_info *info, u8 sw_attr, u8 port_attr,
		       vms_nl_answer_fn fn)
{
	struct vms_net *vn = vms_net(genl_info_net(info));
	struct sk_buff *msg;

	mutex_lock(&vn->lock);
	msg = answer_port(vn, info, sw_attr, port_attr, fn);
	mutex_unlock(&vn->lock);

	return IS_ERR(msg) ? PTR_ERR(msg) : genlmsg_reply(msg, info);
}

/* The order of interface indices is the one that survives that switches come
 * and go while a dump is under way.
 */
static struct vms_switch *next_switch(struct vms_net *vn,
				      const struct vms_nl_cursor *cursor)
{
	struct vms_switch *sw, *best = NULL;

	list_for_each_entry(sw, &vn->switches, node) {
		int ifindex = sw->dev->ifindex;

		if (sw->dead || !sw->registered || ifindex < cursor->ifindex)
			continue;
		if (cursor->only && ifindex != cursor->only)
			continue;
		if (!best || ifindex < best->dev->ifindex)
			best = sw;
	}
	return best;
}

/* The first part of a dump is as big as the netlink core finds right, and a
 * port with very many ranges of VLANs may not fit.
 */
static int make_room(struct sk_buff *skb)
{
	return pskb_expand_head(skb, 0, VMS_NL_MSG_MAX, GFP_KERNEL);
}

static int dump_switch(struct vms_switch *sw, struct sk_buff *skb,
		       struct netlink_callback *cb, vms_nl_dump_fn fn)
{
	struct vms_nl_cursor *cursor = vms_nl_cursor(cb);
	int err;

	if (sw->dev->ifindex != cursor->ifindex) {
		cursor->ifindex = sw->dev->ifindex;
		cursor->pos = 0;
	}
	err = fn(sw, skb, cb);
	if (err == -EMSGSIZE && !skb->len) {
		err = make_room(skb);
		if (!err)
			err = fn(sw, skb, cb);
	}
	if (err)
		return err;
	cursor->ifindex++;
	cursor->pos = 0;
	return 0;
}

static int dump_switches(struct vms_net *vn, struct sk_buff *skb,
			 struct netlink_callback *cb, u8 attr,
			 vms_nl_dump_fn fn)
{
	struct vms_nl_cursor *cursor = vms_nl_cursor(cb);
	struct nlattr **attrs = vms_dump_attrs(cb);
	struct vms_switch *sw;
	int err;

	/* The name is looked up once: the switch may be renamed meanwhile. */
	if (attrs[attr] && !cursor->only) {
		sw = vms_nl_find_switch(vn, attrs, attr, cb->extack);
		if (IS_ERR(sw))
			return PTR_ERR(sw);
		cursor->only = sw->dev->ifindex;
	}
	while ((sw = next_switch(vn, cursor))) {
		err = dump_switch(sw, skb, cb, fn);
		if (err)
			return err;
	}
	return 0;
}

/**
 * vms_nl_dump() - the next part of a dump over the switches of a namespace
 * @skb: where it goes
 * @cb: the dump
 * @attr: the attribute of the request that names one switch
 * @fn: dumps what one switch has
 *
 * Return: as a dumpit callback.
 */
int vms_nl_dump(struct sk_buff *skb, struct netlink_callback *cb, u8 attr,
		vms_nl_dump_fn fn)
{
	struct vms_net *vn = vms_net(sock_net(cb->skb->sk));
	int err;

	mutex_lock(&vn->lock);
	err = dump_switches(vn, skb, cb, attr, fn);
	mutex_unlock(&vn->lock);

	return err == -EMSGSIZE && skb->len ? skb->len : err;
}

/**
 * vms_nl_dump_refuse() - refuse a dump that is meant to select by an attribute
 * @cb: the dump
 * @attr: the attribute, which only selects one object for a single reply
 *
 * Return: 0 if the request does not have the attribute.
 */
int vms_nl_dump_refuse(struct netlink_callback *cb, u8 attr)
{
	const struct nlattr *nla = vms_dump_attrs(cb)[attr];

	if (!nla)
		return 0;
	return vms_nl_refuse(cb->extack, nla,
			     "a dump can not be narrowed down by this");
}

/**
 * vms_nl_put_switch_name() - put a switch's name into a message
 * @skb: the message
 * @attr: the attribute
 * @sw: the switch
 *
 * Return: 0 or -EMSGSIZE.
 */
int vms_nl_put_switch_name(struct sk_buff *skb, int attr,
			   const struct vms_switch *sw)
{
	char name[IFNAMSIZ];

	/* A netdev may be renamed while its name is copied: what is sent must
	 * end in a NUL nevertheless.
	 */
	strscpy(name, vms_switch_name(sw), sizeof(name));
	return nla_put_string(skb, attr, name);
}
