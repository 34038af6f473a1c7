// SPDX-License-Identifier: GPL-2.0
/*
 * Whether filters do what they should: the driver still has them, and the
 * frames for a port arrive on its queue.
 */
#include "vmq.h"

/* Looks in a row at which frames came, but all of them elsewhere. */
#define JUDGE_STRIKES		3
/* How long a filter that does not work is not tried again. */
#define JUDGE_PATIENCE_MIN	(60 * HZ)
#define JUDGE_PATIENCE_MAX	(3600 * HZ)
/* ... or one that the driver had no time or memory for. */
#define JUDGE_BRIEF_MIN		(HZ / 2)
#define JUDGE_BRIEF_MAX		(60 * HZ)

static void judge_bar(struct vms_vmq_port *vp, u8 reason, int err,
		      unsigned long least, unsigned long most)
{
	vp->barred = reason;
	vp->bar_error = -err;
	vp->patience = clamp(2 * vp->patience, least, most);
	vp->retry = jiffies + vp->patience;
}

/**
 * vms_vmq_bar() - do not try to give a port a queue for a while
 * @vp: the port
 * @reason: &enum vms_vmq_reason
 * @err: the driver's error, or 0
 *
 * The while doubles each time, until something happens to the device or to
 * the port's addresses.
 */
void vms_vmq_bar(struct vms_vmq_port *vp, u8 reason, int err)
{
	judge_bar(vp, reason, err, JUDGE_PATIENCE_MIN, JUDGE_PATIENCE_MAX);
}

/**
 * vms_vmq_bar_briefly() - likewise, for what may be over soon
 * @vp: the port
 * @reason: &enum vms_vmq_reason
 * @err: the driver's error
 */
void vms_vmq_bar_briefly(struct vms_vmq_port *vp, u8 reason, int err)
{
	judge_bar(vp, reason, err, JUDGE_BRIEF_MIN, JUDGE_BRIEF_MAX);
}

/* Frames from the port's queue, or run for the port, since the last look. */
static u64 judge_count(struct vms_vmq_port *vp)
{
	u64 sum = 0, most = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		u64 now = vms_vmq_served(vp, vp->queue, cpu);
		u64 new = now - vp->cpus[cpu].last;

		vp->cpus[cpu].last = now;
		sum += new;
		if (new > most) {
			most = new;
			vp->next_cpu = cpu;
		}
	}
	return sum;
}

static void judge_strike(struct vms_vmq_port *vp)
{
	if (++vp->strikes < JUDGE_STRIKES)
		return;
	vp->strikes = 0;
	if (!vp->verified) {
		vms_vmq_bar(vp, VMS_VMQ_R_NOT_DELIVERED, 0);
		return;
	}
	/* It has worked: the NIC may have forgotten what its driver knows. */
	vms_vmq_uninstall(vp, NULL);
	vp->lost = true;
}

static void judge_delivery(struct vms_vmq_port *vp)
{
	u64 own, elsewhere, queue = judge_count(vp);
	bool came, strayed;

	vms_vmq_sum_seen(vp, &own, &elsewhere);
	came = vp->verified ? queue : own != vp->last_own;
	strayed = elsewhere != vp->last_elsewhere;
	vp->last_own = own;
	vp->last_elsewhere = elsewhere;

	/* Some frames were under way when the filter was set. */
	if (!vp->settled) {
		vp->settled = true;
		return;
	}
	if (came) {
		vp->next_verified = true;
		vp->strikes = 0;
		vp->patience = 0;
	} else if (strayed) {
		judge_strike(vp);
	}
}

static bool judge_has_filters(const struct vms_vmq_port *vp)
{
	u32 i;

	for (i = 0; i < vp->n_filters; i++)
		if (!vp->filters[i].installed)
			return false;
	return vp->n_filters;
}

/**
 * vms_vmq_judge() - look at all filters of an uplink
 * @vmq: VMQ of the uplink
 *
 * Context: RTNL is held, &vms_net.lock is not.
 */
void vms_vmq_judge(struct vms_vmq *vmq)
{
	struct net_device *dev = vmq->nic->dev;
	struct vms_vmq_port *vp;

	if (!netif_running(dev))
		return;
	if (!vms_vmq_device_begin(dev)) {
		list_for_each_entry(vp, &vmq->ports, node)
			vp->lost |= vp->steered >= 0 && !vms_vmq_check(vp);
		vms_vmq_device_end(dev);
	}
	list_for_each_entry(vp, &vmq->ports, node) {
		if (vp->queue >= 0 && judge_has_filters(vp))
			judge_delivery(vp);
		else if (vp->queue < 0 && vp->soft_cpu >= 0)
			judge_count(vp);
		else if (vp->queue >= 0 && vp->reason == VMS_VMQ_R_ADOPTED)
			judge_count(vp);
	}
}
