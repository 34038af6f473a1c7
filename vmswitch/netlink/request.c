// SPDX-License-Identifier: GPL-2.0
/*
 * Requests that change something: from attributes to a &struct vms_req.
 */
#include <linux/mm.h>

#include "netlink.h"

/* The highest attribute that the policy of @cmd knows. */
static unsigned int highest_attr(u8 cmd)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vmswitch_nl_ops); i++) {
		if (vmswitch_nl_ops[i].cmd == cmd)
			return vmswitch_nl_ops[i].maxattr;
	}
	return 0;
}

/* Where @p, which lies in the message at @from, lies in its copy at @to. */
static void *moved(const void *p, const void *from, const void *to)
{
	return (void *)to + (p - from);
}

/* The room for attributes is that of their own set: a transaction may have
 * 100,000 requests about the FDB, and a port has many more attributes.
 */
static struct vms_nl_msg *msg_new(const struct genl_info *info, u8 max,
				  bool keep)
{
	u32 len = info->nlhdr->nlmsg_len;
	struct vms_nl_msg *msg;
	unsigned int i, last;
	size_t size;

	BUILD_BUG_ON(BITS_PER_TYPE(msg->req.set) <= VMS_A_SWITCH_MAX);
	BUILD_BUG_ON(BITS_PER_TYPE(msg->req.set) <= VMS_A_PORT_MAX);
	BUILD_BUG_ON(BITS_PER_TYPE(msg->req.set) <= VMS_A_FDB_MAX);

	size = struct_size(msg, attrs, max + 1) + (keep ? len : 0);
	msg = kvzalloc(size, GFP_KERNEL_ACCOUNT);
	if (!msg)
		return NULL;

	msg->size = size;
	msg->nlh = info->nlhdr;
	if (keep)
		msg->nlh = memcpy(msg->attrs + max + 1, info->nlhdr, len);
	msg->req.cmd = info->genlhdr->cmd;
	msg->req.attrs = msg->attrs;

	last = highest_attr(msg->req.cmd);
	for (i = 1; i <= last; i++) {
		if (!info->attrs[i])
			continue;
		msg->attrs[i] = moved(info->attrs[i], info->nlhdr, msg->nlh);
		msg->req.set |= BIT_ULL(i);
	}
	return msg;
}

/**
 * vms_nl_msg_free() - forget a request
 * @msg: the request
 */
void vms_nl_msg_free(struct vms_nl_msg *msg)
{
	if (msg->net)
		put_net(msg->net);
	kvfree(msg);
}

/* The netlink core tells the guilty attribute's offset in the message that it
 * has, so an attribute of a copy must not stay in @extack.
 */
static void extack_to_original(const struct genl_info *info,
			       const struct vms_nl_msg *msg)
{
	struct netlink_ext_ack *extack = info->extack;

	if (extack && extack->bad_attr)
		extack->bad_attr = moved(extack->bad_attr, msg->nlh,
					 info->nlhdr);
}

static int change_stage(struct sk_buff *skb, struct genl_info *info,
			struct vms_nl_msg *msg, vms_nl_parse_fn parse)
{
	int err;

	if (msg->check) {
		NL_SET_ERR_MSG(info->extack,
			       "in a transaction, check goes with the commit");
		return -EINVAL;
	}
	err = parse(msg, skb, info->extack);
	if (err) {
		extack_to_original(info, msg);
		return err;
	}
	return vms_nl_txn_stage(info, msg);
}

static int change_now(struct sk_buff *skb, struct genl_info *info,
		      struct vms_nl_msg *msg, vms_nl_parse_fn parse)
{
	int err;

	err = parse(msg, skb, info->extack);
	if (err)
		return err;
	return vms_req_run(vms_net(genl_info_net(info)), &msg->req, msg->check,
			   false, info->extack);
}

/**
 * vms_nl_change() - handle a request that changes something
 * @skb: the message as it was received
 * @info: the request
 * @max: the highest attribute of the set that the request is of
 * @check: the attribute that asks for validation only
 * @parse: makes a &struct vms_req of it
 *
 * Return: 0 or a negative error.
 */
int vms_nl_change(struct sk_buff *skb, struct genl_info *info, u8 max,
		  u8 check, vms_nl_parse_fn parse)
{
	bool staged = vms_nl_txn_open(info);
	struct vms_nl_msg *msg;
	int err = -ENOMEM;

	msg = msg_new(info, max, staged);
	if (!msg)
		goto out;
	msg->check = msg->attrs[check];

	if (staged)
		err = change_stage(skb, info, msg, parse);
	else
		err = change_now(skb, info, msg, parse);

	if (err || !staged)
		vms_nl_msg_free(msg);
out:
	if (err && staged)
		vms_nl_txn_spoil(info);
	return err;
}

/**
 * vms_nl_parse_switch_name() - take over the name of the switch
 * @msg: the request
 * @attr: the attribute that has it
 * @extack: where a refusal is explained
 *
 * Return: 0 or a negative error.
 */
int vms_nl_parse_switch_name(struct vms_nl_msg *msg, u8 attr,
			     struct netlink_ext_ack *extack)
{
	const struct nlattr *nla = msg->attrs[attr];

	if (NL_REQ_ATTR_CHECK(extack, NULL, msg->attrs, attr)) {
		NL_SET_ERR_MSG(extack, "the name of the switch is missing");
		return -EINVAL;
	}
	nla_strscpy(msg->req.sw_name, nla, sizeof(msg->req.sw_name));
	/* The core would make a number of a '%d'. */
	if (!dev_valid_name(msg->req.sw_name) ||
	    strchr(msg->req.sw_name, '%')) {
		NL_SET_ERR_MSG_ATTR(extack, nla,
				    "not a valid name for a switch");
		return -EINVAL;
	}
	return 0;
}

/**
 * vms_nl_parse_port_name() - take over the name of a port
 * @msg: the request
 * @attr: the attribute that has it
 * @name: where it goes, VMS_PORT_NAME_MAX + 1 bytes
 * @extack: where a refusal is explained
 *
 * Return: 0 or a negative error.
 */
int vms_nl_parse_port_name(struct vms_nl_msg *msg, u8 attr, char *name,
			   struct netlink_ext_ack *extack)
{
	const struct nlattr *nla = msg->attrs[attr];

	if (NL_REQ_ATTR_CHECK(extack, NULL, msg->attrs, attr)) {
		NL_SET_ERR_MSG(extack, "the name of the port is missing");
		return -EINVAL;
	}
	nla_strscpy(name, nla, VMS_PORT_NAME_MAX + 1);
	if (!*name) {
		NL_SET_ERR_MSG_ATTR(extack, nla, "the port's name is empty");
		return -EINVAL;
	}
	if (!vms_port_name_valid(name)) {
		NL_SET_ERR_MSG_ATTR(extack, nla,
				    "a port's name takes printable ASCII characters but space and slash");
		return -EINVAL;
	}
	return 0;
}
