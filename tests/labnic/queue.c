// SPDX-License-Identifier: GPL-2.0
/*
 * Receive queues: each has a NAPI instance, served by the queue's CPU.
 */
#include "labnic.h"

static int labnic_wire_poll(struct labnic_queue *rq, int budget)
{
	struct sk_buff *skb;
	int work = 0;

	while (work < budget) {
		skb = skb_dequeue(&rq->ring);
		if (!skb)
			break;
		work++;
		u64_stats_update_begin(&rq->syncp);
		u64_stats_inc(&rq->packets);
		u64_stats_add(&rq->bytes, skb->len);
		u64_stats_update_end(&rq->syncp);
		skb->protocol = eth_type_trans(skb, rq->nic->dev);
		skb_record_rx_queue(skb, rq->index);
		if (skb_is_gso(skb))
			netif_receive_skb(skb);
		else
			napi_gro_receive(&rq->napi, skb);
	}
	return work;
}

static int labnic_poll(struct napi_struct *napi, int budget)
{
	struct labnic_queue *rq = container_of(napi, struct labnic_queue, napi);
	int work = 0;

	if (!budget)
		return 0;
	if (READ_ONCE(rq->run)) {
		work = labnic_gen_poll(rq, budget);
		/* As with a NIC whose ring is never empty. */
		if (READ_ONCE(rq->run))
			return budget;
	}
	work += labnic_wire_poll(rq, budget - work);
	if (work < budget && napi_complete_done(napi, work) &&
	    !skb_queue_empty(&rq->ring))
		napi_schedule(napi);
	return work;
}

/* The interrupt. */
static void labnic_queue_interrupt(void *info)
{
	struct labnic_queue *rq = info;

	napi_schedule(&rq->napi);
}

/**
 * labnic_queue_raise() - have a queue polled on its CPU
 * @rq: the queue
 *
 * Context: Bottom halves off.
 */
void labnic_queue_raise(struct labnic_queue *rq)
{
	if (rq->cpu == smp_processor_id() || !cpu_online(rq->cpu))
		napi_schedule(&rq->napi);
	else
		/* Busy means that it is on its way already. */
		smp_call_function_single_async(rq->cpu, &rq->csd);
}

static void labnic_nothing(void *info)
{
}

/**
 * labnic_queue_init() - prepare a receive queue
 * @nic: the NIC, with its array of queues
 * @index: number of the queue
 */
void labnic_queue_init(struct labnic *nic, unsigned int index)
{
	struct labnic_queue *rq = &nic->queues[index];

	rq->nic = nic;
	rq->index = index;
	rq->cpu = cpumask_local_spread(index, NUMA_NO_NODE);
	INIT_CSD(&rq->csd, labnic_queue_interrupt, rq);
	skb_queue_head_init(&rq->ring);
	u64_stats_init(&rq->syncp);
}

/**
 * labnic_queue_open() - begin to serve a queue
 * @rq: the queue
 */
void labnic_queue_open(struct labnic_queue *rq)
{
	netif_napi_add(rq->nic->dev, &rq->napi, labnic_poll);
	napi_enable(&rq->napi);
}

/**
 * labnic_queue_close() - end serving a queue
 * @rq: the queue
 *
 * What it generates ends, too.
 */
void labnic_queue_close(struct labnic_queue *rq)
{
	napi_disable(&rq->napi);
	/* An interrupt on its way comes before this. */
	smp_call_function_single(rq->cpu, labnic_nothing, NULL, 1);
	netif_napi_del(&rq->napi);
	labnic_gen_end(rq);
	skb_queue_purge(&rq->ring);
}

/**
 * labnic_queue_put() - a frame arrives at a NIC
 * @nic: the NIC
 * @skb: the frame, data at the MAC header; consumed
 *
 * Context: RCU, bottom halves off.
 */
void labnic_queue_put(struct labnic *nic, struct sk_buff *skb)
{
	unsigned int index = 0;
	struct labnic_queue *rq;

	if (nic->dev->real_num_rx_queues > 1)
		index = reciprocal_scale(skb_get_hash(skb),
					 nic->dev->real_num_rx_queues);
	rq = &nic->queues[index];
	if (!netif_running(nic->dev) ||
	    skb_queue_len_lockless(&rq->ring) >= LABNIC_RING_SIZE ||
	    skb_orphan_frags_rx(skb, GFP_ATOMIC)) {
		atomic_inc(&rq->dropped);
		kfree_skb(skb);
		return;
	}
	skb_scrub_packet(skb, true);
	skb->priority = 0;
	skb_queue_tail(&rq->ring, skb);
	labnic_queue_raise(rq);
}
