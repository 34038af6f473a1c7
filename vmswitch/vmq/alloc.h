/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who gets which queue: a decision that depends on nothing but its arguments.
 */
#ifndef _VMSWITCH_VMQ_ALLOC_H
#define _VMSWITCH_VMQ_ALLOC_H

#include <linux/types.h>

#define VMS_VMQ_NO_QUEUE	(-1)

/**
 * enum vms_vmq_verdict - what became of a claim
 * @VMS_VMQ_GRANTED: it has a queue
 * @VMS_VMQ_BARRED: it was not to have one
 * @VMS_VMQ_SHORT_QUEUES: there were not enough queues
 * @VMS_VMQ_SHORT_FILTERS: there were not enough filters
 */
enum vms_vmq_verdict {
	VMS_VMQ_GRANTED,
	VMS_VMQ_BARRED,
	VMS_VMQ_SHORT_QUEUES,
	VMS_VMQ_SHORT_FILTERS,
};

/**
 * struct vms_vmq_claim - a port that wants a queue
 * @owner: whose claim it is; not looked at
 * @ticket: who came first has the lowest; no two are the same
 * @weight: who has more goes first
 * @filters: filters that it needs
 * @held: queue that it has now, or VMS_VMQ_NO_QUEUE
 * @barred: it can not have a queue now
 * @queue: result: its queue, or VMS_VMQ_NO_QUEUE
 * @verdict: result: &enum vms_vmq_verdict
 */
struct vms_vmq_claim {
	void *owner;
	u64 ticket;
	u32 weight;
	u32 filters;
	int held;
	bool barred;
	int queue;
	u8 verdict;
};

void vms_vmq_allocate(struct vms_vmq_claim *claims, size_t n,
		      unsigned long *pool, u32 n_queues, u32 filters);

#endif /* _VMSWITCH_VMQ_ALLOC_H */
