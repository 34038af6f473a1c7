/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Software VMQ: the frames for a port that has no receive queue of its own are
 * handed over to the port's CPU as soon as their destination is known.
 */
#ifndef _VMSWITCH_VMQ_SOFTWARE_H
#define _VMSWITCH_VMQ_SOFTWARE_H

#include <linux/netdevice.h>

struct vms_vmq;
struct vms_vmq_mover_ops;
struct vms_vmq_port;

/* Frames of a port that may wait, and frames that may wait for a CPU. */
#define VMS_VMQ_SOFT_PORT_MAX	1000
#define VMS_VMQ_SOFT_CPU_MAX	4000

/**
 * enum vms_vmq_soft_stat - what a CPU counts of a port's frames
 * @VMS_VMQ_SOFT_RAN: run here
 * @VMS_VMQ_SOFT_HANDED: received here, and queued
 * @VMS_VMQ_SOFT_DROPPED: dropped here instead
 */
enum vms_vmq_soft_stat {
	VMS_VMQ_SOFT_RAN,
	VMS_VMQ_SOFT_HANDED,
	VMS_VMQ_SOFT_DROPPED,
	VMS_VMQ_SOFT_STATS,
};

/**
 * struct vms_vmq_soft_port - where a port's frames are handed over to
 * @soft: the queues, NULL: the port never had a CPU; set once, under RTNL
 * @cpu: where frames are to run, -1: where they arrive; written under RTNL
 * @home: the CPU whose queue gets the port's frames, which is another one than
 *	@cpu while frames are left in the queue of the old one; written under
 *	the lock of the queue that it names
 * @backlog: frames that wait or are being run
 * @deadline: jiffies from which on @home takes no more, so that it can change,
 *	0: it need not; as @home
 * @refused: a frame was dropped because of @deadline; as @home
 * @forced: how often @home changed after that; as @home
 */
struct vms_vmq_soft_port {
	struct vms_vmq_soft *soft;
	int cpu;
	int home;
	atomic_t backlog;
	unsigned long deadline;
	bool refused;
	u64 forced;
};

/* steer.c */
extern const struct vms_vmq_mover_ops vms_vmq_soft_mover;

/* RTNL held, &vms_net.lock not. */
int vms_vmq_soft_set_cpu(struct vms_vmq_port *vp, int cpu);
void vms_vmq_soft_stop(struct vms_vmq *vmq);

/* Data path: RCU, bottom halves off. */
bool vms_vmq_soft_take(struct vms_vmq_port *vp, struct sk_buff *skb);

/* Any context. */
bool vms_vmq_soft_is_idle(const struct vms_vmq_port *vp);

#endif /* _VMSWITCH_VMQ_SOFTWARE_H */
