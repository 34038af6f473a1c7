// SPDX-License-Identifier: GPL-2.0
/*
 * Frames of a vNIC: into the switch straight from its transmit function, and
 * out of the switch by queues and NAPI of its own.
 */
#include <linux/etherdevice.h>
#include <linux/slab.h>

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
 * Context: BH off.
 * Return: NETDEV_TX_OK.
 */
netdev_tx_t vms_vnic_start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vms_vnic *vnic = vms_vnic(dev);
	unsigned int len = skb->len;
	struct vms_port *port;
	__be16 proto;

	rcu_read_lock();
	port = vms_nic_port_rcu(&vnic->nic);
	if (unlikely(!port || !pskb_may_pull(skb, ETH_HLEN)))
		goto drop;

	skb_reset_mac_header(skb);
	proto = eth_hdr(skb)->h_proto;
	skb->protocol = likely(eth_proto_is_802_3(proto)) ? proto :
							    htons(ETH_P_802_2);
	__skb_pull(skb, ETH_HLEN);
	skb_scrub_packet(skb, vnic_crosses(vnic));
	dev_sw_netstats_tx_add(dev, 1, len);
	vms_nic_receive(port, skb);
	rcu_read_unlock();
	return NETDEV_TX_OK;

drop:
	rcu_read_unlock();
	dev_core_stats_tx_dropped_inc(dev);
	kfree_skb(skb);
	return NETDEV_TX_OK;
}

/* GRO writes into what clones share.  False: no memory, the frame is gone. */
static bool vnic_unclone(struct vms_vnic_rq *rq, struct sk_buff *skb)
{
	struct vms_vnic_rq_stats *stats = &rq->stats;
	bool failed = skb_unclone(skb, GFP_ATOMIC);

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

/* Returns the length of the frame, or 0 if it had to be dropped. */
static unsigned int vnic_hand_up(struct vms_vnic_rq *rq, struct sk_buff *skb)
{
	const netdev_features_t told = NETIF_F_RXHASH | NETIF_F_RXCSUM;
	struct net_device *dev = rq->dev;
	unsigned int len = skb->len;

	if (unlikely((dev->features & told) != told))
		vnic_hide_offloads(skb, dev->features);
	if ((dev->features & NETIF_F_GRO) && skb_cloned(skb) &&
	    !vnic_unclone(rq, skb))
		return 0;
	skb->protocol = eth_type_trans(skb, dev);
	napi_gro_receive(&rq->napi, skb);
	return len;
}

static int vnic_receive(struct vms_vnic_rq *rq, int budget)
{
	struct vms_vnic_rq_stats *stats = &rq->stats;
	void *batch[VMS_VNIC_BATCH];
	unsigned int packets, bytes, len;
	int done = 0;
	int i, n;

	while (done < budget) {
		n = min(budget - done, VMS_VNIC_BATCH);
		n = __ptr_ring_consume_batched(&rq->ring, batch, n);
		if (!n)
			break;

		packets = 0;
		bytes = 0;
		for (i = 0; i < n; i++) {
			len = vnic_hand_up(rq, batch[i]);
			packets += !!len;
			bytes += len;
		}
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

static void vnic_notify(struct vms_vnic_rq *rq)
{
	/* Pairs with vnic_poll(): either it sees the frame that was just put
	 * into the ring, or this sees that it has ceased to look.
	 */
	smp_mb();
	if (!READ_ONCE(rq->scheduled))
		vnic_schedule(rq);
}

static int vnic_poll(struct napi_struct *napi, int budget)
{
	struct vms_vnic_rq *rq = container_of(napi, struct vms_vnic_rq, napi);
	int done = vnic_receive(rq, budget);

	if (done < budget && napi_complete_done(napi, done)) {
		/* Pairs with vnic_notify(). */
		smp_store_mb(rq->scheduled, false);
		if (unlikely(!__ptr_ring_empty(&rq->ring)))
			vnic_schedule(rq);
	}
	return done;
}

static enum vms_drop_reason vnic_enqueue(struct vms_vnic_rq *rq,
					 struct sk_buff *skb)
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

	vnic_notify(rq);
	if (likely(!full))
		return VMS_DROP_NONE;
	kfree_skb_reason(skb, SKB_DROP_REASON_FULL_RING);
	return VMS_DROP_QUEUE_FULL;
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
	unsigned int queue = 0;

	if (unlikely(!n)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
		return VMS_DROP_LINK_DOWN;
	}
	if (unlikely(skb_orphan_frags_rx(skb, GFP_ATOMIC))) {
		kfree_skb_reason(skb, SKB_DROP_REASON_SKB_UCOPY_FAULT);
		return VMS_DROP_NO_MEMORY;
	}

	skb_orphan(skb);
	skb_scrub_packet(skb, vnic_crosses(vnic));
	skb->priority = 0;
	if (n > 1)
		queue = reciprocal_scale(skb_get_hash(skb), n);
	skb_record_rx_queue(skb, queue);
	return vnic_enqueue(&vnic->rq[queue], skb);
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
	for (; rq < vnic->rq + dev->num_rx_queues; rq++) {
		rq->dev = dev;
		u64_stats_init(&rq->stats.syncp);
		u64_stats_init(&rq->stats.drop_syncp);
	}
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
	int err;

	for (i = 0; i < n; i++) {
		err = ptr_ring_init(&vnic->rq[i].ring, VMS_VNIC_RING,
				    GFP_KERNEL_ACCOUNT);
		if (err)
			goto err_rings;
	}
	for (i = 0; i < n; i++) {
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
