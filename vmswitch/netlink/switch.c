// SPDX-License-Identifier: GPL-2.0
/*
 * Requests about switches.
 */
#include "netlink.h"

static int parse_switch(struct vms_nl_msg *msg, struct sk_buff *skb,
			struct netlink_ext_ack *extack)
{
	struct vms_switch_req *req = &msg->req.sw;
	struct nlattr **attrs = msg->attrs;

	if (attrs[VMS_A_SWITCH_TYPE])
		req->type = nla_get_u8(attrs[VMS_A_SWITCH_TYPE]);
	if (attrs[VMS_A_SWITCH_AGEING])
		req->ageing = nla_get_u32(attrs[VMS_A_SWITCH_AGEING]);
	if (attrs[VMS_A_SWITCH_FDB_MAX])
		req->fdb_max = nla_get_u32(attrs[VMS_A_SWITCH_FDB_MAX]);
	return vms_nl_parse_switch_name(msg, VMS_A_SWITCH_NAME, extack);
}

/**
 * vms_nl_switch_new_doit() - handle VMS_CMD_SWITCH_NEW
 * @skb: the message
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int vms_nl_switch_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vms_nl_change(skb, info, VMS_A_SWITCH_MAX, VMS_A_SWITCH_CHECK,
			     parse_switch);
}

/**
 * vms_nl_switch_set_doit() - handle VMS_CMD_SWITCH_SET
 * @skb: the message
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int vms_nl_switch_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vms_nl_change(skb, info, VMS_A_SWITCH_MAX, VMS_A_SWITCH_CHECK,
			     parse_switch);
}

/**
 * vms_nl_switch_del_doit() - handle VMS_CMD_SWITCH_DEL
 * @skb: the message
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int vms_nl_switch_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vms_nl_change(skb, info, VMS_A_SWITCH_MAX, VMS_A_SWITCH_CHECK,
			     parse_switch);
}

/**
 * vms_nl_switch_size() - room for the attributes of vms_nl_switch_fill()
 *
 * Return: bytes.
 */
size_t vms_nl_switch_size(void)
{
	return nla_total_size(IFNAMSIZ) +		/* NAME */
	       2 * nla_total_size(sizeof(u8)) +		/* TYPE, UP */
	       5 * nla_total_size(sizeof(u32)) +	/* the numbers */
	       nla_total_size(VMS_PORT_NAME_MAX + 1);	/* UPLINK */
}

static int put_settings(struct sk_buff *skb, const struct vms_switch *sw)
{
	if (nla_put_u8(skb, VMS_A_SWITCH_TYPE, sw->type) ||
	    nla_put_u32(skb, VMS_A_SWITCH_AGEING, sw->ageing) ||
	    nla_put_u32(skb, VMS_A_SWITCH_FDB_MAX, READ_ONCE(sw->fdb.max)))
		return -EMSGSIZE;
	return 0;
}

static int put_state(struct sk_buff *skb, const struct vms_switch *sw)
{
	if (nla_put_u8(skb, VMS_A_SWITCH_UP,
		       !!(READ_ONCE(sw->flags) & VMS_SW_UP)) ||
	    nla_put_u32(skb, VMS_A_SWITCH_PORTS, sw->n_ports) ||
	    nla_put_u32(skb, VMS_A_SWITCH_FDB_COUNT,
			READ_ONCE(sw->fdb.count)))
		return -EMSGSIZE;
	if (sw->uplink &&
	    nla_put_string(skb, VMS_A_SWITCH_UPLINK, sw->uplink->name))
		return -EMSGSIZE;
	return 0;
}

/**
 * vms_nl_switch_fill() - write a message about a switch
 * @skb: where it goes
 * @sw: the switch; &vms_net.lock is held
 * @portid: whom it is for
 * @seq: sequence number of the request
 * @flags: NLM_F_* flags
 * @cmd: &enum vms_cmd
 *
 * Return: 0 or -EMSGSIZE.
 */
int vms_nl_switch_fill(struct sk_buff *skb, struct vms_switch *sw, u32 portid,
		       u32 seq, int flags, u8 cmd)
{
	void *hdr;

	lockdep_assert_held(&sw->vn->lock);

	hdr = genlmsg_put(skb, portid, seq, &vms_nl_family, flags, cmd);
	if (!hdr)
		return -EMSGSIZE;
	if (vms_nl_put_switch_name(skb, VMS_A_SWITCH_NAME, sw) ||
	    nla_put_u32(skb, VMS_A_SWITCH_IFINDEX, sw->dev->ifindex))
		goto cancel;
	if (cmd != VMS_CMD_SWITCH_DEL_NTF &&
	    (put_settings(skb, sw) || put_state(skb, sw)))
		goto cancel;
	genlmsg_end(skb, hdr);
	return 0;

cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

static int get_switch(struct vms_net *vn, struct sk_buff *msg,
		      struct genl_info *info)
{
	struct vms_switch *sw;

	sw = vms_nl_find_switch(vn, info->attrs, VMS_A_SWITCH_NAME,
				info->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	return vms_nl_switch_fill(msg, sw, info->snd_portid, info->snd_seq, 0,
				  VMS_CMD_SWITCH_GET);
}

/**
 * vms_nl_switch_get_doit() - handle VMS_CMD_SWITCH_GET of one switch
 * @skb: the message
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int vms_nl_switch_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vms_net *vn = vms_net(genl_info_net(info));
	struct sk_buff *msg;
	int err;

	msg = genlmsg_new(vms_nl_switch_size(), GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&vn->lock);
	err = get_switch(vn, msg, info);
	mutex_unlock(&vn->lock);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

static int dump_switch(struct vms_switch *sw, struct sk_buff *skb,
		       struct netlink_callback *cb)
{
	return vms_nl_switch_fill(skb, sw, NETLINK_CB(cb->skb).portid,
				  cb->nlh->nlmsg_seq, NLM_F_MULTI,
				  VMS_CMD_SWITCH_GET);
}

/**
 * vms_nl_switch_get_dumpit() - handle VMS_CMD_SWITCH_GET of all switches
 * @skb: where the next part goes
 * @cb: the dump
 *
 * Return: as a dumpit callback.
 */
int vms_nl_switch_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vms_nl_dump(skb, cb, VMS_A_SWITCH_NAME, dump_switch);
}
