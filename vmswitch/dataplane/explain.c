// SPDX-License-Identifier: GPL-2.0
/*
 * What would happen to a described frame, by the data path's own decisions.
 */
#include <linux/etherdevice.h>

#include "explain.h"
#include "forward.h"

/**
 * struct vms_walk - an explanation under way
 * @frame: the frame
 * @src: its source port
 * @vid: its VLAN
 * @pcp_dei: its PCP and DEI
 * @fn: told each step
 * @arg: argument of @fn
 * @copies: ports that would get it
 */
struct vms_walk {
	const struct vms_explain_frame *frame;
	struct vms_port *src;
	unsigned long vid;
	u32 pcp_dei;
	vms_explain_fn fn;
	void *arg;
	int copies;
};

static int vms_walk_tell(const struct vms_walk *walk,
			 const struct vms_explain_step *step)
{
	return walk->fn(walk->arg, step);
}

/* Returns 1 if the frame goes on, 0 if it ends here, or an error. */
static int vms_walk_receive(struct vms_walk *walk)
{
	struct vms_explain_step step = {
		.stage = VMS_STAGE_RECEIVE,
		.port = walk->src,
	};

	if (!(READ_ONCE(walk->src->sw->flags) & VMS_SW_UP))
		step.drop = VMS_DROP_SWITCH_DOWN;
	else if (!(READ_ONCE(walk->src->state) & VMS_PORT_S_ADMIN))
		step.drop = VMS_DROP_PORT_DOWN;
	return vms_walk_tell(walk, &step) ?: !step.drop;
}

static int vms_walk_vlan(struct vms_walk *walk)
{
	struct vms_explain_step step = { .stage = VMS_STAGE_VLAN };

	step.drop = vms_vlan_classify(vms_port_policy(walk->src),
				      walk->frame->tagged, walk->frame->tci,
				      &walk->vid, &walk->pcp_dei);
	step.vid = walk->vid;
	step.pcp = walk->pcp_dei >> VLAN_PRIO_SHIFT;
	return vms_walk_tell(walk, &step) ?: !step.drop;
}

static int vms_walk_guard(struct vms_walk *walk)
{
	struct vms_explain_step step = { .stage = VMS_STAGE_GUARD };

	rcu_read_lock();
	step.drop = vms_guard_source(walk->src,
				     vms_port_policy(walk->src)->flags,
				     vms_mac_u64(walk->frame->src));
	rcu_read_unlock();
	return vms_walk_tell(walk, &step) ?: !step.drop;
}

static int vms_walk_learn(struct vms_walk *walk)
{
	struct vms_explain_step step = {
		.stage = VMS_STAGE_LEARN,
		.has_result = true,
		.result = VMS_LEARN_OFF,
	};
	const struct vms_policy *pol = vms_port_policy(walk->src);
	struct vms_port *where = NULL;
	int err;

	rcu_read_lock();
	if (vms_port_learns(walk->src->sw, pol->flags))
		step.result = vms_fdb_learn_verdict(walk->src, pol,
						    vms_mac_u64(walk->frame->src),
						    walk->vid, &where);
	rcu_read_unlock();
	/* Ports do not go while the mutex is held. */
	step.port = where;
	err = vms_walk_tell(walk, &step);
	return err ?: 1;
}

static u32 vms_walk_dst_verdict(const struct vms_walk *walk,
				const struct vms_port *dst)
{
	const struct vms_nic *nic;
	u32 drop;

	rcu_read_lock();
	drop = vms_forward_allowed(walk->src, dst, vms_port_policy_rcu(dst),
				   walk->vid);
	nic = vms_port_nic_rcu(dst);
	if (!drop && !nic)
		drop = VMS_DROP_LINK_DOWN;
	if (!drop && walk->frame->size - ETH_HLEN > READ_ONCE(nic->dev->mtu))
		drop = VMS_DROP_TOO_BIG;
	rcu_read_unlock();
	return drop;
}

static int vms_walk_dst(struct vms_walk *walk, const struct vms_port *dst)
{
	struct vms_explain_step step = {
		.stage = VMS_STAGE_FORWARD,
		.port = dst,
		.vid = walk->vid,
		.pcp = walk->pcp_dei >> VLAN_PRIO_SHIFT,
		.has_tagged = true,
	};

	step.drop = vms_walk_dst_verdict(walk, dst);
	step.tagged = vms_port_policy(dst)->pvid != walk->vid;
	if (!step.drop)
		walk->copies++;
	return vms_walk_tell(walk, &step);
}

static int vms_walk_flood(struct vms_walk *walk,
			  struct vms_flood __rcu *set, u32 want)
{
	struct vms_switch *sw = walk->src->sw;
	const struct vms_policy *pol;
	const struct vms_flood *flood;
	struct vms_port *dst;
	u32 i;
	int err;

	flood = rcu_dereference_protected(set, vms_locked(sw->vn));
	for (i = 0; flood && i < flood->n; i++) {
		if (!flood->id[i])
			continue;
		rcu_read_lock();
		dst = vms_switch_port_rcu(sw, flood->id[i]);
		rcu_read_unlock();
		pol = dst ? vms_port_policy(dst) : NULL;
		if (!pol || dst == walk->src || !(pol->flags & want))
			continue;
		err = vms_walk_dst(walk, dst);
		if (err)
			return err;
	}
	return 0;
}

static int vms_walk_lookup(struct vms_walk *walk, struct vms_port **dst)
{
	struct vms_explain_step step = {
		.stage = VMS_STAGE_LOOKUP,
		.has_result = true,
		.vid = walk->vid,
		.pcp = walk->pcp_dei >> VLAN_PRIO_SHIFT,
	};
	const u8 *addr = walk->frame->dst;

	if (is_broadcast_ether_addr(addr)) {
		step.result = VMS_LOOKUP_BROADCAST;
	} else if (is_multicast_ether_addr(addr)) {
		step.result = VMS_LOOKUP_MULTICAST;
		if (vms_mac_reserved(addr))
			step.drop = VMS_DROP_RESERVED_ADDRESS;
	} else {
		rcu_read_lock();
		*dst = vms_fdb_lookup(vms_fdb_table_rcu(walk->src->sw),
				      walk->src->sw, vms_mac_u64(addr),
				      walk->vid);
		rcu_read_unlock();
		step.result = *dst ? VMS_LOOKUP_UNICAST : VMS_LOOKUP_UNKNOWN;
		step.port = *dst;
	}
	return vms_walk_tell(walk, &step) ?: !step.drop;
}

static int vms_walk_no_destination(struct vms_walk *walk)
{
	struct vms_explain_step step = {
		.stage = VMS_STAGE_FORWARD,
		.drop = VMS_DROP_NO_DESTINATION,
	};

	return vms_walk_tell(walk, &step);
}

static int vms_walk_forward(struct vms_walk *walk)
{
	struct vms_switch *sw = walk->src->sw;
	const u8 *addr = walk->frame->dst;
	struct vms_port *dst = NULL;
	struct vms_vlan *vlan;
	int err;

	err = vms_walk_lookup(walk, &dst);
	if (err <= 0)
		return err;
	if (dst)
		return vms_walk_dst(walk, dst);

	vlan = vms_vlan(sw, walk->vid);
	if (!vlan)
		return vms_walk_no_destination(walk);
	if (!is_multicast_ether_addr(addr))
		err = vms_walk_flood(walk, vlan->unknown, VMS_PF_UNKNOWN);
	else
		err = vms_walk_flood(walk, vlan->members,
				     is_broadcast_ether_addr(addr) ?
				     VMS_PF_BCAST : VMS_PF_MCAST);
	if (!err && !walk->copies)
		err = vms_walk_no_destination(walk);
	return err;
}

/**
 * vms_explain() - tell what would happen to a frame
 * @port: source port
 * @frame: the frame
 * @fn: told each step, in the order of the data path
 * @arg: argument of @fn
 *
 * Context: process; &vms_net.lock is held.
 * Return: how many ports would get the frame, or the error of @fn.
 */
int vms_explain(struct vms_port *port, const struct vms_explain_frame *frame,
		vms_explain_fn fn, void *arg)
{
	struct vms_walk walk = {
		.frame = frame,
		.src = port,
		.fn = fn,
		.arg = arg,
	};
	int (*const stages[])(struct vms_walk *walk) = {
		vms_walk_receive, vms_walk_vlan, vms_walk_guard,
		vms_walk_learn, vms_walk_forward,
	};
	unsigned int i;
	int ret = 1;

	for (i = 0; i < ARRAY_SIZE(stages) && ret > 0; i++)
		ret = stages[i](&walk);
	return ret < 0 ? ret : walk.copies;
}
