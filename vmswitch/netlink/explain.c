// SPDX-License-Identifier: GPL-2.0
/*
 * VMS_CMD_EXPLAIN: what would happen to a described frame.
 *
 * A frame that is flooded makes a step for each port, more than fits into a
 * receive buffer.  So the messages are written first, all with one view of the
 * switch, and then handed out as a dump, at the pace of the reader.
 */
#include "../dataplane/explain.h"
#include "netlink.h"

/* A message is sent when it is longer; the next step and COPIES still fit. */
#define MSG_FULL	3072

/**
 * struct answer - the answer while it is written
 * @info: the request
 * @sw: the switch
 * @port: the source port
 * @msgs: the messages
 * @msg: the last one of them, or NULL
 * @hdr: its generic netlink payload
 */
struct answer {
	const struct genl_info *info;
	const struct vms_switch *sw;
	const struct vms_port *port;
	struct sk_buff_head *msgs;
	struct sk_buff *msg;
	void *hdr;
};

static void msg_end(struct answer *answer)
{
	if (answer->msg)
		genlmsg_end(answer->msg, answer->hdr);
	answer->msg = NULL;
}

static int msg_begin(struct answer *answer)
{
	const struct genl_info *info = answer->info;
	struct sk_buff *msg;

	msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL_ACCOUNT);
	if (!msg)
		return -ENOMEM;
	__skb_queue_tail(answer->msgs, msg);
	answer->msg = msg;
	answer->hdr = genlmsg_put(msg, info->snd_portid, info->snd_seq,
				  &vms_nl_family, NLM_F_MULTI,
				  VMS_CMD_EXPLAIN);
	if (!answer->hdr ||
	    vms_nl_put_switch_name(msg, VMS_A_EXPLAIN_SWITCH, answer->sw) ||
	    nla_put_string(msg, VMS_A_EXPLAIN_PORT, answer->port->name))
		return -EMSGSIZE;
	return 0;
}

static int put_step(struct sk_buff *msg, const struct vms_explain_step *step)
{
	if (nla_put_u8(msg, VMS_A_STEP_STAGE, step->stage) ||
	    nla_put_u32(msg, VMS_A_STEP_DROP, step->drop))
		return -EMSGSIZE;
	if (step->has_result &&
	    nla_put_u8(msg, VMS_A_STEP_RESULT, step->result))
		return -EMSGSIZE;
	if (step->port &&
	    nla_put_string(msg, VMS_A_STEP_PORT, step->port->name))
		return -EMSGSIZE;
	if (step->vid && (nla_put_u16(msg, VMS_A_STEP_VLAN, step->vid) ||
			  nla_put_u8(msg, VMS_A_STEP_PCP, step->pcp)))
		return -EMSGSIZE;
	if (step->has_tagged &&
	    nla_put_u8(msg, VMS_A_STEP_TAGGED, step->tagged))
		return -EMSGSIZE;
	return 0;
}

static int add_step(void *arg, const struct vms_explain_step *step)
{
	struct answer *answer = arg;
	struct nlattr *nest;
	int err;

	if (answer->msg && answer->msg->len > MSG_FULL)
		msg_end(answer);
	if (!answer->msg) {
		err = msg_begin(answer);
		if (err)
			return err;
	}
	nest = nla_nest_start(answer->msg, VMS_A_EXPLAIN_STEP);
	if (!nest || put_step(answer->msg, step))
		return -EMSGSIZE;
	nla_nest_end(answer->msg, nest);
	return 0;
}

static int answer_fill(struct answer *answer, struct vms_port *port,
		       const struct vms_explain_frame *frame)
{
	int copies, err;

	err = msg_begin(answer);
	if (err)
		return err;
	copies = vms_explain(port, frame, add_step, answer);
	if (copies < 0)
		return copies;
	if (nla_put_u32(answer->msg, VMS_A_EXPLAIN_COPIES, copies))
		return -EMSGSIZE;
	msg_end(answer);
	return 0;
}

static int parse_frame(const struct genl_info *info,
		       struct vms_explain_frame *frame)
{
	struct nlattr **attrs = info->attrs;

	if (NL_REQ_ATTR_CHECK(info->extack, NULL, attrs, VMS_A_EXPLAIN_SRC)) {
		NL_SET_ERR_MSG(info->extack, "the source address is missing");
		return -EINVAL;
	}
	if (NL_REQ_ATTR_CHECK(info->extack, NULL, attrs, VMS_A_EXPLAIN_DST)) {
		NL_SET_ERR_MSG(info->extack,
			       "the destination address is missing");
		return -EINVAL;
	}
	if (attrs[VMS_A_EXPLAIN_PCP] && !attrs[VMS_A_EXPLAIN_VLAN])
		return vms_nl_refuse(info->extack, attrs[VMS_A_EXPLAIN_PCP],
				     "only a frame with a VLAN tag has a priority");

	ether_addr_copy(frame->src, nla_data(attrs[VMS_A_EXPLAIN_SRC]));
	ether_addr_copy(frame->dst, nla_data(attrs[VMS_A_EXPLAIN_DST]));
	frame->size = ETH_ZLEN;
	if (attrs[VMS_A_EXPLAIN_SIZE])
		frame->size = nla_get_u32(attrs[VMS_A_EXPLAIN_SIZE]);
	if (attrs[VMS_A_EXPLAIN_VLAN]) {
		frame->tagged = true;
		frame->tci = nla_get_u16(attrs[VMS_A_EXPLAIN_VLAN]);
	}
	if (attrs[VMS_A_EXPLAIN_PCP])
		frame->tci |= nla_get_u8(attrs[VMS_A_EXPLAIN_PCP]) <<
			      VLAN_PRIO_SHIFT;
	return 0;
}

static int explain(struct vms_net *vn, const struct genl_info *info,
		   const struct vms_explain_frame *frame,
		   struct sk_buff_head *msgs)
{
	struct answer answer = { .info = info, .msgs = msgs };
	struct vms_switch *sw;
	struct vms_port *port;

	sw = vms_nl_find_switch(vn, info->attrs, VMS_A_EXPLAIN_SWITCH,
				info->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	port = vms_nl_find_port(sw, info->attrs, VMS_A_EXPLAIN_PORT,
				info->extack);
	if (IS_ERR(port))
		return PTR_ERR(port);

	answer.sw = sw;
	answer.port = port;
	return answer_fill(&answer, port, frame);
}

static void free_msgs(struct sk_buff_head *msgs)
{
	__skb_queue_purge(msgs);
	kfree(msgs);
}

/* From here on the messages belong to the dump. */
static int hand_out_start(struct netlink_callback *cb)
{
	struct sk_buff_head **msgs = cb->data;

	cb->data = *msgs;
	*msgs = NULL;
	return 0;
}

static int hand_out_some(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct sk_buff_head *msgs = cb->data;
	struct sk_buff *msg;

	while ((msg = skb_peek(msgs))) {
		if (skb_tailroom(skb) < msg->len)
			return skb->len ? skb->len : -EMSGSIZE;
		skb_put_data(skb, msg->data, msg->len);
		__skb_unlink(msg, msgs);
		consume_skb(msg);
	}
	return 0;
}

static int hand_out_done(struct netlink_callback *cb)
{
	free_msgs(cb->data);
	return 0;
}

static int hand_out(struct sk_buff *skb, struct genl_info *info,
		    struct sk_buff_head *msgs)
{
	struct netlink_dump_control control = {
		.start	= hand_out_start,
		.dump	= hand_out_some,
		.done	= hand_out_done,
		.data	= &msgs,
	};
	int err;

	err = netlink_dump_start(genl_info_net(info)->genl_sock, skb,
				 info->nlhdr, &control);
	if (msgs)
		free_msgs(msgs);
	return err;
}

/**
 * vms_nl_explain_doit() - handle VMS_CMD_EXPLAIN
 * @skb: the message
 * @info: the request
 *
 * Return: a negative error; -EINTR says that a dump is under way.
 */
int vms_nl_explain_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vms_net *vn = vms_net(genl_info_net(info));
	struct vms_explain_frame frame = {};
	struct sk_buff_head *msgs;
	int err;

	err = parse_frame(info, &frame);
	if (err)
		return err;
	msgs = kmalloc(sizeof(*msgs), GFP_KERNEL_ACCOUNT);
	if (!msgs)
		return -ENOMEM;
	__skb_queue_head_init(msgs);

	mutex_lock(&vn->lock);
	err = explain(vn, info, &frame, msgs);
	mutex_unlock(&vn->lock);
	if (err) {
		free_msgs(msgs);
		return err;
	}
	return hand_out(skb, info, msgs);
}
