// SPDX-License-Identifier: GPL-2.0
/*
 * Which queue and which CPU the frames for a port really come by.
 */
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/slab.h>

#include "vmq.h"

static struct vms_vmq_port *rx_find(const struct vms_vmq_rx *rx, u64 key)
{
	u32 i = hash_64(key, rx->bits);

	while (rx->slots[i].port) {
		if (rx->slots[i].key == key)
			return rx->slots[i].port;
		i = (i + 1) & (BIT(rx->bits) - 1);
	}
	return NULL;
}

/* Remember by which NAPI frames come. */
static void look_napi(struct vms_vmq_port *vp, const struct sk_buff *skb)
{
#ifdef CONFIG_NET_RX_BUSY_POLL
	if (READ_ONCE(vp->napi_id) != skb->napi_id)
		WRITE_ONCE(vp->napi_id, skb->napi_id);
#endif
}

/**
 * vms_vmq_rx_find() - find a port by its address
 * @rx: the table
 * @mac: the address
 * @vid: VLAN of the frame, 0: none in its tag
 *
 * Context: Data path: RCU, bottom halves off.
 * Return: the port, or NULL.
 */
struct vms_vmq_port *vms_vmq_rx_find(const struct vms_vmq_rx *rx, u64 mac,
				     u16 vid)
{
	struct vms_vmq_port *vp = NULL;

	if (rx->vlans && vid)
		vp = rx_find(rx, vms_vmq_key(mac, vid));
	return vp ?: rx_find(rx, vms_vmq_key(mac, 0));
}

/**
 * vms_vmq_look() - see whether a frame came by its port's own queue, and hand it
 *	over to its port's CPU if there is such a one
 * @rx: of the NIC that it came by
 * @skb: the frame
 *
 * Context: Data path: RCU, bottom halves off.
 * Return: whether it was handed over.
 */
bool vms_vmq_look(const struct vms_vmq_rx *rx, struct sk_buff *skb)
{
	struct vms_vmq_port *vp;
	struct vms_vmq_seen *seen;
	u16 vid = 0;

	/* What has no Ethernet header is for no port. */
	if (unlikely(skb_mac_header(skb) + ETH_HLEN != skb->data))
		return false;
	if (skb_vlan_tag_present(skb))
		vid = skb_vlan_tag_get_id(skb);
	vp = vms_vmq_rx_find(rx, vms_mac_u64(eth_hdr(skb)->h_dest), vid);
	if (!vp)
		return false;

	seen = this_cpu_ptr(vp->seen);
	u64_stats_update_begin(&seen->syncp);
	if (skb_rx_queue_recorded(skb) &&
	    skb_get_rx_queue(skb) == READ_ONCE(vp->queue)) {
		u64_stats_inc(&seen->own);
		look_napi(vp, skb);
	} else {
		u64_stats_inc(&seen->elsewhere);
	}
	if (seen->by != skb->queue_mapping) {
		WRITE_ONCE(seen->by, skb->queue_mapping);
		u64_stats_inc(&seen->turns);
	}
	u64_stats_update_end(&seen->syncp);

	/* Pairs with vms_vmq_soft_set_cpu(). */
	return smp_load_acquire(&vp->soft.soft) && vms_vmq_soft_take(vp, skb);
}

static void rx_add(struct vms_vmq_rx *rx, u64 key, struct vms_vmq_port *vp)
{
	u32 i = hash_64(key, rx->bits);

	while (rx->slots[i].port)
		i = (i + 1) & (BIT(rx->bits) - 1);
	rx->slots[i].key = key;
	rx->slots[i].port = vp;
}

static void rx_add_port(struct vms_vmq_rx *rx, struct vms_vmq_port *vp)
{
	u32 i;

	for (i = 0; i < vp->n_filters; i++) {
		rx_add(rx, vms_vmq_key(vp->filters[i].mac, vp->filters[i].vid),
		       vp);
		rx->vlans |= vp->filters[i].vid;
	}
	/* That others come by the queue has to be noticed without filters. */
	if (vp->queue >= 0 && vp->verified && vp->steered >= 0)
		rx->settled[(vp->queue + 1) & rx->mask] = 1;
}

/**
 * vms_vmq_rx_new() - make what the data path has of VMQ
 * @vmq: VMQ of the uplink
 *
 * Context: RTNL is held.
 * Return: it, or NULL if there is no memory.
 */
struct vms_vmq_rx *vms_vmq_rx_new(const struct vms_vmq *vmq)
{
	struct vms_vmq_port *vp;
	struct vms_vmq_rx *rx;
	size_t n = 0;

	list_for_each_entry(vp, &vmq->ports, node)
		n += vp->gone ? 0 : vp->n_filters;
	rx = kvzalloc(struct_size(rx, settled, vmq->mask + 1),
		      GFP_KERNEL_ACCOUNT);
	if (!rx)
		return NULL;
	rx->counts = vmq->counts;
	rx->mask = vmq->mask;
	/* At most half full, so that a search ends. */
	rx->bits = max(ilog2(roundup_pow_of_two(2 * n + 1)), 1);
	rx->slots = kvcalloc(BIT(rx->bits), sizeof(*rx->slots),
			     GFP_KERNEL_ACCOUNT);
	if (!rx->slots) {
		kvfree(rx);
		return NULL;
	}
	list_for_each_entry(vp, &vmq->ports, node)
		if (!vp->gone)
			rx_add_port(rx, vp);
	return rx;
}

/**
 * vms_vmq_rx_free() - free what vms_vmq_rx_new() made
 * @rx: no reader sees it any more; may be NULL
 */
void vms_vmq_rx_free(struct vms_vmq_rx *rx)
{
	if (!rx)
		return;
	kvfree(rx->slots);
	kvfree(rx);
}

/**
 * vms_vmq_sum_seen() - add up what all CPUs have seen for a port
 * @vp: the port
 * @own: frames on its queue, set
 * @elsewhere: frames on others, set
 *
 * Context: Process.
 */
void vms_vmq_sum_seen(const struct vms_vmq_port *vp, u64 *own, u64 *elsewhere)
{
	unsigned int start;
	u64 here, there;
	int cpu;

	*own = 0;
	*elsewhere = 0;
	for_each_possible_cpu(cpu) {
		const struct vms_vmq_seen *seen = per_cpu_ptr(vp->seen, cpu);

		do {
			start = u64_stats_fetch_begin(&seen->syncp);
			here = u64_stats_read(&seen->own);
			there = u64_stats_read(&seen->elsewhere);
		} while (u64_stats_fetch_retry(&seen->syncp, start));
		*own += here;
		*elsewhere += there;
	}
}

static u64 soft_stat(const struct vms_vmq_port *vp, int cpu,
		     enum vms_vmq_soft_stat what)
{
	const struct vms_vmq_seen *seen = per_cpu_ptr(vp->seen, cpu);
	unsigned int start;
	u64 value;

	do {
		start = u64_stats_fetch_begin(&seen->syncp);
		value = u64_stats_read(&seen->soft[what]);
	} while (u64_stats_fetch_retry(&seen->syncp, start));
	return value;
}

/**
 * vms_vmq_soft_sum() - add up what all CPUs have counted of software VMQ
 * @vp: the port
 * @what: which counter
 *
 * Context: Process.
 * Return: the sum.
 */
u64 vms_vmq_soft_sum(const struct vms_vmq_port *vp, enum vms_vmq_soft_stat what)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += soft_stat(vp, cpu, what);
	return sum;
}

/**
 * vms_vmq_served() - frames that a CPU has served
 * @vp: a port
 * @queue: a queue: those that came from it; VMS_VMQ_NO_QUEUE: those of the port
 *	while it had a CPU but no queue
 * @cpu: the CPU
 *
 * Context: Process.
 * Return: the number.
 */
u64 vms_vmq_served(const struct vms_vmq_port *vp, int queue, int cpu)
{
	const struct vms_vmq *vmq = vp->vmq;
	const struct vms_vmq_counts *counts = per_cpu_ptr(vmq->counts, cpu);
	unsigned int start;
	u64 packets;

	if (queue < 0)
		return soft_stat(vp, cpu, VMS_VMQ_SOFT_RAN);
	do {
		start = u64_stats_fetch_begin(&counts->syncp);
		packets = u64_stats_read(&counts->rx[(queue + 1) & vmq->mask]);
	} while (u64_stats_fetch_retry(&counts->syncp, start));
	return packets;
}

/**
 * vms_vmq_received() - frames that a CPU has received from an uplink
 * @vmq: VMQ of the uplink
 * @cpu: the CPU
 *
 * Context: Process.
 * Return: the number, of all queues.
 */
u64 vms_vmq_received(const struct vms_vmq *vmq, int cpu)
{
	const struct vms_vmq_counts *counts = per_cpu_ptr(vmq->counts, cpu);
	unsigned int start;
	u64 packets;
	u32 i;

	do {
		start = u64_stats_fetch_begin(&counts->syncp);
		packets = 0;
		for (i = 0; i <= vmq->mask; i++)
			packets += u64_stats_read(&counts->rx[i]);
	} while (u64_stats_fetch_retry(&counts->syncp, start));
	return packets;
}

/**
 * vms_vmq_counts_new() - make counters
 * @n: elements of each CPU
 *
 * Return: the counters, to free_percpu(), or NULL.
 */
struct vms_vmq_counts __percpu *vms_vmq_counts_new(u32 n)
{
	struct vms_vmq_counts __percpu *counts;
	int cpu;

	counts = __alloc_percpu_gfp(struct_size_t(struct vms_vmq_counts, rx, n),
				    __alignof__(struct vms_vmq_counts),
				    GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!counts)
		return NULL;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(counts, cpu)->syncp);
	return counts;
}
