// SPDX-License-Identifier: GPL-2.0
/*
 * Software VMQ: each CPU has a queue and a NAPI instance that lets its frames
 * into the switch, as the NAPI of a receive queue would.
 *
 * The frames of a port all go through one queue.  When the port moves to
 * another CPU, they go on to the old queue until none is left there, so that
 * none is overtaken.  A busy CPU may never get that far: after SOFT_PATIENCE the
 * port's frames are dropped until it does.  A frame that is on the right CPU
 * already is not queued, unless others wait before it.
 */
#include <linux/slab.h>
#include <linux/smp.h>
#include <net/dst.h>

#include "../nic/nic.h"
#include "vmq.h"

/* How long a move waits for frames that are left at the old CPU. */
#define SOFT_PATIENCE	(HZ / 10)

/**
 * struct soft_queue - frames that wait for a CPU
 * @napi: runs them
 * @csd: starts @napi from another CPU; whoever owns NAPI_STATE_SCHED may use it
 * @soft: all queues
 * @cpu: the CPU
 * @process: frames that @napi has taken over; by @napi alone
 * @lock: spinlock of @input, bottom halves off
 * @input: frames that it has not
 */
struct soft_queue {
	struct napi_struct napi;
	call_single_data_t csd;
	struct vms_vmq_soft *soft;
	int cpu;
	struct sk_buff_head process;

	spinlock_t lock; /* input */
	struct sk_buff_head input;
};

/**
 * struct vms_vmq_soft - the queues of an uplink
 * @nic: the uplink's NIC
 * @dev: what NAPI needs a device for
 * @queues: one for each CPU
 */
struct vms_vmq_soft {
	struct vms_nic *nic;
	struct net_device *dev;
	struct soft_queue __percpu *queues;
};

/* In skb->cb while a frame waits. */
struct soft_cb {
	struct vms_vmq_port *vp;
};

static struct soft_cb *soft_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct soft_cb) > sizeof_field(struct sk_buff, cb));
	return (struct soft_cb *)skb->cb;
}

static void soft_count(struct vms_vmq_port *vp, enum vms_vmq_soft_stat what)
{
	struct vms_vmq_seen *seen = this_cpu_ptr(vp->seen);

	u64_stats_update_begin(&seen->syncp);
	u64_stats_inc(&seen->soft[what]);
	u64_stats_update_end(&seen->syncp);
}

/* The port that counts a frame that is dropped.  It may be gone: then the uplink
 * does, if that is not gone, too.
 */
static struct vms_port *soft_drop_port(const struct vms_vmq_soft *soft,
				       const struct vms_vmq_port *vp)
{
	return READ_ONCE(vp->port) ?: vms_nic_port_rcu(soft->nic);
}

static void soft_drop(struct vms_vmq_soft *soft, struct vms_vmq_port *vp,
		      struct sk_buff *skb, enum vms_drop_reason reason)
{
	struct vms_port *port = soft_drop_port(soft, vp);
	u16 vid = 0;

	soft_count(vp, VMS_VMQ_SOFT_DROPPED);
	if (skb_vlan_tag_present(skb))
		vid = skb_vlan_tag_get_id(skb);
	if (port)
		vms_ingress_drop(port, skb, vid, reason);
	else
		kfree_skb(skb);
}

/* Let a frame into the switch, by now on its CPU. */
static void soft_run(struct vms_vmq_soft *soft, struct sk_buff *skb)
{
	struct vms_port *uplink = vms_nic_port_rcu(soft->nic);
	struct vms_vmq_port *vp = soft_cb(skb)->vp;

	if (likely(uplink)) {
		soft_count(vp, VMS_VMQ_SOFT_RAN);
		vms_nic_receive(uplink, skb);
	} else {
		soft_drop(soft, vp, skb, VMS_DROP_CPU_BUSY);
	}
	/* Pairs with soft_waits(): who sees none waiting may run the next. */
	(void)atomic_dec_return_release(&vp->soft.backlog);
}

/* Returns whether there was anything. */
static bool soft_splice(struct soft_queue *q)
{
	spin_lock(&q->lock);
	skb_queue_splice_tail_init(&q->input, &q->process);
	spin_unlock(&q->lock);
	return !skb_queue_empty(&q->process);
}

static int soft_poll(struct napi_struct *napi, int budget)
{
	struct soft_queue *q = container_of(napi, struct soft_queue, napi);
	struct sk_buff *skb;
	int work = 0;

	rcu_read_lock();
	while (work < budget) {
		skb = __skb_dequeue(&q->process);
		if (!skb && !soft_splice(q))
			break;
		if (!skb)
			continue;
		soft_run(q->soft, skb);
		work++;
	}
	rcu_read_unlock();

	/* Who queues a frame now schedules NAPI, which is thereby repeated. */
	if (work < budget)
		napi_complete_done(napi, work);
	return work;
}

/* In hard interrupt, on the CPU of the queue. */
static void soft_kick(void *info)
{
	struct soft_queue *q = info;

	__napi_schedule_irqoff(&q->napi);
}

/* Have the frames run.  A CPU that has gone offline leaves them to this one. */
static void soft_schedule(struct soft_queue *q)
{
	if (!napi_schedule_prep(&q->napi))
		return;
	if (q->cpu == smp_processor_id() ||
	    smp_call_function_single_async(q->cpu, &q->csd))
		__napi_schedule(&q->napi);
}

static bool soft_waits(const struct vms_vmq_port *vp)
{
	/* Pairs with soft_run(). */
	return atomic_read_acquire(&vp->soft.backlog);
}

/* Whether a move takes too long.  The lock of the home queue is held. */
static bool soft_overdue(const struct vms_vmq_soft_port *sp)
{
	return sp->deadline && time_after(jiffies, sp->deadline);
}

/* Whether this queue, locked, is to take a frame that is to run on a CPU.  If not,
 * another is home by now.
 */
static bool soft_is_home(struct vms_vmq_port *vp, const struct soft_queue *q,
			 int cpu)
{
	struct vms_vmq_soft_port *sp = &vp->soft;

	if (sp->home != q->cpu)
		return false;
	if (q->cpu == cpu) {
		sp->deadline = 0;
		sp->refused = false;
		return true;
	}
	if (soft_waits(vp)) {
		/* 0 stands for none. */
		if (!sp->deadline)
			sp->deadline = (jiffies + SOFT_PATIENCE) | 1;
		return true;
	}
	WRITE_ONCE(sp->forced, sp->forced + sp->refused);
	sp->deadline = 0;
	sp->refused = false;
	/* Pairs with soft_home(): what was done under this lock is seen under
	 * that of the new home.
	 */
	smp_store_release(&sp->home, cpu);
	return false;
}

static struct soft_queue *soft_home(const struct vms_vmq_soft_port *sp)
{
	/* Pairs with soft_is_home(). */
	return per_cpu_ptr(sp->soft->queues, smp_load_acquire(&sp->home));
}

/* Whether a port's home queue, locked, takes one more frame for it. */
static bool soft_has_room(const struct soft_queue *q,
			  const struct vms_vmq_soft_port *sp)
{
	return !soft_overdue(sp) &&
	       atomic_read(&sp->backlog) < VMS_VMQ_SOFT_PORT_MAX &&
	       skb_queue_len(&q->input) + skb_queue_len_lockless(&q->process) <
	       VMS_VMQ_SOFT_CPU_MAX;
}

static void soft_queue_frame(struct vms_vmq_port *vp, struct sk_buff *skb,
			     int cpu)
{
	struct soft_queue *q;
	bool full, first;

	soft_cb(skb)->vp = vp;
	for (;;) {
		q = soft_home(&vp->soft);
		spin_lock(&q->lock);
		if (soft_is_home(vp, q, cpu))
			break;
		spin_unlock(&q->lock);
	}
	full = !soft_has_room(q, &vp->soft);
	vp->soft.refused |= soft_overdue(&vp->soft);
	first = skb_queue_empty(&q->input);
	if (likely(!full)) {
		atomic_inc(&vp->soft.backlog);
		__skb_queue_tail(&q->input, skb);
	}
	spin_unlock(&q->lock);

	if (unlikely(full)) {
		soft_drop(q->soft, vp, skb, VMS_DROP_CPU_BUSY);
		return;
	}
	soft_count(vp, VMS_VMQ_SOFT_HANDED);
	if (first)
		soft_schedule(q);
}

/**
 * vms_vmq_soft_take() - hand a frame over if it is to run on another CPU
 * @vp: the port that it is for, which has or had a CPU
 * @skb: the frame, data behind the MAC header
 *
 * Context: Data path: RCU, bottom halves off.
 * Return: whether it was taken; if not, it is to be run here and now.
 */
bool vms_vmq_soft_take(struct vms_vmq_port *vp, struct sk_buff *skb)
{
	int cpu = READ_ONCE(vp->soft.cpu), here = smp_processor_id();
	struct vms_port *port;

	if (cpu < 0 || unlikely(!cpu_online(cpu)))
		cpu = here;
	if (cpu == here && !soft_waits(vp)) {
		soft_count(vp, VMS_VMQ_SOFT_RAN);
		return false;
	}
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb)) {
		soft_count(vp, VMS_VMQ_SOFT_DROPPED);
		port = soft_drop_port(vp->soft.soft, vp);
		if (port)
			vms_stats_drop(port, 0, 0, VMS_DROP_NO_MEMORY);
		return true;
	}
	/* What a tunnel device tells may be gone when the frame is run. */
	skb_dst_drop(skb);
	soft_queue_frame(vp, skb, cpu);
	return true;
}

static void soft_free(struct vms_vmq_soft *soft)
{
	vms_dummy_netdev_free(soft->dev);
	free_percpu(soft->queues);
	kfree(soft);
}

static void soft_start(struct vms_vmq_soft *soft)
{
	struct soft_queue *q;
	int cpu;

	for_each_possible_cpu(cpu) {
		q = per_cpu_ptr(soft->queues, cpu);
		q->soft = soft;
		q->cpu = cpu;
		INIT_CSD(&q->csd, soft_kick, q);
		__skb_queue_head_init(&q->process);
		__skb_queue_head_init(&q->input);
		spin_lock_init(&q->lock);
		/* No socket polls for frames that are not its own. */
		set_bit(NAPI_STATE_NO_BUSY_POLL, &q->napi.state);
		netif_napi_add(soft->dev, &q->napi, soft_poll);
		napi_enable(&q->napi);
	}
}

static struct vms_vmq_soft *soft_new(struct vms_nic *nic)
{
	struct vms_vmq_soft *soft;

	soft = kzalloc(sizeof(*soft), GFP_KERNEL_ACCOUNT);
	if (!soft)
		return NULL;
	soft->nic = nic;
	soft->dev = vms_dummy_netdev_alloc();
	soft->queues = alloc_percpu_gfp(struct soft_queue,
					GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!soft->dev || !soft->queues) {
		soft_free(soft);
		return NULL;
	}
	soft_start(soft);
	return soft;
}

static void soft_purge(struct soft_queue *q)
{
	struct vms_vmq_port *vp;
	struct sk_buff *skb;

	local_bh_disable();
	rcu_read_lock();
	soft_splice(q);
	while ((skb = __skb_dequeue(&q->process))) {
		vp = soft_cb(skb)->vp;
		soft_drop(q->soft, vp, skb, VMS_DROP_CPU_BUSY);
		atomic_dec(&vp->soft.backlog);
	}
	rcu_read_unlock();
	local_bh_enable();
}

/**
 * vms_vmq_soft_stop() - drop what waits, and free the queues of an uplink
 * @vmq: VMQ of the uplink, which no reader sees any more
 *
 * An interrupt on its way to another CPU is waited for, because until it has
 * come NAPI counts as scheduled.
 *
 * Context: RTNL is held, &vms_net.lock is not.
 */
void vms_vmq_soft_stop(struct vms_vmq *vmq)
{
	struct vms_vmq_soft *soft = vmq->soft;
	struct soft_queue *q;
	int cpu;

	if (!soft)
		return;
	for_each_possible_cpu(cpu) {
		q = per_cpu_ptr(soft->queues, cpu);
		napi_disable(&q->napi);
		soft_purge(q);
		__netif_napi_del(&q->napi);
	}
	/* __netif_napi_del() asks for it. */
	synchronize_net();
	vmq->soft = NULL;
	soft_free(soft);
}

/**
 * vms_vmq_soft_set_cpu() - say where the frames for a port are to run
 * @vp: the port
 * @cpu: the CPU, or -1: where they arrive
 *
 * Context: RTNL is held, &vms_net.lock is not.
 * Return: 0 or -ENOMEM.
 */
int vms_vmq_soft_set_cpu(struct vms_vmq_port *vp, int cpu)
{
	struct vms_vmq *vmq = vp->vmq;

	ASSERT_RTNL();
	if (vp->soft.cpu == cpu)
		return 0;
	if (!vmq->soft)
		vmq->soft = soft_new(vmq->nic);
	if (!vmq->soft)
		return -ENOMEM;
	WRITE_ONCE(vp->soft.cpu, cpu);
	/* Pairs with the data path, which reads what it points to. */
	smp_store_release(&vp->soft.soft, vmq->soft);
	return 0;
}

/**
 * vms_vmq_soft_is_idle() - whether no frame of a port waits
 * @vp: the port
 *
 * Return: true if none does.
 */
bool vms_vmq_soft_is_idle(const struct vms_vmq_port *vp)
{
	return !soft_waits(vp);
}
