/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the work for a port's queue gets to another CPU.
 */
#ifndef _VMSWITCH_VMQ_MOVER_H
#define _VMSWITCH_VMQ_MOVER_H

#include <linux/cpumask.h>
#include <linux/types.h>
#include <uapi/linux/vmswitch.h>

/* Bytes of a mover's name with the terminating NUL, at most. */
#define VMS_VMQ_MOVER_NAME	16

struct vms_vmq;
struct vms_vmq_port;

/**
 * struct vms_vmq_sample - what was done for a queue since it was last asked
 * @cpu: the CPU that served most of the frames, -1: none came
 * @frames: how many came
 * @ns: CPU time that they took, 0: not known, a part of the CPU's softirq time
 * @handed: the frames had been counted at the uplink already, as served by
 *	another CPU, and were handed to @cpu
 * @undone: somebody has changed what @move had set
 */
struct vms_vmq_sample {
	int cpu;
	u64 frames;
	u64 ns;
	bool handed;
	bool undone;
};

/**
 * struct vms_vmq_mover_ops - a way to have a queue served by another CPU
 * @name: as it is shown
 * @can_move: whether this is how the port's queue is moved.  Returns 0;
 *	-EOPNOTSUPP: it is not, another way may be; any other error: it is, but
 *	something forbids it.  May look up what @move needs
 * @move: have the queue served by @cpu, which is online.  Returns 0 or an
 *	error.  It need not have happened when this returns: what @observe tells
 *	is what counts
 * @observe: tell what was done for the queue since the last call.  All of
 *	@sample is 0 and its cpu -1 when it is called
 *
 * RTNL is held, &vms_net.lock is not; the port has a queue (or, for software, is
 * steered) while these are called, and @can_move has returned 0 before the
 * others are.
 */
struct vms_vmq_mover_ops {
	const char *name;
	int (*can_move)(struct vms_vmq_port *vp);
	int (*move)(struct vms_vmq_port *vp, int cpu);
	void (*observe)(struct vms_vmq_port *vp,
			struct vms_vmq_sample *sample);
};

/**
 * struct vms_vmq_place - which CPU serves a port's queue, and why
 * @mover: how it is moved, or NULL: it can not be
 * @active: it is looked at
 * @asked: the CPU that it was moved to, -1: none, or that is over
 * @cpu: the CPU that served it last, or -1
 * @load: what follows from @rate and @cost, of VMS_VMQ_LOAD_FULL
 * @reason: &enum vms_vmq_move_reason
 * @error: errno of a move that was refused, or why there is none
 * @moved: moves by reason, and what became of them
 * @news: @reason should be told
 * @taken: frames have come by @asked
 * @late: looks in a row at which frames came by others than @asked
 * @kept: looks since then at which all was as it should be
 * @undone: moves that somebody has undone, since one was @kept for long
 * @fails: moves that had no effect, likewise
 * @rest: see &struct vms_vmq_load_queue
 * @hold: likewise
 * @rate: frames in a second, moving average
 * @cost: of a frame, in 1/64 ns, average of as many samples as @costs says
 * @costs: 0..32
 * @irq: number of the interrupt as it was found last, or 0
 * @pid: of the thread as it was found last, or 0
 * @thread_ns: CPU time of that thread
 */
struct vms_vmq_place {
	const struct vms_vmq_mover_ops *mover;
	bool active;
	int asked;
	int cpu;
	u32 load;
	u8 reason;
	u32 error;
	u64 moved[VMS_VMQ_MOVE_MAX + 1];

	bool news;
	bool taken;
	u8 late;
	u8 kept;
	u8 undone;
	u8 fails;
	u32 rest;
	u32 hold;
	u32 rate;
	u32 cost;
	u8 costs;
	int irq;
	pid_t pid;
	u64 thread_ns;
};

/**
 * struct vms_vmq_spread - settings of an uplink for the CPUs of queues
 * @dynamic: queues are moved as the load changes
 * @base_cpu: first CPU
 * @max_cpu: last CPU, or VMS_VMQ_CPU_ANY
 */
struct vms_vmq_spread {
	bool dynamic;
	u32 base_cpu;
	u32 max_cpu;
};

/* dynamic.c; RTNL held, &vms_net.lock not. */
void vms_vmq_allowed(const struct vms_vmq_spread *spread,
		     struct cpumask *mask);
void vms_vmq_dynamic(struct vms_vmq *vmq);
void vms_vmq_dynamic_free(struct vms_vmq *vmq);

/* place.c; likewise. */
void vms_vmq_place_init(struct vms_vmq_place *place);
void vms_vmq_place_forgive(struct vms_vmq_place *place);
void vms_vmq_place_tell(struct vms_vmq_port *vp, int to, u8 reason, int err);
void vms_vmq_place_look(struct vms_vmq_port *vp,
			const struct vms_vmq_sample *sample);
void vms_vmq_place_move(struct vms_vmq_port *vp, int cpu, u8 reason);
bool vms_vmq_place_yielded(const struct vms_vmq_place *place);

/* mover_irq.c */
extern const struct vms_vmq_mover_ops vms_vmq_mover_irq;
void vms_vmq_observe_queue(struct vms_vmq_port *vp,
			   struct vms_vmq_sample *sample);

/* mover_napi.c */
extern const struct vms_vmq_mover_ops vms_vmq_mover_napi;

#endif /* _VMSWITCH_VMQ_MOVER_H */
