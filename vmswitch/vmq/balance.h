/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which queue should be served by which CPU: a decision that depends on nothing
 * but its arguments.
 */
#ifndef _VMSWITCH_VMQ_BALANCE_H
#define _VMSWITCH_VMQ_BALANCE_H

#include <linux/types.h>
#include <uapi/linux/vmswitch.h>

/* All the time of a CPU, in the units of loads. */
#define VMS_VMQ_LOAD_FULL	10000

/* Samples for which a queue that was moved stays where it is. */
#define VMS_VMQ_DWELL		10

/**
 * struct vms_vmq_load_queue - a queue in the load table
 * @owner: whose queue it is; not looked at
 * @load: what it costs, as vms_vmq_ewma()
 * @cpu: the CPU that serves it, or is about to; -1: not known
 * @pin: the CPU that settings say, or -1: only then it is moved
 * @rest: samples for which it stays, unless it must go; counted down before the
 *	decision
 * @hold: samples for which it stays in any case; likewise
 * @fixed: it can not be moved
 */
struct vms_vmq_load_queue {
	void *owner;
	u32 load;
	int cpu;
	int pin;
	u32 rest;
	u32 hold;
	bool fixed;
};

/**
 * struct vms_vmq_load_cpu - a CPU in the load table
 * @other: load that no queue of the table can be blamed for
 * @allowed: queues may be moved to it
 * @near: it is on the NIC's node
 * @core: number of the first CPU of the same core
 * @taken: result: a CPU of the core with this number is usable
 * @usable: result: @allowed, and the first such CPU of its core
 * @load: result: @other and the queues
 */
struct vms_vmq_load_cpu {
	u32 other;
	bool allowed;
	bool near;
	u32 core;
	bool taken;
	bool usable;
	u32 load;
};

/**
 * enum vms_vmq_reach - how far queues are spread
 * @VMS_VMQ_REACH_HOME: they are gathered, because there is little to do
 * @VMS_VMQ_REACH_NODE: over the usable CPUs of the NIC's node
 * @VMS_VMQ_REACH_ALL: over all usable CPUs
 */
enum vms_vmq_reach {
	VMS_VMQ_REACH_HOME,
	VMS_VMQ_REACH_NODE,
	VMS_VMQ_REACH_ALL,
};

/**
 * struct vms_vmq_load_table - all that a decision depends on
 * @queues: the queues
 * @n_queues: how many
 * @cpus: the CPUs, by number
 * @n_cpus: how many
 * @dynamic: queues may be moved for their load
 * @reach: &enum vms_vmq_reach; this and below are kept from one sample to the
 *	next, 0 at first
 * @up: samples in a row that were for a longer reach
 * @down: samples in a row that were for a shorter one
 * @hot: samples in a row that were for beginning to balance
 * @busy: samples for which balancing goes on
 * @calm: samples since then, up to a bound
 */
struct vms_vmq_load_table {
	struct vms_vmq_load_queue *queues;
	u32 n_queues;
	struct vms_vmq_load_cpu *cpus;
	u32 n_cpus;
	bool dynamic;
	u8 reach;
	u8 up;
	u8 down;
	u8 hot;
	u8 busy;
	u8 calm;
};

/**
 * struct vms_vmq_move - what should be done
 * @queue: index of the queue
 * @cpu: where it should go
 * @reason: &enum vms_vmq_move_reason
 */
struct vms_vmq_move {
	u32 queue;
	u32 cpu;
	u8 reason;
};

/**
 * vms_vmq_ewma() - moving average of loads, in which a new one counts a quarter
 * @old: the average so far
 * @sample: the new load
 *
 * Return: the new average.
 */
static inline u32 vms_vmq_ewma(u32 old, u32 sample)
{
	return (3 * old + sample + 2) / 4;
}

bool vms_vmq_balance(struct vms_vmq_load_table *table,
		     struct vms_vmq_move *move);

#endif /* _VMSWITCH_VMQ_BALANCE_H */
