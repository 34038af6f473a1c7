// SPDX-License-Identifier: GPL-2.0
/*
 * Dynamic VMQ: each second the load of queues and CPUs is measured, and at most
 * one queue of a NIC is moved.  The CPU that a port names is somebody's wish and no
 * matter of loads: all queues that are to go to such CPUs do so at once.
 *
 * The kernel does not tell what a queue costs.  A queue that a thread serves
 * costs what the thread does; the others on a CPU share the time that it spent
 * in interrupts, by their frames.  As that is measured in ticks, and depends on
 * what else the hardware does, what a frame of a queue costs is averaged over
 * many seconds, and how many frames there are over few.
 *
 * Time of tasks does not count: the scheduler moves those away from a CPU that
 * has much to do, so following them would be a chase.
 */
#include <linux/kernel_stat.h>
#include <linux/ktime.h>
#include <linux/sched/isolation.h>
#include <linux/slab.h>
#include <linux/topology.h>

#include "vmq.h"

/* Looks are more frequent than that when something has happened. */
#define DYNAMIC_PERIOD_NS	(NSEC_PER_SEC * 9 / 10)
/* A CPU that has little else to do must not make a few frames dear. */
#define DYNAMIC_FRAME_NS	100000

/* Frames that tell what one costs, and samples of which that is the average. */
#define DYNAMIC_FRAMES		64
#define DYNAMIC_COSTS		32
/* Samples after which a way to move a queue is looked for again. */
#define DYNAMIC_UNABLE		10

/* Asked in this order. */
static const struct vms_vmq_mover_ops *const movers[] = {
	&vms_vmq_soft_mover,
	&vms_vmq_mover_napi,
	&vms_vmq_mover_irq,
};

/**
 * vms_vmq_allowed() - tell the CPUs that queues may be moved to
 * @spread: settings of the uplink
 * @mask: set
 *
 * Context: Process.
 */
void vms_vmq_allowed(const struct vms_vmq_spread *spread,
		     struct cpumask *mask)
{
	unsigned int cpu;

	rcu_read_lock();
	cpumask_and(mask, cpu_online_mask,
		    housekeeping_cpumask(HK_TYPE_DOMAIN));
	cpumask_and(mask, mask, housekeeping_cpumask(HK_TYPE_MISC));
	rcu_read_unlock();
	for_each_cpu(cpu, mask)
		if (cpu < spread->base_cpu || cpu > spread->max_cpu)
			cpumask_clear_cpu(cpu, mask);
}

static bool dynamic_wanted(const struct vms_vmq *vmq)
{
	const struct vms_vmq_port *vp;

	if (vmq->spread.dynamic)
		return true;
	list_for_each_entry(vp, &vmq->ports, node)
		if (vp->pin >= 0)
			return true;
	return false;
}

/* Whether the port has a queue that can be looked at now, or could have its
 * frames handed over.
 */
static bool port_has_queue(struct vms_vmq_port *vp)
{
	if (!vp->port || vp->queue != vp->next_queue)
		return false;
	return vp->queue >= 0 || !vms_vmq_soft_mover.can_move(vp);
}

static bool port_is_soft(const struct vms_vmq_port *vp)
{
	return vp->place.mover == &vms_vmq_soft_mover;
}

/* Frames that are handed over begin at the first CPU, until that has too much to
 * do.  A CPU that the port names is seen to as the setting is.
 */
static void soft_begin(struct vms_vmq *vmq)
{
	bool dynamic = vmq->spread.dynamic;
	struct vms_vmq_port *vp;
	cpumask_var_t mask;
	unsigned int first;

	if (!zalloc_cpumask_var(&mask, GFP_KERNEL))
		return;
	vms_vmq_allowed(&vmq->spread, mask);
	first = cpumask_first(mask);
	list_for_each_entry(vp, &vmq->ports, node) {
		if (!dynamic || first >= nr_cpu_ids)
			vp->wish = -1;
		else if (vp->wish < 0)
			vp->wish = first;
	}
	free_cpumask_var(mask);
}

static bool dynamic_alloc(struct vms_vmq *vmq)
{
	struct vms_vmq_load_table *table = &vmq->table;
	struct vms_vmq_port *vp;
	u32 n = 0;

	list_for_each_entry(vp, &vmq->ports, node)
		n++;
	kvfree(table->queues);
	table->queues = kvcalloc(n + 1, sizeof(*table->queues), GFP_KERNEL);
	if (!table->cpus)
		table->cpus = kvcalloc(nr_cpu_ids, sizeof(*table->cpus),
				       GFP_KERNEL);
	if (!vmq->times)
		vmq->times = kvcalloc(nr_cpu_ids, sizeof(*vmq->times),
				      GFP_KERNEL);
	return table->queues && table->cpus && vmq->times;
}

/**
 * vms_vmq_dynamic_free() - free what vms_vmq_dynamic() has made
 * @vmq: VMQ of an uplink
 */
void vms_vmq_dynamic_free(struct vms_vmq *vmq)
{
	kvfree(vmq->table.queues);
	kvfree(vmq->table.cpus);
	kvfree(vmq->times);
}

/* What CPUs have done since the last time. */
static void sample_cpus(struct vms_vmq *vmq)
{
	u64 busy, frames;
	int cpu;

	for_each_possible_cpu(cpu) {
		struct vms_vmq_time *time = &vmq->times[cpu];
		const u64 *stat = kcpustat_cpu(cpu).cpustat;

		busy = stat[CPUTIME_SOFTIRQ] + stat[CPUTIME_IRQ];
		frames = vms_vmq_received(vmq, cpu);
		time->sample_busy = busy - time->busy;
		time->sample_frames = frames - time->frames;
		time->busy = busy;
		time->frames = frames;
	}
}

/* The way to move a port's queue.  Returns an error if there is none. */
static int port_mover(struct vms_vmq_port *vp)
{
	const struct vms_vmq_mover_ops *old = vp->place.mover;
	unsigned int i;
	int err = -EOPNOTSUPP;

	vp->place.mover = NULL;
	for (i = 0; i < ARRAY_SIZE(movers) && err == -EOPNOTSUPP; i++) {
		err = movers[i]->can_move(vp);
		if (err)
			continue;
		/* What was asked of another way says nothing of this one. */
		if (movers[i] != old)
			vp->place.asked = -1;
		vp->place.mover = movers[i];
		return 0;
	}
	return err;
}

/* To look for an interrupt takes time: not each second. */
static int port_mover_again(struct vms_vmq_port *vp)
{
	struct vms_vmq_place *place = &vp->place;
	int err;

	if (place->reason == VMS_VMQ_MOVE_UNABLE && place->hold)
		return -(int)place->error;
	err = port_mover(vp);
	if (!err) {
		if (place->reason == VMS_VMQ_MOVE_UNABLE)
			place->reason = VMS_VMQ_MOVE_NONE;
		return 0;
	}
	vms_vmq_place_forgive(place);
	place->hold = DYNAMIC_UNABLE;
	if (place->reason != VMS_VMQ_MOVE_UNABLE || place->error != -err)
		vms_vmq_place_tell(vp, -1, VMS_VMQ_MOVE_UNABLE, err);
	return err;
}

/* Time of queues that a thread serves is none of interrupts, and frames that
 * were handed over are work for both CPUs.
 */
static void sample_queue(struct vms_vmq *vmq, struct vms_vmq_port *vp,
			 struct vms_vmq_sample *sample)
{
	*sample = (struct vms_vmq_sample) { .cpu = -1 };
	vp->place.active = true;
	if (!port_mover_again(vp))
		vp->place.mover->observe(vp, sample);
	else if (vp->queue >= 0)
		vms_vmq_observe_queue(vp, sample);
	sample->handed = port_is_soft(vp);
	vms_vmq_place_look(vp, sample);
	if (sample->cpu < 0)
		return;
	if (sample->ns)
		vmq->times[sample->cpu].sample_frames -=
			min(sample->frames,
			    vmq->times[sample->cpu].sample_frames);
	else if (sample->handed)
		vmq->times[sample->cpu].sample_frames += sample->frames;
}

static u32 load_of(u64 ns, u64 period)
{
	return min_t(u64, div64_u64(ns * VMS_VMQ_LOAD_FULL, period),
		     VMS_VMQ_LOAD_FULL);
}

/* What the frames of a queue have cost, of what its CPU has spent in interrupts;
 * that is less then.
 */
static u64 queue_time(struct vms_vmq *vmq, const struct vms_vmq_sample *sample)
{
	struct vms_vmq_time *time;
	u64 ns;

	if (sample->cpu < 0 || sample->ns)
		return sample->ns;
	time = &vmq->times[sample->cpu];
	ns = div64_u64(time->sample_busy * sample->frames,
		       max(time->sample_frames, sample->frames));
	ns = min(ns, sample->frames * DYNAMIC_FRAME_NS);
	time->sample_frames -= min(sample->frames, time->sample_frames);
	time->sample_busy -= min(ns, time->sample_busy);
	return ns;
}

static void queue_load(struct vms_vmq_place *place, u64 ns, u64 frames,
		       u64 period)
{
	s64 cost = place->cost;

	if (frames >= DYNAMIC_FRAMES) {
		if (place->costs < DYNAMIC_COSTS)
			place->costs++;
		cost = place->costs == 1 ? 0 : cost;
		cost += div_s64((s64)div64_u64(64 * ns, frames) - cost,
				place->costs);
		place->cost = cost;
	}
	place->rate = vms_vmq_ewma(place->rate,
				   div64_u64(frames * NSEC_PER_SEC, period));
	place->load = load_of((u64)place->rate * place->cost / 64,
			      NSEC_PER_SEC);
}

static void table_add(struct vms_vmq *vmq, struct vms_vmq_port *vp,
		      const struct vms_vmq_sample *sample, u64 period)
{
	struct vms_vmq_load_table *table = &vmq->table;
	struct vms_vmq_place *place = &vp->place;
	int cpu = place->asked >= 0 ? place->asked : place->cpu;

	if (port_is_soft(vp))
		cpu = vp->pin >= 0 ? vp->pin : vp->wish;
	queue_load(place, queue_time(vmq, sample), sample->frames, period);
	table->queues[table->n_queues++] = (struct vms_vmq_load_queue) {
		.owner = vp,
		.load = place->load,
		.cpu = cpu,
		.pin = vp->pin,
		.rest = place->rest,
		.hold = place->hold,
		.fixed = !place->mover || vms_vmq_place_yielded(place),
	};
}

static void table_cpus(struct vms_vmq *vmq, u64 period)
{
	struct net_device *dev = vmq->nic->dev;
	int node = dev_to_node(dev->dev.parent ?: &dev->dev);
	struct vms_vmq_load_table *table = &vmq->table;
	cpumask_var_t mask;
	u32 cpu, other;

	table->n_cpus = 0;
	if (!zalloc_cpumask_var(&mask, GFP_KERNEL))
		return;
	vms_vmq_allowed(&vmq->spread, mask);
	table->n_cpus = nr_cpu_ids;
	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		struct vms_vmq_load_cpu *c = &table->cpus[cpu];

		c->allowed = cpumask_test_cpu(cpu, mask);
		c->near = node == NUMA_NO_NODE ||
			  (cpu_possible(cpu) && cpu_to_node(cpu) == node);
		c->core = cpu_online(cpu) ?
			  cpumask_first(topology_sibling_cpumask(cpu)) : cpu;
		other = load_of(vmq->times[cpu].sample_busy, period);
		c->other = (15 * c->other + other + 8) / 16;
	}
	free_cpumask_var(mask);
}

/* All that is left is one move. */
static void dynamic_move(struct vms_vmq *vmq)
{
	struct vms_vmq_load_table *table = &vmq->table;
	struct vms_vmq_move move;
	bool found;
	u32 i;

	table->dynamic = vmq->spread.dynamic;
	found = vms_vmq_balance(table, &move);
	for (i = 0; i < table->n_queues; i++) {
		struct vms_vmq_port *vp = table->queues[i].owner;

		vp->place.rest = table->queues[i].rest;
		vp->place.hold = table->queues[i].hold;
	}
	if (found)
		vms_vmq_place_move(table->queues[move.queue].owner, move.cpu,
				   move.reason);
}

/* All frames of a CPU must be known before its time can be shared.  What the
 * first sample counts is of no time that is known.
 */
static void dynamic_sample(struct vms_vmq *vmq, u64 period)
{
	struct vms_vmq_sample *samples;
	struct vms_vmq_port *vp;
	u32 n = 0;

	list_for_each_entry(vp, &vmq->ports, node)
		n += port_has_queue(vp);
	samples = kvcalloc(n + 1, sizeof(*samples), GFP_KERNEL);
	if (!samples)
		return;
	sample_cpus(vmq);
	n = 0;
	list_for_each_entry(vp, &vmq->ports, node)
		if (port_has_queue(vp))
			sample_queue(vmq, vp, &samples[n++]);
	vmq->table.n_queues = 0;
	n = 0;
	list_for_each_entry(vp, &vmq->ports, node)
		if (port_has_queue(vp) && vmq->sampled)
			table_add(vmq, vp, &samples[n++], period);
	kvfree(samples);
	if (!vmq->sampled)
		return;
	table_cpus(vmq, period);
	dynamic_move(vmq);
}

static bool pin_is_due(const struct vms_vmq_port *vp)
{
	const struct vms_vmq_place *place = &vp->place;

	return vp->pin >= 0 && place->asked != vp->pin && cpu_online(vp->pin) &&
	       !place->hold && !vms_vmq_place_yielded(place);
}

/* Frames that are handed over need no move to come to the CPU of their port. */
static void dynamic_pin(struct vms_vmq *vmq)
{
	struct vms_vmq_port *vp;

	list_for_each_entry(vp, &vmq->ports, node)
		if (port_has_queue(vp) && pin_is_due(vp) &&
		    !port_mover_again(vp) && !port_is_soft(vp))
			vms_vmq_place_move(vp, vp->pin, VMS_VMQ_MOVE_PINNED);
}

static void dynamic_stop(struct vms_vmq *vmq)
{
	struct vms_vmq_port *vp;

	if (!vmq->sampled)
		return;
	vmq->sampled = 0;
	list_for_each_entry(vp, &vmq->ports, node)
		vp->place.active = false;
}

/**
 * vms_vmq_dynamic() - look at the loads of queues, and move those that should be
 * @vmq: VMQ of the uplink
 *
 * Moves at most one for its load, and none if loads were last looked at less than
 * a second ago; and all that are to go to the CPU that their port names.
 *
 * Context: RTNL is held, &vms_net.lock is not.
 */
void vms_vmq_dynamic(struct vms_vmq *vmq)
{
	u64 now = ktime_get_ns(), period = now - vmq->sampled;

	soft_begin(vmq);
	if (!dynamic_wanted(vmq) || !netif_running(vmq->nic->dev)) {
		dynamic_stop(vmq);
		return;
	}
	/* Without memory all loads are as they were until the next look. */
	if ((!vmq->sampled || period >= DYNAMIC_PERIOD_NS) &&
	    dynamic_alloc(vmq)) {
		dynamic_sample(vmq, period);
		vmq->sampled = now;
	}
	dynamic_pin(vmq);
}
