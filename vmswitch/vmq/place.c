// SPDX-License-Identifier: GPL-2.0
/*
 * Which CPU serves a queue: what became of the moves that were made, and for how
 * long none is made after one that did not work.
 */
#include <linux/cpumask.h>

#include "../dataplane/trace.h"
#include "vmq.h"

/* Looks in a row at which frames came by another CPU than they should. */
#define PLACE_LATE		3
/* Looks at which all was well after which what was before is forgotten. */
#define PLACE_KEPT		60
/* Moves that somebody may undo. */
#define PLACE_UNDONE		3
/* Samples without a move after one that failed; doubles each time. */
#define PLACE_HOLD_MIN		2
#define PLACE_HOLD_MAX		600

/**
 * vms_vmq_place_init() - nothing is known of a queue's CPU
 * @place: of a queue that a port has just been given, or has not any more
 */
void vms_vmq_place_init(struct vms_vmq_place *place)
{
	memset(place, 0, offsetof(struct vms_vmq_place, moved));
	place->rate = 0;
	place->costs = 0;
	place->asked = -1;
	place->cpu = -1;
	vms_vmq_place_forgive(place);
}

/**
 * vms_vmq_place_forgive() - moves that did not work do not count any more
 * @place: of a queue whose NIC or settings have changed
 *
 * Interrupts may be others than before, so what was asked for is void, too.
 */
void vms_vmq_place_forgive(struct vms_vmq_place *place)
{
	place->asked = -1;
	place->taken = false;
	place->late = 0;
	place->kept = 0;
	place->undone = 0;
	place->fails = 0;
	place->rest = 0;
	place->hold = 0;
	place->irq = 0;
	place->pid = 0;
}

/**
 * vms_vmq_place_tell() - count, trace and tell what became of a queue's place
 * @vp: the port; &vms_vmq_port.next_cpu is where it was
 * @to: the CPU that it was to be moved to
 * @reason: &enum vms_vmq_move_reason
 * @err: the error of a move that was refused, or 0
 */
void vms_vmq_place_tell(struct vms_vmq_port *vp, int to, u8 reason, int err)
{
	struct vms_vmq_place *place = &vp->place;

	place->moved[reason]++;
	place->reason = reason;
	place->error = -err;
	place->news = true;
	/* Samples are rarer than looks: the last one may be older than a move. */
	trace_vms_vmq_move(vp->port, vp->queue, vp->next_cpu, to, place->load,
			   reason);
}

/* The move that was made last is over, and none is made for a while. */
static void place_fail(struct vms_vmq_port *vp, u8 reason, int err)
{
	struct vms_vmq_place *place = &vp->place;
	int to = place->asked;

	place->asked = -1;
	place->late = 0;
	place->kept = 0;
	place->hold = min_t(u32, PLACE_HOLD_MIN << place->fails,
			    PLACE_HOLD_MAX);
	if (place->hold < PLACE_HOLD_MAX)
		place->fails++;
	vms_vmq_place_tell(vp, to, reason, err);
}

static void place_undone(struct vms_vmq_port *vp)
{
	struct vms_vmq_place *place = &vp->place;

	place->undone++;
	place_fail(vp, place->undone < PLACE_UNDONE ? VMS_VMQ_MOVE_UNDONE :
						      VMS_VMQ_MOVE_YIELDED, 0);
}

/**
 * vms_vmq_place_look() - see what became of the last move
 * @vp: the port
 * @sample: what was done for its queue since the last look
 *
 * Context: RTNL is held.
 */
void vms_vmq_place_look(struct vms_vmq_port *vp,
			const struct vms_vmq_sample *sample)
{
	struct vms_vmq_place *place = &vp->place;
	bool taken = place->taken;

	/* Before the look: what it finds to fail begins with it. */
	place->rest -= !!place->rest;
	place->hold -= !!place->hold;
	if (sample->cpu >= 0)
		place->cpu = sample->cpu;
	if (place->asked < 0)
		return;
	/* A CPU that went offline has lost its interrupts to nobody's blame. */
	if (!cpu_online(place->asked)) {
		place->asked = -1;
		return;
	}
	if (sample->undone) {
		place_undone(vp);
		return;
	}
	if (!sample->frames)
		return;
	if (sample->cpu == place->asked) {
		place->taken = true;
		place->late = 0;
		if (place->kept < PLACE_KEPT)
			place->kept++;
		if (place->kept == PLACE_KEPT) {
			place->undone = 0;
			place->fails = 0;
		}
	} else if (++place->late >= PLACE_LATE) {
		/* By other means than the mover's own, if it had worked. */
		if (taken)
			place_undone(vp);
		else
			place_fail(vp, VMS_VMQ_MOVE_STUCK, 0);
	}
}

/**
 * vms_vmq_place_move() - have a queue served by another CPU
 * @vp: the port
 * @cpu: the CPU
 * @reason: &enum vms_vmq_move_reason
 *
 * Context: RTNL is held.
 */
void vms_vmq_place_move(struct vms_vmq_port *vp, int cpu, u8 reason)
{
	struct vms_vmq_place *place = &vp->place;
	int err;

	place->asked = cpu;
	place->taken = false;
	place->late = 0;
	place->kept = 0;
	err = place->mover->move(vp, cpu);
	if (err)
		place_fail(vp, VMS_VMQ_MOVE_REFUSED, err);
	else
		vms_vmq_place_tell(vp, cpu, reason, 0);
}

/**
 * vms_vmq_place_yielded() - whether a queue is left to somebody else's care
 * @place: of the queue
 *
 * Return: true if it is.
 */
bool vms_vmq_place_yielded(const struct vms_vmq_place *place)
{
	return place->undone >= PLACE_UNDONE;
}
