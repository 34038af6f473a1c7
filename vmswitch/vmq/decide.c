// SPDX-License-Identifier: GPL-2.0
/*
 * From what ports want and what the NIC has to filters that are set.
 */
#include <linux/bitmap.h>
#include <linux/slab.h>

#include "vmq.h"

/* How long a NIC's table of filters counts as full after it has said so. */
#define DECIDE_BUDGET_TIME	(60 * HZ)
/* How long a port with new filters is looked at often. */
#define DECIDE_WATCH_TIME	(10 * HZ)

static u32 decide_installed(const struct vms_vmq *vmq)
{
	const struct vms_vmq_port *vp;
	u32 i, n = 0;

	list_for_each_entry(vp, &vmq->ports, node)
		for (i = 0; i < vp->n_filters; i++)
			n += vp->filters[i].installed;
	return n;
}

/* Two rules for one address would contradict each other. */
static bool decide_is_taken(const struct vms_vmq_port *vp)
{
	u32 i;

	for (i = 0; i < vp->n_filters; i++)
		if (vms_vmq_rules_cover(vp->vmq, &vp->filters[i]) ||
		    vms_vmq_is_left(vp->vmq, vp->filters[i].mac))
			return true;
	return false;
}

static size_t decide_claims(struct vms_vmq *vmq,
			    const struct vms_vmq_pool *pool,
			    struct vms_vmq_claim *claims)
{
	struct vms_vmq_port *vp;
	size_t n = 0;

	list_for_each_entry(vp, &vmq->ports, node) {
		if (!vp->ticket)
			continue;
		claims[n++] = (struct vms_vmq_claim) {
			.owner = vp,
			.ticket = vp->ticket,
			.weight = vp->weight,
			.filters = vp->n_filters,
			.held = vp->steered >= 0 ? vp->steered : vp->queue,
			.barred = vp->barred ||
				  (!pool->reason && decide_is_taken(vp)),
		};
	}
	return n;
}

static u8 decide_why_granted(const struct vms_vmq_port *vp)
{
	if (vp->queue < 0)
		return VMS_VMQ_R_GRANTED;
	if (vp->queue != vp->next_queue)
		return VMS_VMQ_R_MOVED;
	return vp->lost ? VMS_VMQ_R_RESTORED : vp->reason;
}

static u8 decide_why_no_queue(const struct vms_vmq_port *vp,
			      const struct vms_vmq_pool *pool)
{
	if (pool->reason)
		return pool->reason;
	if (vp->reason == VMS_VMQ_R_OUTWEIGHED ||
	    (vp->queue >= 0 && test_bit(vp->queue, pool->queues)))
		return VMS_VMQ_R_OUTWEIGHED;
	return VMS_VMQ_R_NO_QUEUE;
}

static void decide_take_over(const struct vms_vmq_claim *claim,
			     const struct vms_vmq_pool *pool)
{
	struct vms_vmq_port *vp = claim->owner;

	vp->next_queue = claim->queue;
	vp->next_error = 0;
	switch (claim->verdict) {
	case VMS_VMQ_GRANTED:
		vp->next_reason = decide_why_granted(vp);
		break;
	case VMS_VMQ_BARRED:
		vp->next_reason = vp->barred ?: VMS_VMQ_R_RULE_EXISTS;
		vp->next_error = vp->barred ? vp->bar_error : 0;
		break;
	case VMS_VMQ_SHORT_FILTERS:
		vp->next_reason = VMS_VMQ_R_NO_FILTER;
		break;
	default:
		vp->next_reason = decide_why_no_queue(vp, pool);
		break;
	}
}

/* First all that is given up, so that others find room.  Returns false if there is
 * less to give than it was thought.
 */
static bool decide_release(struct vms_vmq *vmq, struct vms_vmq_pool *pool)
{
	struct vms_vmq_port *vp;
	bool all = true;

	list_for_each_entry(vp, &vmq->ports, node) {
		if (!vp->ticket || !vp->port) {
			vp->next_queue = VMS_VMQ_NO_QUEUE;
			vp->next_reason = vp->excuse;
			vp->next_error = 0;
		}
		if (vp->next_queue != vp->steered)
			all &= vms_vmq_uninstall(vp, pool);
	}
	return all;
}

static void decide_refused(struct vms_vmq_port *vp, int err)
{
	struct vms_vmq *vmq = vp->vmq;

	if (err != -ENOSPC) {
		if (vms_vmq_is_transient(err))
			vms_vmq_bar_briefly(vp, VMS_VMQ_R_REFUSED, err);
		else
			vms_vmq_bar(vp, VMS_VMQ_R_REFUSED, err);
		return;
	}
	vmq->budget = decide_installed(vmq);
	vmq->budget_until = jiffies + DECIDE_BUDGET_TIME;
}

static bool decide_is_complete(const struct vms_vmq_port *vp)
{
	u32 i;

	for (i = 0; i < vp->n_filters; i++)
		if (!vp->filters[i].installed)
			return false;
	return true;
}

/* Returns false if one was refused: then it must be decided anew. */
static bool decide_install(struct vms_vmq *vmq, struct vms_vmq_pool *pool)
{
	struct vms_vmq_port *vp;
	int err;

	if (!netif_running(vmq->nic->dev))
		return true;
	list_for_each_entry(vp, &vmq->ports, node) {
		if (vp->next_queue < 0 || decide_is_complete(vp))
			continue;
		err = vms_vmq_install(vp, vp->next_queue, pool);
		if (err) {
			decide_refused(vp, err);
			return false;
		}
		vp->next_verified = false;
		vp->settled = false;
		vp->strikes = 0;
		vp->watched = jiffies + DECIDE_WATCH_TIME;
	}
	return true;
}

static bool decide_once(struct vms_vmq *vmq, struct vms_vmq_pool *pool,
			struct vms_vmq_claim *claims, unsigned long *left)
{
	size_t n, i;

	n = decide_claims(vmq, pool, claims);
	bitmap_copy(left, pool->queues, VMS_VMQ_QUEUES_MAX);
	vms_vmq_allocate(claims, n, left, pool->n_queues,
			 min(pool->room, vmq->budget));
	for (i = 0; i < n; i++)
		decide_take_over(&claims[i], pool);
	return decide_release(vmq, pool) && decide_install(vmq, pool);
}

/**
 * vms_vmq_decide() - give queues to ports, and set the filters
 * @vmq: VMQ of the uplink
 * @pool: what there is to give
 *
 * Each refusal of the driver bars a port, lowers the budget of filters, or takes
 * a filter from a port that it has to be rid of, so this ends.
 *
 * Context: RTNL is held, &vms_net.lock is not.
 */
void vms_vmq_decide(struct vms_vmq *vmq, struct vms_vmq_pool *pool)
{
	struct vms_vmq_claim *claims;
	struct vms_vmq_port *vp;
	unsigned long *left;
	size_t n = 0;

	list_for_each_entry(vp, &vmq->ports, node)
		n++;
	claims = kvcalloc(n + 1, sizeof(*claims), GFP_KERNEL);
	left = bitmap_zalloc(VMS_VMQ_QUEUES_MAX, GFP_KERNEL);
	/* Without memory all stays as it is until the next look. */
	if (claims && left)
		while (!decide_once(vmq, pool, claims, left))
			cond_resched();
	bitmap_free(left);
	kvfree(claims);
}
