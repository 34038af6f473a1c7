// SPDX-License-Identifier: GPL-2.0
/*
 * Queues that somebody else has given to ports.  A NIC of which the driver has
 * no filters may be steered from outside, as that of a VM by its host.  If all
 * frames for a port come by one queue, and hardly any others do, the port has
 * that queue for as long as this is so.
 */
#include "vmq.h"

/* Looks in a row at which it has to be so. */
#define ADOPT_LOOKS	3

/**
 * struct adopt_sample - what has come for a port since the last look
 * @frames: how many frames
 * @queue: by which queue, VMS_VMQ_NO_QUEUE: by several, or by none that the
 *	driver has told
 */
struct adopt_sample {
	u64 frames;
	int queue;
};

static void adopt_sample_cpu(struct vms_vmq_port *vp, int cpu,
			     struct adopt_sample *sample)
{
	const struct vms_vmq_seen *seen = per_cpu_ptr(vp->seen, cpu);
	struct vms_vmq_cpu *had = &vp->cpus[cpu];
	u64 frames, turns;
	unsigned int start;
	int queue;

	do {
		start = u64_stats_fetch_begin(&seen->syncp);
		frames = u64_stats_read(&seen->own) +
			 u64_stats_read(&seen->elsewhere);
		turns = u64_stats_read(&seen->turns);
		queue = (int)READ_ONCE(seen->by) - 1;
	} while (u64_stats_fetch_retry(&seen->syncp, start));

	if (frames == had->looked)
		return;
	if (turns != had->turns || (sample->frames && queue != sample->queue))
		queue = VMS_VMQ_NO_QUEUE;
	sample->frames += frames - had->looked;
	sample->queue = queue;
	had->looked = frames;
	had->turns = turns;
}

/* Frames of the queue that are not for the port would move with it. */
static bool adopt_is_alone(struct vms_vmq_port *vp,
			   const struct adopt_sample *sample)
{
	u64 had = vp->by_total;
	int cpu;

	vp->by_total = 0;
	for_each_possible_cpu(cpu)
		vp->by_total += vms_vmq_served(vp, sample->queue, cpu);
	return vp->by == sample->queue &&
	       sample->frames * 8 >= (vp->by_total - had) * 7;
}

static void adopt_look(struct vms_vmq_port *vp)
{
	struct adopt_sample sample = { .queue = VMS_VMQ_NO_QUEUE };
	int cpu;

	for_each_possible_cpu(cpu)
		adopt_sample_cpu(vp, cpu, &sample);
	if (!sample.frames)
		return;
	/* If it was chance after all, it may be so again. */
	if (vp->queue >= 0 && sample.queue != vp->queue)
		vms_vmq_bar(vp, VMS_VMQ_R_NOT_DELIVERED, 0);
	if (sample.queue >= 0 && adopt_is_alone(vp, &sample))
		vp->alone = min(vp->alone + 1, ADOPT_LOOKS);
	else
		vp->alone = 0;
	vp->by = sample.queue;
}

/* A NIC that has a table spreads frames itself: then what comes by one queue
 * does so by chance.
 */
static bool adopt_may(struct net_device *dev)
{
	const struct ethtool_ops *ops = dev->ethtool_ops;
	bool may;

	if (vms_vmq_device_begin(dev))
		return false;
	may = !ops->get_rxfh_indir_size || !ops->get_rxfh_indir_size(dev);
	vms_vmq_device_end(dev);
	return may;
}

/* Whether the port keeps its queue, or gets one. */
static bool adopt_wants(struct vms_vmq_port *vp, u32 n_queues)
{
	if (vp->by < 0 || vp->by >= n_queues)
		return false;
	/* A broadcast more or less is no reason to give it up. */
	return vp->queue == vp->by || vp->alone == ADOPT_LOOKS;
}

/**
 * vms_vmq_adopt() - take over who has which queue anyway
 * @vmq: VMQ of the uplink; it is decided who gets one by filters
 * @pool: what there was to give
 *
 * Context: RTNL is held, &vms_net.lock is not.
 */
void vms_vmq_adopt(struct vms_vmq *vmq, const struct vms_vmq_pool *pool)
{
	struct vms_vmq_port *vp;

	if (pool->reason != VMS_VMQ_R_UNSUPPORTED || !adopt_may(vmq->nic->dev))
		return;
	list_for_each_entry(vp, &vmq->ports, node) {
		adopt_look(vp);
		if (!vp->port || !vp->ticket || vp->barred)
			continue;
		if (!adopt_wants(vp, pool->n_queues))
			continue;
		vp->next_queue = vp->by;
		vp->next_reason = VMS_VMQ_R_ADOPTED;
		vp->next_verified = true;
	}
}
