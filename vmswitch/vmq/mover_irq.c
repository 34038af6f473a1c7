// SPDX-License-Identifier: GPL-2.0
/*
 * Moving a queue by its interrupt: NAPI runs where that comes.  A NAPI that is
 * never done stays where it is, so what counts is by which CPU frames come.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>

#include "irq_name.h"
#include "vmq.h"

/* Whether an interrupt exists and is, by its name, that of a port's queue.
 * Interrupts are freed and numbered anew while nobody looks.
 */
static bool irq_is_ours(const struct vms_vmq_port *vp, int irq)
{
	const struct net_device *dev = vp->vmq->nic->dev;
	struct irqaction *action;
	struct irq_data *data;
	struct irq_desc *desc;
	unsigned long flags;
	bool ours = false;

	rcu_read_lock();
	data = irq_get_irq_data(irq);
	if (data) {
		desc = irq_data_to_desc(data);
		raw_spin_lock_irqsave(&desc->lock, flags);
		action = desc->action;
		ours = action && action->name &&
		       vms_irq_is_of_queue(action->name, dev->name,
					   dev_name(dev->dev.parent),
					   vp->queue);
		raw_spin_unlock_irqrestore(&desc->lock, flags);
	}
	rcu_read_unlock();
	return ours;
}

/* Not every driver tells, and none did before 6.8: then by name.  A virtual device
 * has no interrupts, but may have the name of one that has, in another network
 * namespace.
 */
static int irq_find(struct vms_vmq_port *vp)
{
	struct net_device *dev = vp->vmq->nic->dev;
	int irq, n = vms_nr_irqs();

	irq = vms_queue_irq(dev, vp->queue);
	if (irq > 0)
		return irq;
	if (!dev->dev.parent)
		return 0;
	irq = vp->place.irq;
	if (irq > 0 && irq_is_ours(vp, irq))
		return irq;
	for (irq = 1; irq < n; irq++)
		if (irq_is_ours(vp, irq))
			return irq;
	return 0;
}

/* Whether it serves the queue of a port that comes before this one, too.  Two that
 * move one interrupt would take each other for somebody who undoes moves.
 */
static bool irq_is_taken(const struct vms_vmq_port *vp)
{
	const struct vms_vmq_port *other;

	list_for_each_entry(other, &vp->vmq->ports, node) {
		if (other == vp)
			break;
		if (other->place.mover == &vms_vmq_mover_irq &&
		    other->place.irq == vp->place.irq)
			return true;
	}
	return false;
}

static int irq_can_move(struct vms_vmq_port *vp)
{
	struct irq_data *data;
	int err = 0;

	if (vp->mode != VMS_VMQ_HARDWARE)
		return -EOPNOTSUPP;
	vp->place.irq = irq_find(vp);
	if (!vp->place.irq)
		return -ENXIO;
	if (irq_is_taken(vp))
		return -EBUSY;
	rcu_read_lock();
	data = irq_get_irq_data(vp->place.irq);
	if (!data)
		err = -ENXIO;
	else if (irqd_affinity_is_managed(data))
		err = -EPERM;
	rcu_read_unlock();
	return err;
}

static int irq_move(struct vms_vmq_port *vp, int cpu)
{
	return irq_set_affinity(vp->place.irq, cpumask_of(cpu));
}

/* A move that waits for the next interrupt is not seen in the mask. */
static bool irq_is_undone(const struct vms_vmq_port *vp)
{
	const struct cpumask *mask;
	struct irq_data *data;
	bool undone = false;

	if (vp->place.asked < 0)
		return false;
	rcu_read_lock();
	data = irq_get_irq_data(vp->place.irq);
	if (data && !irqd_is_setaffinity_pending(data)) {
		mask = irq_data_get_affinity_mask(data);
		undone = !cpumask_test_cpu(vp->place.asked, mask);
	}
	rcu_read_unlock();
	return undone;
}

/**
 * vms_vmq_observe_queue() - tell what was done for a queue of the NIC
 * @vp: the port that has it
 * @sample: set
 *
 * Context: RTNL is held.
 */
void vms_vmq_observe_queue(struct vms_vmq_port *vp,
			   struct vms_vmq_sample *sample)
{
	u64 most = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		u64 now = vms_vmq_served(vp, vp->queue, cpu);
		u64 new = now - vp->cpus[cpu].sampled;

		vp->cpus[cpu].sampled = now;
		sample->frames += new;
		if (new > most) {
			most = new;
			sample->cpu = cpu;
		}
	}
}

static void irq_observe(struct vms_vmq_port *vp,
			struct vms_vmq_sample *sample)
{
	vms_vmq_observe_queue(vp, sample);
	sample->undone = irq_is_undone(vp);
}

const struct vms_vmq_mover_ops vms_vmq_mover_irq = {
	.name		= "irq",
	.can_move	= irq_can_move,
	.move		= irq_move,
	.observe	= irq_observe,
};
