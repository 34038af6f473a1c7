// SPDX-License-Identifier: GPL-2.0
/*
 * Receive queues: each has an interrupt, and a NAPI instance that is served by
 * the CPU that the interrupt comes to.
 */
#include "compat.h"
#include "labnic.h"

static int labnic_ring_poll(struct labnic_queue *rq, int budget)
{
	bool record = !READ_ONCE(rq->nic->knobs.no_record);
	struct sk_buff *skb;
	int work = 0;

	while (work < budget) {
		skb = skb_dequeue(&rq->ring);
		if (!skb)
			break;
		work++;
		u64_stats_update_begin(&rq->syncp);
		u64_stats_inc(&rq->packets);
		u64_stats_add(&rq->bytes, skb->len + ETH_HLEN);
		u64_stats_update_end(&rq->syncp);
		if (record)
			skb_record_rx_queue(skb, rq->index);
		if (skb_is_gso(skb))
			netif_receive_skb(skb);
		else
			napi_gro_receive(&rq->napi, skb);
	}
	rq->served[smp_processor_id()] += work;
	return work;
}

/* Whether frames have come so lately that a sticky NAPI goes on. */
static bool labnic_sticks(struct labnic_queue *rq, u32 ms, int work)
{
	if (work)
		rq->busy_until = jiffies + msecs_to_jiffies(ms);
	return time_before(jiffies, rq->busy_until);
}

/* The interrupt has moved: so does a NAPI that is not done. */
static bool labnic_moved(const struct labnic_queue *rq)
{
	int cpu = READ_ONCE(rq->cpu);

	return cpu != smp_processor_id() && cpu_online(cpu);
}

/* NAPI is over: from now on a frame raises the interrupt.  What came before has
 * not: look again, but not too early.
 */
static void labnic_queue_arm(struct labnic_queue *rq)
{
	set_bit(0, &rq->armed);
	/* Pairs with labnic_queue_raise(). */
	smp_mb__after_atomic();
	if (!skb_queue_empty(&rq->ring) || READ_ONCE(rq->run))
		labnic_queue_raise(rq);
}

static int labnic_poll(struct napi_struct *napi, int budget)
{
	struct labnic_queue *rq = container_of(napi, struct labnic_queue, napi);
	u32 sticky = READ_ONCE(rq->nic->knobs.sticky);
	int work = 0;

	if (!budget)
		return 0;
	if (READ_ONCE(rq->run)) {
		work = labnic_gen_poll(rq, budget);
		/* As with a NIC whose ring is never empty. */
		if (READ_ONCE(rq->run))
			return budget;
	}
	work += labnic_ring_poll(rq, budget - work);
	if (unlikely(sticky)) {
		if (labnic_sticks(rq, sticky, work))
			return budget;
	} else if (work == budget && labnic_moved(rq)) {
		/* Frames are left, but this must not look like it. */
		work--;
	}
	if (work < budget && napi_complete_done(napi, work))
		labnic_queue_arm(rq);
	return work;
}

/* On the CPU of the queue. */
static void labnic_queue_interrupt(void *info)
{
	labnic_irq_raise(info);
}

/**
 * labnic_queue_raise() - have a queue polled on its CPU
 * @rq: the queue
 *
 * Context: Bottom halves off.
 */
void labnic_queue_raise(struct labnic_queue *rq)
{
	unsigned long flags;

	if (!test_and_clear_bit(0, &rq->armed))
		return;
	if (!smp_call_function_single_async(READ_ONCE(rq->cpu), &rq->csd))
		return;
	/* That CPU is offline. */
	local_irq_save(flags);
	labnic_irq_raise(rq);
	local_irq_restore(flags);
}

static void labnic_nothing(void *info)
{
}

/**
 * labnic_queue_init() - prepare a receive queue
 * @nic: the NIC, with its array of queues
 * @index: number of the queue
 *
 * Return: 0 or -ENOMEM.
 */
int labnic_queue_init(struct labnic *nic, unsigned int index)
{
	struct labnic_queue *rq = &nic->queues[index];

	rq->nic = nic;
	rq->index = index;
	INIT_CSD(&rq->csd, labnic_queue_interrupt, rq);
	skb_queue_head_init(&rq->ring);
	u64_stats_init(&rq->syncp);
	rq->served = labnic_alloc_apart(nr_cpu_ids * sizeof(*rq->served));
	return rq->served ? 0 : -ENOMEM;
}

static void labnic_queue_open(struct labnic_queue *rq)
{
	struct labnic *nic = rq->nic;

	labnic_napi_add(nic->dev, &rq->napi, labnic_poll);
	/* Thousands of NICs with one queue are better off without. */
	if (nic->knobs.irq && nic->dev->num_rx_queues > 1 &&
	    !labnic_irq_request(rq) &&
	    !(nic->knobs.no_napi & LABNIC_NAPI_NO_IRQ))
		labnic_napi_set_irq(&rq->napi, rq->irq);
	if (nic->knobs.no_napi & LABNIC_NAPI_SHARED && rq->index > 1)
		labnic_queue_set_napi(nic->dev, rq->index,
				      &nic->queues[1].napi);
	else if (!(nic->knobs.no_napi & LABNIC_NAPI_NO_QUEUE))
		labnic_queue_set_napi(nic->dev, rq->index, &rq->napi);
	labnic_napi_enable(&rq->napi);
	set_bit(0, &rq->armed);
}

/**
 * labnic_queues_open() - begin to serve the queues of a NIC
 * @nic: the NIC
 *
 * Context: RTNL, and the device's own lock if it asked for that.
 */
void labnic_queues_open(struct labnic *nic)
{
	unsigned int i;

	labnic_napi_lock(nic->dev);
	for (i = 0; i < nic->dev->real_num_rx_queues; i++)
		labnic_queue_open(&nic->queues[i]);
	labnic_napi_unlock(nic->dev);
}

/**
 * labnic_queues_close() - end serving the queues of a NIC
 * @nic: the NIC
 *
 * What they generate ends, too.
 *
 * Context: RTNL, and the device's own lock if it asked for that.
 */
void labnic_queues_close(struct labnic *nic)
{
	unsigned int i;

	labnic_napi_lock(nic->dev);
	for (i = 0; i < nic->dev->real_num_rx_queues; i++) {
		labnic_napi_disable(&nic->queues[i].napi);
		clear_bit(0, &nic->queues[i].armed);
	}
	/* An interrupt on its way comes before this. */
	synchronize_net();
	on_each_cpu(labnic_nothing, NULL, 1);
	for (i = 0; i < nic->dev->real_num_rx_queues; i++) {
		struct labnic_queue *rq = &nic->queues[i];

		labnic_queue_set_napi(nic->dev, i, NULL);
		labnic_napi_del(&rq->napi);
		labnic_irq_free(rq);
		labnic_gen_end(rq);
		skb_queue_purge(&rq->ring);
	}
	labnic_napi_unlock(nic->dev);
}

/**
 * labnic_queues_spread() - have each queue served by a CPU of its own
 * @nic: the NIC; its queues are closed
 */
void labnic_queues_spread(struct labnic *nic)
{
	unsigned int i;

	for (i = 0; i < nic->dev->num_rx_queues; i++)
		nic->queues[i].cpu = cpumask_local_spread(i, NUMA_NO_NODE);
}

/**
 * labnic_queues_congested() - tell whether a queue of a NIC is half full
 * @nic: the NIC
 *
 * Return: true if it would send PAUSE frames.
 */
bool labnic_queues_congested(const struct labnic *nic)
{
	unsigned int i;

	for (i = 0; i < nic->dev->real_num_rx_queues; i++)
		if (skb_queue_len_lockless(&nic->queues[i].ring) >
		    READ_ONCE(nic->ring_size) / 2)
			return true;
	return false;
}

/**
 * labnic_queue_waiting() - count the frames that are not handed up yet
 * @rq: the queue
 *
 * Return: frames in the ring, or 1 if NAPI still has some; 0 when all are
 * handed up.
 */
unsigned int labnic_queue_waiting(const struct labnic_queue *rq)
{
	unsigned int waiting = skb_queue_len_lockless(&rq->ring);

	if (!waiting && netif_running(rq->nic->dev))
		waiting = !test_bit(0, &rq->armed);
	return waiting;
}

/**
 * labnic_queue_put() - put a frame into the ring of a queue
 * @nic: the NIC
 * @index: number of the queue
 * @skb: the frame, data at the network header; consumed
 *
 * Context: RCU, bottom halves off.
 */
void labnic_queue_put(struct labnic *nic, unsigned int index,
		      struct sk_buff *skb)
{
	struct labnic_queue *rq;

	/* A rule may be older than the number of queues. */
	if (index >= READ_ONCE(nic->dev->real_num_rx_queues))
		index = 0;
	rq = &nic->queues[index];
	if (skb_queue_len_lockless(&rq->ring) >= READ_ONCE(nic->ring_size)) {
		atomic_inc(&rq->dropped);
		kfree_skb(skb);
		return;
	}
	skb_queue_tail(&rq->ring, skb);
	labnic_queue_raise(rq);
}
