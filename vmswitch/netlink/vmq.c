// SPDX-License-Identifier: GPL-2.0
/*
 * Requests about receive queues of the uplink.
 */
#include <linux/etherdevice.h>

#include "../vmq/vmq.h"
#include "netlink.h"

static int put_filter(struct sk_buff *skb, const struct vms_vmq_filter *filter)
{
	struct nlattr *nest;
	u8 mac[ETH_ALEN];

	nest = nla_nest_start(skb, VMS_A_VMQ_FILTER);
	if (!nest)
		return -EMSGSIZE;
	vms_u64_mac(filter->mac, mac);
	if (nla_put(skb, VMS_A_VMQ_FILTER_MAC, ETH_ALEN, mac) ||
	    (filter->vid &&
	     nla_put_u16(skb, VMS_A_VMQ_FILTER_VLAN, filter->vid)) ||
	    nla_put_u32(skb, VMS_A_VMQ_FILTER_LOCATION,
			READ_ONCE(filter->location)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_served(struct sk_buff *skb, int cpu, u64 packets)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, VMS_A_VMQ_SERVED);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u32(skb, VMS_A_VMQ_SERVED_CPU, cpu) ||
	    nla_put_u64_64bit(skb, VMS_A_VMQ_SERVED_PACKETS, packets,
			      VMS_A_VMQ_SERVED_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_cpus(struct sk_buff *skb, const struct vms_vmq_port *vp)
{
	int tx_queue = READ_ONCE(vp->tx_queue);
	u64 packets;
	int cpu;

	if ((vp->cpu >= 0 && nla_put_u32(skb, VMS_A_VMQ_CPU, vp->cpu)) ||
	    (tx_queue >= 0 && nla_put_u32(skb, VMS_A_VMQ_TX_QUEUE, tx_queue)))
		return -EMSGSIZE;
	for_each_possible_cpu(cpu) {
		packets = vms_vmq_served(vp, vp->queue, cpu) -
			  vp->cpus[cpu].base;
		if (packets && put_served(skb, cpu, packets))
			return -EMSGSIZE;
	}
	return 0;
}

/* What a port that has a queue has. */
static int put_queue(struct sk_buff *skb, const struct vms_vmq_port *vp)
{
	u32 i;

	if (nla_put_u32(skb, VMS_A_VMQ_QUEUE, vp->queue) ||
	    nla_put_u8(skb, VMS_A_VMQ_VERIFIED, vp->verified))
		return -EMSGSIZE;
	for (i = 0; i < vp->n_filters; i++)
		if (READ_ONCE(vp->filters[i].installed) &&
		    put_filter(skb, &vp->filters[i]))
			return -EMSGSIZE;
	return put_cpus(skb, vp);
}

/* What a port has whose frames are handed over. */
static int put_software(struct sk_buff *skb, const struct vms_vmq_port *vp)
{
	if (nla_put_u32(skb, VMS_A_VMQ_ASKED, vp->soft_cpu) ||
	    nla_put_u64_64bit(skb, VMS_A_VMQ_HANDED,
			      vms_vmq_soft_sum(vp, VMS_VMQ_SOFT_HANDED),
			      VMS_A_VMQ_PAD) ||
	    nla_put_u64_64bit(skb, VMS_A_VMQ_DROPPED,
			      vms_vmq_soft_sum(vp, VMS_VMQ_SOFT_DROPPED),
			      VMS_A_VMQ_PAD) ||
	    nla_put_u64_64bit(skb, VMS_A_VMQ_FORCED,
			      READ_ONCE(vp->soft.forced), VMS_A_VMQ_PAD))
		return -EMSGSIZE;
	return put_cpus(skb, vp);
}

static int put_moved(struct sk_buff *skb, u8 reason, u64 count)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, VMS_A_VMQ_MOVED);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u8(skb, VMS_A_VMQ_MOVED_REASON, reason) ||
	    nla_put_u64_64bit(skb, VMS_A_VMQ_MOVED_COUNT, count,
			      VMS_A_VMQ_MOVED_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Which CPU is to serve a port's queue; put_software() knows it better. */
static int put_place(struct sk_buff *skb, const struct vms_vmq_port *vp)
{
	const struct vms_vmq_place *place = &vp->shown;
	u8 reason;

	if ((place->mover &&
	     nla_put_string(skb, VMS_A_VMQ_MOVER, place->mover->name)) ||
	    nla_put_u8(skb, VMS_A_VMQ_MOVE, place->reason) ||
	    (place->error &&
	     nla_put_u32(skb, VMS_A_VMQ_MOVE_ERROR, place->error)) ||
	    (place->asked >= 0 && vp->mode != VMS_VMQ_SOFTWARE &&
	     nla_put_u32(skb, VMS_A_VMQ_ASKED, place->asked)) ||
	    nla_put_u32(skb, VMS_A_VMQ_LOAD, place->load))
		return -EMSGSIZE;
	for (reason = 0; reason <= VMS_VMQ_MOVE_MAX; reason++)
		if (place->moved[reason] &&
		    put_moved(skb, reason, place->moved[reason]))
			return -EMSGSIZE;
	return 0;
}

static int put_state(struct sk_buff *skb, const struct vms_port *port)
{
	const struct vms_vmq_port *vp = port->vmq;
	u64 own, elsewhere;

	if (nla_put_u8(skb, VMS_A_VMQ_WEIGHT,
		       vms_port_policy(port)->vmq_weight) ||
	    nla_put_u8(skb, VMS_A_VMQ_MODE, vp ? vp->mode : VMS_VMQ_DEFAULT) ||
	    nla_put_u8(skb, VMS_A_VMQ_REASON, vms_vmq_reason(port)))
		return -EMSGSIZE;
	if (!vp)
		return 0;
	vms_vmq_sum_seen(vp, &own, &elsewhere);
	if ((vp->error && nla_put_u32(skb, VMS_A_VMQ_ERROR, vp->error)) ||
	    nla_put_u64_64bit(skb, VMS_A_VMQ_MOVES, vp->moves,
			      VMS_A_VMQ_PAD) ||
	    nla_put_u64_64bit(skb, VMS_A_VMQ_ELSEWHERE, elsewhere,
			      VMS_A_VMQ_PAD))
		return -EMSGSIZE;
	if (vp->shown.active && put_place(skb, vp))
		return -EMSGSIZE;
	switch (vp->mode) {
	case VMS_VMQ_HARDWARE:
		return put_queue(skb, vp);
	case VMS_VMQ_SOFTWARE:
		return put_software(skb, vp);
	default:
		return 0;
	}
}

/**
 * vms_nl_vmq_size() - room for the attributes of vms_nl_vmq_fill()
 * @port: the port; &vms_net.lock is held
 *
 * Return: bytes.
 */
size_t vms_nl_vmq_size(const struct vms_port *port)
{
	size_t size;

	size = nla_total_size(IFNAMSIZ) +			/* SWITCH */
	       nla_total_size(VMS_PORT_NAME_MAX + 1) +		/* PORT */
	       nla_total_size(VMS_VMQ_MOVER_NAME) +		/* MOVER */
	       5 * nla_total_size(sizeof(u8)) +			/* MODE ... */
	       8 * nla_total_size(sizeof(u32)) +		/* QUEUE ... */
	       5 * nla_total_size_64bit(sizeof(u64));		/* MOVES ... */
	size += VMS_PORT_MACS_MAX *
		nla_total_size(nla_total_size(ETH_ALEN) +
			       nla_total_size(sizeof(u16)) +
			       nla_total_size(sizeof(u32)));
	size += (VMS_VMQ_MOVE_MAX + 1) *
		nla_total_size(nla_total_size(sizeof(u8)) +
			       nla_total_size_64bit(sizeof(u64)));
	return size + num_possible_cpus() *
		      nla_total_size(nla_total_size(sizeof(u32)) +
				     nla_total_size_64bit(sizeof(u64)));
}

/**
 * vms_nl_vmq_fill() - write a message about a port's queue
 * @skb: where it goes
 * @port: a port that wants a queue, or did; &vms_net.lock is held
 * @portid: whom it is for
 * @seq: sequence number of the request
 * @flags: NLM_F_* flags
 * @cmd: &enum vms_cmd
 *
 * Return: 0 or -EMSGSIZE.
 */
int vms_nl_vmq_fill(struct sk_buff *skb, const struct vms_port *port,
		    u32 portid, u32 seq, int flags, u8 cmd)
{
	void *hdr;

	lockdep_assert_held(&port->sw->vn->lock);

	hdr = genlmsg_put(skb, portid, seq, &vms_nl_family, flags, cmd);
	if (!hdr)
		return -EMSGSIZE;
	if (vms_nl_put_switch_name(skb, VMS_A_VMQ_SWITCH, port->sw) ||
	    nla_put_string(skb, VMS_A_VMQ_PORT, port->name) ||
	    put_state(skb, port)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/* The message about the pool of queues. */
static int fill_pool(struct sk_buff *skb, const struct vms_switch *sw,
		     u32 portid, u32 seq, int flags)
{
	const struct vms_vmq *vmq = vms_vmq_of(sw);
	const struct vms_nic *nic;
	void *hdr;

	nic = sw->uplink ? vms_port_nic(sw->uplink) : NULL;
	hdr = genlmsg_put(skb, portid, seq, &vms_nl_family, flags,
			  VMS_CMD_VMQ_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (vms_nl_put_switch_name(skb, VMS_A_VMQ_SWITCH, sw))
		goto cancel;
	if (nic && nla_put_string(skb, VMS_A_VMQ_UPLINK, nic->dev->name))
		goto cancel;
	if (vmq && (nla_put_u32(skb, VMS_A_VMQ_QUEUES, vmq->n_queues) ||
		    nla_put_u32(skb, VMS_A_VMQ_POOL, vmq->n_pool) ||
		    nla_put_u32(skb, VMS_A_VMQ_FREE, vmq->n_free)))
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

	if (!vms_port_policy(port)->vmq) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VMS_A_VMQ_PORT],
				    "the port wants no queue (set-vmq)");
		return ERR_PTR(-ENOENT);
	}
	msg = genlmsg_new(vms_nl_vmq_size(port), GFP_KERNEL);
	if (!msg)
		return ERR_PTR(-ENOMEM);
	if (WARN_ON(vms_nl_vmq_fill(msg, port, info->snd_portid,
				    info->snd_seq, 0, VMS_CMD_VMQ_GET))) {
		nlmsg_free(msg);
		return ERR_PTR(-EMSGSIZE);
	}
	return msg;
}

/**
 * vms_nl_vmq_get_doit() - handle VMS_CMD_VMQ_GET of one port
 * @skb: the message
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int vms_nl_vmq_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vms_nl_answer_port(info, VMS_A_VMQ_SWITCH, VMS_A_VMQ_PORT,
				  get_port);
}

/* The cursor is 1 behind the pool, then one more than the last port's id. */
static int dump_queues(struct vms_switch *sw, struct sk_buff *skb,
		       struct netlink_callback *cb)
{
	struct vms_nl_cursor *cursor = vms_nl_cursor(cb);
	u32 portid = NETLINK_CB(cb->skb).portid;
	u32 seq = cb->nlh->nlmsg_seq;
	struct vms_port *port;
	int err;

	if (!cursor->pos) {
		err = fill_pool(skb, sw, portid, seq, NLM_F_MULTI);
		if (err)
			return err;
		cursor->pos = 1;
	}
	while ((port = vms_port_next(sw, cursor->pos - 1))) {
		if (vms_port_policy(port)->vmq) {
			err = vms_nl_vmq_fill(skb, port, portid, seq,
					      NLM_F_MULTI, VMS_CMD_VMQ_GET);
			if (err)
				return err;
		}
		cursor->pos = port->id + 1;
	}
	return 0;
}

/**
 * vms_nl_vmq_get_dumpit() - handle VMS_CMD_VMQ_GET of switches
 * @skb: where the next part goes
 * @cb: the dump
 *
 * Return: as a dumpit callback.
 */
int vms_nl_vmq_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vms_nl_dump_refuse(cb, VMS_A_VMQ_PORT) ?:
	       vms_nl_dump(skb, cb, VMS_A_VMQ_SWITCH, dump_queues);
}
