// SPDX-License-Identifier: GPL-2.0
/*
 * Which ports' frames are handed over in software, and to which CPU.
 */
#include "mover.h"
#include "vmq.h"

/* A port that could have a queue but has none, or is never to have one.  What
 * forbids a filter (no address, one that others have) forbids this, too: its
 * frames can not be told from others'.
 */
static bool steer_may(const struct vms_vmq_port *vp)
{
	return vp->port && vp->next_queue < 0 && vp->n_filters &&
	       (!vp->excuse || vp->excuse == VMS_VMQ_R_WEIGHT_ZERO);
}

/**
 * vms_vmq_steer() - have the frames for ports without a queue go to their CPUs
 * @vmq: VMQ of the uplink
 *
 * Context: RTNL is held, &vms_net.lock is not.
 */
void vms_vmq_steer(struct vms_vmq *vmq)
{
	struct vms_vmq_port *vp;
	int cpu;

	list_for_each_entry(vp, &vmq->ports, node) {
		cpu = -1;
		if (steer_may(vp))
			cpu = vp->pin >= 0 ? vp->pin : vp->wish;
		/* Without memory it is tried again at the next look. */
		vms_vmq_soft_set_cpu(vp, cpu);
	}
}

static int soft_can_move(struct vms_vmq_port *vp)
{
	return steer_may(vp) ? 0 : -EOPNOTSUPP;
}

static int soft_move(struct vms_vmq_port *vp, int cpu)
{
	vp->wish = cpu;
	return vms_vmq_soft_set_cpu(vp, cpu);
}

static void soft_observe(struct vms_vmq_port *vp,
			 struct vms_vmq_sample *sample)
{
	u64 now, new, most = 0;
	int cpu;

	*sample = (struct vms_vmq_sample) { .cpu = -1 };
	for_each_possible_cpu(cpu) {
		now = vms_vmq_served(vp, VMS_VMQ_NO_QUEUE, cpu);
		new = now - vp->cpus[cpu].sampled;
		vp->cpus[cpu].sampled = now;
		sample->frames += new;
		if (new > most) {
			most = new;
			sample->cpu = cpu;
		}
	}
}

const struct vms_vmq_mover_ops vms_vmq_soft_mover = {
	.name		= "software",
	.can_move	= soft_can_move,
	.move		= soft_move,
	.observe	= soft_observe,
};
