// SPDX-License-Identifier: GPL-2.0
/*
 * Frames of a vNIC: into the switch straight from its transmit function, and
 * out of the switch by queues and NAPI of its own.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/sched/isolation.h>
#include <linux/slab.h>
#include <net/busy_poll.h>

#include "../dataplane/pool.h"
#include "vnic.h"

/* Whether a frame between the switch and the vNIC changes namespaces. */
static bool vnic_crosses(const struct vms_vnic *vnic)
{
	return !net_eq(dev_net(vnic->nic.dev), dev_net(vnic->nic.sw->dev));
}

/**
 * vms_vnic_start_xmit() - the holder of a vNIC sends a frame
 * @skb: the frame, data at the MAC header; consumed
 * @dev: the vNIC's netdev
 *
 * The frame's type is read from the frame: what the sender, who may be any
 * tenant, says of it could hide a tag from the switch.
 *
 * Context: BH off, which is what readers need: there is no rcu_read_lock().
 * Return: NETDEV_TX_OK.
 */
netdev_tx_t vms_vnic_start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vms_vnic *vnic = vms_vnic(dev);
	bool crosses = vnic_crosses(vnic);
	unsigned int len = skb->len;
	struct vms_port *port;
	__be16 proto;

	port = vms_nic_port_rcu(&vnic->nic);
	if (unlikely(!port || !pskb_may_pull(skb, ETH_HLEN)))
		goto drop;

	skb_reset_mac_header(skb);
	proto = eth_hdr(skb)->h_proto;
	skb->protocol = likely(eth_proto_is_802_3(proto)) ? proto :
							    htons(ETH_P_802_2);
	__skb_pull(skb, ETH_HLEN);
	/* Of a received frame that tc or BPF has redirected to here. */
	if (unlikely(skb->ip_summed == CHECKSUM_COMPLETE))
		skb_postpull_rcsum(skb, skb_mac_header(skb), ETH_HLEN);
	skb_scrub_packet(skb, crosses);
	/* It names a class of a queueing discipline of the host's (HTB). */
	if (crosses)
		skb->priority = 0;
	dev_sw_netstats_tx_add(dev, 1, len);
	vms_nic_receive(port, skb);
	return NETDEV_TX_OK;

drop:
	dev_core_stats_tx_dropped_inc(dev);
	kfree_skb(skb);
	return NETDEV_TX_OK;
}

/* GRO writes into what clones share.  False: no memory, the frame is gone. */
static bool vnic_unclone(struct vms_vnic_rq *rq, struct sk_buff *skb)
{
	struct vms_vnic_rq_stats *stats = &rq->stats;
	bool failed = vms_alloc_fails() || skb_unclone(skb, GFP_ATOMIC);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(failed ? &stats->unclone_failed : &stats->unclone);
	u64_stats_update_end(&stats->syncp);
	if (failed)
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
	return !failed;
}

/* What the holder has switched off is not told. */
static void vnic_hide_offloads(struct sk_buff *skb, netdev_features_t features)
{
	if (!(features & NETIF_F_RXHASH))
		skb_clear_hash(skb);
	/* A sum that was never computed stays promised. */
	if (!(features & NETIF_F_RXCSUM) && skb->ip_summed != CHECKSUM_PARTIAL)
		skb->ip_summed = CHECKSUM_NONE;
}

/* What a frame goes through before it is handed up. */
static void vnic_dress(struct vms_vnic_rq *rq, struct sk_buff *skb)
{
	const netdev_features_t told = NETIF_F_RXHASH | NETIF_F_RXCSUM;
	struct net_device *dev = rq->dev;

	if (unlikely((dev->features & told) != told))
		vnic_hide_offloads(skb, dev->features);
	skb->protocol = eth_type_trans(skb, dev);
	skb_mark_napi_id(skb, &rq->napi);
}

/* Hand frames up as they are.  Returns their bytes. */
static unsigned int vnic_hand_up(struct vms_vnic_rq *rq, void **batch, int n)
{
	unsigned int bytes = 0;
	struct sk_buff *skb;
	LIST_HEAD(list);
	int i;

	for (i = 0; i < n; i++) {
		skb = batch[i];
		bytes += skb->len;
		vnic_dress(rq, skb);
		if (n > 1)
			list_add_tail(&skb->list, &list);
	}
	/* A list costs a lone frame more than it saves. */
	if (n > 1)
		netif_receive_skb_list(&list);
	else
		netif_receive_skb(batch[0]);
	return bytes;
}

/* Hand frames up by way of GRO.  Returns how many were not dropped. */
static int vnic_hand_up_gro(struct vms_vnic_rq *rq, void **batch, int n,
			    unsigned int *bytes)
{
	struct sk_buff *skb;
	unsigned int len;
	int packets = 0;
	int i;

	for (i = 0; i < n; i++) {
		skb = batch[i];
		len = skb->len;
		if (skb_cloned(skb) && !vnic_unclone(rq, skb))
			continue;
		vnic_dress(rq, skb);
		napi_gro_receive(&rq->napi, skb);
		*bytes += len;
		packets++;
	}
	return packets;
}

/* The frames of one poll all go one way, or those that GRO holds would be
 * overtaken.
 */
static int vnic_receive(struct vms_vnic_rq *rq, int budget)
{
	bool gro = READ_ONCE(rq->dev->features) & NETIF_F_GRO;
	struct vms_vnic_rq_stats *stats = &rq->stats;
	void *batch[VMS_VNIC_BATCH];
	unsigned int bytes;
	int done = 0;
	int packets;
	int n;

	while (done < budget) {
		n = min(budget - done, VMS_VNIC_BATCH);
		n = __ptr_ring_consume_batched(&rq->ring, batch, n);
		if (!n)
			break;

		bytes = 0;
		packets = n;
		if (gro)
			packets = vnic_hand_up_gro(rq, batch, n, &bytes);
		else
			bytes = vnic_hand_up(rq, batch, n);
		u64_stats_update_begin(&stats->syncp);
		u64_stats_add(&stats->packets, packets);
		u64_stats_add(&stats->bytes, bytes);
		u64_stats_update_end(&stats->syncp);
		done += n;
	}
	return done;
}

static void vnic_schedule(struct vms_vnic_rq *rq)
{
	if (napi_schedule_prep(&rq->napi)) {
		WRITE_ONCE(rq->scheduled, true);
		__napi_schedule(&rq->napi);
	}
}

/* On the queue's own CPU, in the interrupt that vnic_schedule_there() sent. */
static void vnic_kicked(void *info)
{
	struct vms_vnic_rq *rq = info;

	__napi_schedule_irqoff(&rq->napi);
}

static void vnic_schedule_there(struct vms_vnic_rq *rq)
{
	if (!napi_schedule_prep(&rq->napi))
		return;
	WRITE_ONCE(rq->scheduled, true);
	/* A CPU that is offline leaves the work to this one. */
	if (rq->cpu == smp_processor_id() ||
	    smp_call_function_single_async(rq->cpu, &rq->kick))
		__napi_schedule(&rq->napi);
}

/* Whether somebody has to have the queue polled. */
static bool vnic_sleeps(const struct vms_vnic_rq *rq)
{
	/* Pairs with vnic_poll(): either it sees the frame that was just put
	 * into the ring, or this sees that it has ceased to look.
	 */
	smp_mb();
	return !READ_ONCE(rq->scheduled);
}

static int vnic_poll(struct napi_struct *napi, int budget)
{
	struct vms_vnic_rq *rq = container_of(napi, struct vms_vnic_rq, napi);
	int done = vnic_receive(rq, budget);

	if (done < budget && napi_complete_done(napi, done)) {
		/* Pairs with vnic_sleeps(). */
		smp_store_mb(rq->scheduled, false);
		if (unlikely(!__ptr_ring_empty(&rq->ring)))
			vnic_schedule(rq);
	}
	return done;
}

static __always_inline enum vms_drop_reason
vnic_enqueue(struct vms_vnic_rq *rq, struct sk_buff *skb,
	     void (*schedule)(struct vms_vnic_rq *rq))
{
	struct vms_vnic_rq_stats *stats = &rq->stats;
	int full;

	spin_lock(&rq->ring.producer_lock);
	full = __ptr_ring_produce(&rq->ring, skb);
	if (unlikely(full)) {
		u64_stats_update_begin(&stats->drop_syncp);
		u64_stats_inc(&stats->drops);
		u64_stats_update_end(&stats->drop_syncp);
	}
	spin_unlock(&rq->ring.producer_lock);

	if (vnic_sleeps(rq))
		schedule(rq);
	if (likely(!full))
		return VMS_DROP_NONE;
	kfree_skb_reason(skb, SKB_DROP_REASON_FULL_RING);
	return VMS_DROP_QUEUE_FULL;
}

/* Each of several queues has a CPU of its own. */
static noinline enum vms_drop_reason vnic_spread(struct vms_vnic *vnic,
						 struct sk_buff *skb)
{
	u32 queue = READ_ONCE(vnic->indir[skb_get_hash(skb) % VMS_VNIC_INDIR]);

	skb_record_rx_queue(skb, queue);
	return vnic_enqueue(&vnic->rq[queue], skb, vnic_schedule_there);
}

/**
 * vms_vnic_xmit() - the switch delivers a frame to a vNIC
 * @nic: the NIC
 * @skb: the frame, data at the MAC header; consumed
 *
 * Frames of one flow take one queue, so that they stay in order.
 *
 * Context: Data path: RCU, bottom halves off.
 * Return: &enum vms_drop_reason, 0 if the frame is queued.
 */
enum vms_drop_reason vms_vnic_xmit(struct vms_nic *nic, struct sk_buff *skb)
{
	struct vms_vnic *vnic = container_of(nic, struct vms_vnic, nic);
	/* Pairs with vms_vnic_start_queues(). */
	unsigned int n = smp_load_acquire(&vnic->n_active);

	if (unlikely(!n)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
		return VMS_DROP_LINK_DOWN;
	}
	if (unlikely(skb_orphan_frags_rx(skb, GFP_ATOMIC))) {
		kfree_skb_reason(skb, SKB_DROP_REASON_SKB_UCOPY_FAULT);
		return VMS_DROP_NO_MEMORY;
	}

	/* Its sender is told when the last device on the way takes the frame. */
	skb_tx_timestamp(skb);
	skb_orphan(skb);
	skb_scrub_packet(skb, vnic_crosses(vnic));
	skb->priority = 0;
	if (n > 1)
		return vnic_spread(vnic, skb);
	skb_record_rx_queue(skb, 0);
	return vnic_enqueue(vnic->rq, skb, vnic_schedule);
}

/**
 * vms_vnic_spread() - make the table lead to all receive queues in turn
 * @dev: the vNIC's netdev, closed or with its queues stopped
 *
 * One that somebody has set stays: the kernel makes sure that it leads to no
 * queue that is not in use.
 *
 * Context: RTNL is held.
 */
void vms_vnic_spread(struct net_device *dev)
{
	struct vms_vnic *vnic = vms_vnic(dev);
	unsigned int i;

	if (netif_is_rxfh_configured(dev))
		return;
	for (i = 0; i < VMS_VNIC_INDIR; i++)
		vnic->indir[i] =
			ethtool_rxfh_indir_default(i, dev->real_num_rx_queues);
}

/**
 * vms_vnic_alloc_queues() - allocate what a vNIC needs while it is registered
 * @dev: the vNIC's netdev
 *
 * Return: 0 or -ENOMEM.
 */
int vms_vnic_alloc_queues(struct net_device *dev)
{
	struct vms_vnic *vnic = vms_vnic(dev);
	struct vms_vnic_rq *rq;

	rq = kvcalloc(dev->num_rx_queues, sizeof(*rq), GFP_KERNEL_ACCOUNT);
	if (!rq)
		return -ENOMEM;
	dev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	if (!dev->tstats)
		goto err_rq;

	vnic->rq = rq;
	vnic->ring_size = VMS_VNIC_RING;
	for (; rq < vnic->rq + dev->num_rx_queues; rq++) {
		rq->dev = dev;
		u64_stats_init(&rq->stats.syncp);
		u64_stats_init(&rq->stats.drop_syncp);
		INIT_CSD(&rq->kick, vnic_kicked, rq);
	}
	vms_vnic_spread(dev);
	return 0;

err_rq:
	kvfree(rq);
	return -ENOMEM;
}

/**
 * vms_vnic_free_queues() - undo vms_vnic_alloc_queues(), if it was called
 * @dev: the vNIC's netdev
 */
void vms_vnic_free_queues(struct net_device *dev)
{
	struct vms_vnic *vnic = vms_vnic(dev);

	free_percpu(dev->tstats);
	dev->tstats = NULL;
	kvfree(vnic->rq);
	vnic->rq = NULL;
}

static void vnic_free_frame(void *frame)
{
	kfree_skb_reason(frame, SKB_DROP_REASON_DEV_READY);
}

/* The next CPU behind @cpu, in a circle, that is not kept free of such work. */
static int vnic_next_cpu(int cpu)
{
	const struct cpumask *mask;

	rcu_read_lock();
	mask = housekeeping_cpumask(HK_TYPE_DOMAIN);
	cpu = cpumask_next_and(cpu, cpu_online_mask, mask);
	if (cpu >= nr_cpu_ids)
		cpu = cpumask_first_and(cpu_online_mask, mask);
	rcu_read_unlock();
	return cpu;
}

/**
 * vms_vnic_start_queues() - begin to receive on real_num_rx_queues queues
 * @dev: the vNIC's netdev
 *
 * Context: RTNL is held.
 * Return: 0 or -ENOMEM.
 */
int vms_vnic_start_queues(struct net_device *dev)
{
	struct vms_vnic *vnic = vms_vnic(dev);
	unsigned int n = dev->real_num_rx_queues;
	unsigned int i;
	int cpu = -1;
	int err;

	for (i = 0; i < n; i++) {
		err = ptr_ring_init(&vnic->rq[i].ring, vnic->ring_size,
				    GFP_KERNEL_ACCOUNT);
		if (err)
			goto err_rings;
	}
	for (i = 0; i < n; i++) {
		cpu = vnic_next_cpu(cpu);
		vnic->rq[i].cpu = cpu;
		netif_napi_add(dev, &vnic->rq[i].napi, vnic_poll);
		napi_enable(&vnic->rq[i].napi);
	}
	/* Pairs with vms_vnic_xmit(): the rings are there. */
	smp_store_release(&vnic->n_active, n);
	return 0;

err_rings:
	while (i--)
		ptr_ring_cleanup(&vnic->rq[i].ring, NULL);
	return err;
}

/**
 * vms_vnic_stop_queues() - undo vms_vnic_start_queues()
 * @dev: the vNIC's netdev
 *
 * Context: RTNL is held.
 */
void vms_vnic_stop_queues(struct net_device *dev)
{
	struct vms_vnic *vnic = vms_vnic(dev);
	unsigned int n = vnic->n_active;
	struct vms_vnic_rq *rq;

	WRITE_ONCE(vnic->n_active, 0);
	/* Wait for those in vms_vnic_xmit() that have seen the queues. */
	synchronize_net();
	for (rq = vnic->rq; rq < vnic->rq + n; rq++) {
		napi_disable(&rq->napi);
		__netif_napi_del(&rq->napi);
	}
	/* __netif_napi_del() asks for it. */
	synchronize_net();
	for (rq = vnic->rq; rq < vnic->rq + n; rq++) {
		ptr_ring_cleanup(&rq->ring, vnic_free_frame);
		rq->scheduled = false;
	}
}

/**
 * vms_vnic_rq_sum() - read the counters of a receive queue
 * @rq: the queue
 * @sum: where they are stored
 */
void vms_vnic_rq_sum(const struct vms_vnic_rq *rq, struct vms_vnic_rq_sum *sum)
{
	const struct vms_vnic_rq_stats *stats = &rq->stats;
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&stats->syncp);
		sum->packets = u64_stats_read(&stats->packets);
		sum->bytes = u64_stats_read(&stats->bytes);
		sum->unclone = u64_stats_read(&stats->unclone);
		sum->unclone_failed = u64_stats_read(&stats->unclone_failed);
	} while (u64_stats_fetch_retry(&stats->syncp, start));

	do {
		start = u64_stats_fetch_begin(&stats->drop_syncp);
		sum->drops = u64_stats_read(&stats->drops);
	} while (u64_stats_fetch_retry(&stats->drop_syncp, start));
}
