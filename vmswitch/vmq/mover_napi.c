// SPDX-License-Identifier: GPL-2.0
/*
 * Moving a queue by the thread of its NAPI, where that has one: it runs where
 * the thread may, wherever the interrupt comes.
 */
#include <linux/sched.h>
#include <linux/sched/task.h>

#include "vmq.h"

static struct napi_struct *napi_by_id(struct net_device *dev, u32 id)
{
	struct napi_struct *napi;

	list_for_each_entry(napi, &dev->napi_list, dev_list)
		if (id && napi->napi_id == id)
			return napi;
	return NULL;
}

/* The thread of the queue's NAPI with a reference, or NULL. */
static struct task_struct *napi_thread(struct vms_vmq_port *vp, bool *found)
{
	struct net_device *dev = vp->vmq->nic->dev;
	struct task_struct *thread = NULL;
	struct napi_struct *napi;

	vms_netdev_lock(dev);
	napi = vms_queue_napi(dev, vp->queue);
	if (!napi)
		napi = napi_by_id(dev, READ_ONCE(vp->napi_id));
	*found = napi;
	if (napi && test_bit(NAPI_STATE_THREADED, &napi->state))
		thread = napi->thread;
	if (thread)
		get_task_struct(thread);
	vms_netdev_unlock(dev);
	return thread;
}

/* As with an interrupt that serves the queues of several ports. */
static bool napi_is_taken(const struct vms_vmq_port *vp)
{
	const struct vms_vmq_port *other;

	list_for_each_entry(other, &vp->vmq->ports, node) {
		if (other == vp)
			break;
		if (other->place.mover == &vms_vmq_mover_napi &&
		    other->place.pid == vp->place.pid)
			return true;
	}
	return false;
}

static int napi_can_move(struct vms_vmq_port *vp)
{
	struct task_struct *thread;
	bool found;

	if (vp->mode != VMS_VMQ_HARDWARE)
		return -EOPNOTSUPP;
	thread = napi_thread(vp, &found);
	if (!thread) {
		/* Frames tell the new NAPI only while they are looked at. */
		if (!found && vp->napi_id) {
			WRITE_ONCE(vp->napi_id, 0);
			vp->next_verified = false;
		}
		return -EOPNOTSUPP;
	}
	if (vp->place.pid != thread->pid) {
		vp->place.pid = thread->pid;
		vp->place.thread_ns = thread->se.sum_exec_runtime;
	}
	put_task_struct(thread);
	return napi_is_taken(vp) ? -EBUSY : 0;
}

static int napi_move(struct vms_vmq_port *vp, int cpu)
{
	struct task_struct *thread;
	int err = -ESRCH;
	bool found;

	thread = napi_thread(vp, &found);
	if (thread) {
		err = set_cpus_allowed_ptr(thread, cpumask_of(cpu));
		put_task_struct(thread);
	}
	return err;
}

static void napi_observe(struct vms_vmq_port *vp,
			 struct vms_vmq_sample *sample)
{
	struct vms_vmq_place *place = &vp->place;
	struct task_struct *thread;
	bool found;
	u64 now;

	vms_vmq_observe_queue(vp, sample);
	thread = napi_thread(vp, &found);
	if (!thread)
		return;
	now = READ_ONCE(thread->se.sum_exec_runtime);
	sample->ns = max_t(s64, now - place->thread_ns, 1);
	place->thread_ns = now;
	sample->undone = place->asked >= 0 &&
			 !cpumask_test_cpu(place->asked, thread->cpus_ptr);
	put_task_struct(thread);
}

const struct vms_vmq_mover_ops vms_vmq_mover_napi = {
	.name		= "napi-thread",
	.can_move	= napi_can_move,
	.move		= napi_move,
	.observe	= napi_observe,
};
