// SPDX-License-Identifier: GPL-2.0
/*
 * The sink: counts what arrives, and knows from the sequence numbers what was
 * lost, overtaken or doubled.
 */
#include <linux/tcp.h>

#include "labnic.h"

/* Move the window of frames that may be missing up to the next frame. */
static void labnic_flow_advance(struct labnic_flow *flow)
{
	u32 steps = flow->next - flow->known;

	flow->missing = steps < 64 ? flow->missing << steps : 0;
	flow->known = flow->next;
}

/* A frame that is not the next one of its flow. */
static void labnic_sink_out_of_order(struct labnic_sink *sink,
				     struct labnic_flow *flow, u32 seq)
{
	u32 ahead = seq - flow->next, behind = flow->next - 1 - seq;

	labnic_flow_advance(flow);
	if ((s32)ahead > 0) {
		sink->lost += ahead;
		flow->next = seq + 1;
		labnic_flow_advance(flow);
		/* Bit 0 is this frame, those that it overtook are behind it. */
		flow->missing |= ahead < 63 ? GENMASK_ULL(ahead, 1) :
					      GENMASK_ULL(63, 1);
	} else if (behind < 64 && !(flow->missing & BIT_ULL(behind))) {
		sink->twice++;
	} else {
		sink->late++;
		if (sink->lost)
			sink->lost--;
		if (behind < 64)
			flow->missing &= ~BIT_ULL(behind);
	}
}

static unsigned int labnic_latency_bucket(u64 ns)
{
	unsigned int order, bucket;

	if (ns < BIT(LABNIC_LATENCY_SHIFT))
		return ns;
	order = ilog2(ns) - LABNIC_LATENCY_SHIFT;
	bucket = ((order + 1) << LABNIC_LATENCY_SHIFT) +
		 ((ns >> order) & (BIT(LABNIC_LATENCY_SHIFT) - 1));
	return min_t(unsigned int, bucket, LABNIC_LATENCY_BUCKETS - 1);
}

/* The middle of a bucket. */
static u64 labnic_latency_value(unsigned int bucket)
{
	unsigned int order = bucket >> LABNIC_LATENCY_SHIFT;
	unsigned int step = bucket & (BIT(LABNIC_LATENCY_SHIFT) - 1);

	if (!order)
		return bucket;
	return ((u64)(BIT(LABNIC_LATENCY_SHIFT) + step) << (order - 1)) +
	       (BIT_ULL(order - 1) >> 1);
}

/**
 * labnic_sink_latency() - note how long a frame took
 * @sink: the sink
 * @time: when it was made, by labnic_ticks()
 */
void labnic_sink_latency(struct labnic_sink *sink, u64 time)
{
	u64 ns = labnic_ticks_to_ns(labnic_ticks() - time);

	if (sink->latency)
		sink->latency[labnic_latency_bucket(ns)]++;
}

static bool labnic_sink_stamp_at(const struct sk_buff *skb,
				 unsigned int offset)
{
	const struct labnic_stamp *stamp = (void *)(skb->data + offset);

	return offset + sizeof(*stamp) <= skb_headlen(skb) &&
	       stamp->magic == htons(LABNIC_MAGIC) &&
	       le64_to_cpu(stamp->id) >> 48 == LABNIC_MAGIC;
}

/* Look for the stamp of a frame. */
static bool labnic_sink_find(struct labnic_sink *sink,
			     const struct sk_buff *skb)
{
	unsigned int offset;

	for (offset = ETH_HLEN + sizeof(struct iphdr) + sizeof(struct udphdr);
	     offset <= VLAN_ETH_HLEN + sizeof(struct iphdr) +
		       sizeof(struct tcphdr); offset += 4) {
		if (labnic_sink_stamp_at(skb, offset)) {
			sink->offset = offset;
			return true;
		}
	}
	sink->alien++;
	return false;
}

/**
 * labnic_sink_unexpected() - a frame that does not come after the last one
 * @sink: the sink
 * @skb: the frame, counted, but not checked
 *
 * Either it is of another flow, or something went wrong.
 *
 * Context: Under the lock of the transmit queue, if it has one.
 */
void labnic_sink_unexpected(struct labnic_sink *sink, const struct sk_buff *skb)
{
	struct labnic_stamp *stamp;
	struct labnic_flow *flow;
	u64 id;
	u32 seq;

	if (!sink->flows)
		return;
	if (!labnic_sink_stamp_at(skb, sink->offset) &&
	    !labnic_sink_find(sink, skb))
		return;
	if (sink->expected) {
		flow = &sink->flows[(u16)(sink->expected >> 32) %
				    LABNIC_FLOWS_MAX];
		flow->next = sink->expected;
	}

	sink->tagged += skb_vlan_tag_present(skb);
	stamp = (struct labnic_stamp *)(skb->data + sink->offset);
	id = le64_to_cpu(stamp->id);
	flow = &sink->flows[(u16)(id >> 32) % LABNIC_FLOWS_MAX];
	seq = id;
	if (seq == flow->next)
		flow->next = seq + 1;
	else
		labnic_sink_out_of_order(sink, flow, seq);
	sink->expected = labnic_stamp_id(id >> 32, flow->next);
	if (stamp->time)
		labnic_sink_latency(sink, be64_to_cpu(stamp->time));
}

/**
 * labnic_sink_reset() - have the sink of a NIC check frames, from 0 on
 * @nic: the NIC; without locks on transmit, nothing is sent meanwhile
 *
 * Context: Process context.
 * Return: 0 or -ENOMEM.
 */
int labnic_sink_reset(struct labnic *nic)
{
	unsigned int i;

	for (i = 0; i < nic->n_sinks; i++) {
		struct labnic_sink *sink = &nic->sinks[i];
		struct labnic_flow *flows = sink->flows;
		u32 *latency = sink->latency;

		if (!flows)
			flows = kvcalloc(LABNIC_FLOWS_MAX, sizeof(*flows),
					 GFP_KERNEL);
		if (!latency)
			latency = kvcalloc(LABNIC_LATENCY_BUCKETS,
					   sizeof(*latency), GFP_KERNEL);

		netif_tx_lock_bh(nic->dev);
		sink->flows = flows;
		sink->latency = latency;
		sink->base.packets = u64_stats_read(&sink->packets);
		sink->base.tagged = sink->tagged;
		sink->expected = 0;
		sink->alien = 0;
		sink->lost = 0;
		sink->late = 0;
		sink->twice = 0;
		if (flows)
			memset(flows, 0, LABNIC_FLOWS_MAX * sizeof(*flows));
		if (latency)
			memset(latency, 0,
			       LABNIC_LATENCY_BUCKETS * sizeof(*latency));
		netif_tx_unlock_bh(nic->dev);
		if (!flows || !latency)
			return -ENOMEM;
	}
	return 0;
}

/**
 * labnic_latency_percentile() - a percentile of the latencies seen
 * @nic: the NIC
 * @percent: which
 *
 * Return: nanoseconds, to 1/128; 0 if none was measured.
 */
u64 labnic_latency_percentile(const struct labnic *nic, unsigned int percent)
{
	unsigned int bucket, i;
	u64 total = 0, below = 0;

	for (i = 0; i < nic->n_sinks; i++)
		for (bucket = 0; bucket < LABNIC_LATENCY_BUCKETS; bucket++)
			if (nic->sinks[i].latency)
				total += nic->sinks[i].latency[bucket];
	for (bucket = 0; bucket < LABNIC_LATENCY_BUCKETS; bucket++) {
		for (i = 0; i < nic->n_sinks; i++)
			if (nic->sinks[i].latency)
				below += nic->sinks[i].latency[bucket];
		if (total && below * 100 >= total * percent)
			return labnic_latency_value(bucket);
	}
	return 0;
}
