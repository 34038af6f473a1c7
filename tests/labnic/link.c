// SPDX-License-Identifier: GPL-2.0
/*
 * The netdev: "ip link add nic0 [numrxqueues N] [numtxqueues N] [txqueuelen 0]
 * type labnic".  With a txqueuelen of 0 it has no queueing discipline.
 */
#include <linux/module.h>
#include <net/pkt_sched.h>
#include <net/rtnetlink.h>

#include "compat.h"
#include "labnic.h"

/* All NICs; RTNL. */
LIST_HEAD(labnic_list);

static netdev_tx_t labnic_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct labnic *nic = netdev_priv(dev), *other;

	other = rcu_dereference_bh(nic->wire);
	if (!other) {
		labnic_sink(nic, skb);
		consume_skb(skb);
		return NETDEV_TX_OK;
	}
	labnic_wire(nic, other, skb);
	return NETDEV_TX_OK;
}

static int labnic_open(struct net_device *dev)
{
	labnic_queues_open(netdev_priv(dev));
	netif_tx_start_all_queues(dev);
	return 0;
}

static int labnic_stop(struct net_device *dev)
{
	struct labnic *nic = netdev_priv(dev);

	netif_tx_stop_all_queues(dev);
	labnic_queues_close(nic);
	if (nic->knobs.lose_on_down)
		labnic_rules_delete(nic);
	return 0;
}

static void labnic_free_queues(struct labnic *nic)
{
	unsigned int i;

	for (i = 0; nic->sinks && i < nic->n_sinks; i++) {
		kvfree(nic->sinks[i].flows);
		kvfree(nic->sinks[i].latency);
	}
	for (i = 0; nic->queues && i < nic->dev->num_rx_queues; i++) {
		kfree(nic->queues[i].served);
		/* A frame may have come while it was closed. */
		if (nic->queues[i].nic)
			skb_queue_purge(&nic->queues[i].ring);
	}
	kfree(nic->sinks);
	kfree(nic->queues);
	free_percpu(nic->counts);
}

/* A frame that is not queued needs no lock either: so do veth and dummy. */
static void labnic_init_queueing(struct labnic *nic)
{
	struct net_device *dev = nic->dev;

	nic->n_sinks = dev->num_tx_queues;
	if (dev->tx_queue_len) {
		nic->knobs.lltx = 0;
		return;
	}
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->tx_queue_len = DEFAULT_TX_QUEUE_LEN;
	if (nic->knobs.lltx) {
		labnic_set_lltx(dev);
		nic->n_sinks = max(nic->n_sinks, nr_cpu_ids);
	}
}

static int labnic_dev_init(struct net_device *dev)
{
	struct labnic *nic = netdev_priv(dev);
	unsigned int i;
	int err = 0;

	nic->dev = dev;
	nic->ring_size = LABNIC_RING_SIZE;
	spin_lock_init(&nic->lock);
	labnic_spread(nic);
	labnic_init_queueing(nic);
	nic->counts = alloc_percpu(struct labnic_counts);
	nic->queues = kcalloc(dev->num_rx_queues, sizeof(*nic->queues),
			      GFP_KERNEL);
	nic->sinks = kcalloc(nic->n_sinks, sizeof(*nic->sinks), GFP_KERNEL);
	if (!nic->queues || !nic->sinks || !nic->counts)
		err = -ENOMEM;
	for (i = 0; !err && i < dev->num_rx_queues; i++)
		err = labnic_queue_init(nic, i);
	if (err) {
		labnic_free_queues(nic);
		return err;
	}
	labnic_queues_spread(nic);
	for (i = 0; i < nic->n_sinks; i++)
		u64_stats_init(&nic->sinks[i].syncp);
	list_add_tail(&nic->list, &labnic_list);
	return 0;
}

static void labnic_dev_uninit(struct net_device *dev)
{
	struct labnic *nic = netdev_priv(dev);

	labnic_connect(nic, NULL);
	labnic_feeds_stop(nic);
	list_del(&nic->list);
}

/* When the last reference is gone. */
static void labnic_dev_free(struct net_device *dev)
{
	struct labnic *nic = netdev_priv(dev);

	kfree(rcu_dereference_protected(nic->rules, true));
	kfree(rcu_dereference_protected(nic->filter, true));
	labnic_gen_free(nic);
	labnic_free_queues(nic);
}

static void labnic_get_stats64(struct net_device *dev,
			       struct rtnl_link_stats64 *stats)
{
	struct labnic *nic = netdev_priv(dev);
	unsigned int i, start;
	u64 packets, bytes;

	for (i = 0; i < dev->num_rx_queues; i++) {
		struct labnic_queue *rq = &nic->queues[i];

		do {
			start = u64_stats_fetch_begin(&rq->syncp);
			packets = u64_stats_read(&rq->packets);
			bytes = u64_stats_read(&rq->bytes);
		} while (u64_stats_fetch_retry(&rq->syncp, start));
		stats->rx_packets += packets;
		stats->rx_bytes += bytes;
		stats->rx_missed_errors += atomic_read(&rq->dropped);
	}
	for (i = 0; i < nic->n_sinks; i++) {
		struct labnic_sink *sink = &nic->sinks[i];

		do {
			start = u64_stats_fetch_begin(&sink->syncp);
			packets = u64_stats_read(&sink->packets);
			bytes = u64_stats_read(&sink->bytes);
		} while (u64_stats_fetch_retry(&sink->syncp, start));
		stats->tx_packets += packets;
		stats->tx_bytes += bytes;
	}
}

/* Without the feature there are no rules. */
static int labnic_set_features(struct net_device *dev,
			       netdev_features_t features)
{
	if (!(features & NETIF_F_NTUPLE))
		labnic_rules_delete(netdev_priv(dev));
	return 0;
}

#define LABNIC_NETDEV_OPS						\
	.ndo_init		= labnic_dev_init,			\
	.ndo_uninit		= labnic_dev_uninit,			\
	.ndo_open		= labnic_open,				\
	.ndo_stop		= labnic_stop,				\
	.ndo_start_xmit		= labnic_xmit,				\
	.ndo_get_stats64	= labnic_get_stats64,			\
	.ndo_set_features	= labnic_set_features,			\
	.ndo_vlan_rx_add_vid	= labnic_vlan_add,			\
	.ndo_vlan_rx_kill_vid	= labnic_vlan_kill,			\
	.ndo_set_mac_address	= eth_mac_addr,				\
	.ndo_validate_addr	= eth_validate_addr

static const struct net_device_ops labnic_netdev_ops = {
	LABNIC_NETDEV_OPS,
	.ndo_set_rx_mode	= labnic_set_rx_mode,
};

#ifdef LABNIC_HAVE_OPS_LOCK
static const struct net_device_ops labnic_locked_ops = {
	LABNIC_NETDEV_OPS,
	.ndo_set_rx_mode_async	= labnic_set_rx_mode_async,
};
#endif

/* What depends on knobs that can not be turned later. */
static void labnic_set_ops(struct net_device *dev)
{
	struct labnic *nic = netdev_priv(dev);

	labnic_knobs_init(nic);
	dev->netdev_ops = &labnic_netdev_ops;
#ifdef LABNIC_HAVE_OPS_LOCK
	if (nic->knobs.ops_lock) {
		dev->netdev_ops = &labnic_locked_ops;
		dev->request_ops_lock = true;
	}
#endif
}

static void labnic_setup(struct net_device *dev)
{
	ether_setup(dev);
	eth_hw_addr_random(dev);
	SET_NETDEV_DEV(dev, labnic_card);
	labnic_set_ops(dev);
	dev->ethtool_ops = &labnic_ethtool_ops;
	dev->needs_free_netdev = true;
	dev->priv_destructor = labnic_dev_free;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_UNICAST_FLT;
	dev->max_mtu = ETH_MAX_MTU - ETH_HLEN;
	dev->hw_features = NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM |
			   NETIF_F_ALL_TSO | NETIF_F_GSO_UDP_L4 |
			   NETIF_F_RXCSUM | NETIF_F_RXHASH |
			   NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_CTAG_RX;
	dev->features = dev->hw_features | NETIF_F_HIGHDMA;
	dev->hw_features |= NETIF_F_NTUPLE | NETIF_F_HW_VLAN_CTAG_FILTER |
			    NETIF_F_LRO;
	dev->vlan_features = dev->features & ~(NETIF_F_HW_VLAN_CTAG_TX |
					       NETIF_F_HW_VLAN_CTAG_RX);
	netif_set_tso_max_size(dev, GSO_LEGACY_MAX_SIZE);
}

struct rtnl_link_ops labnic_link_ops __read_mostly = {
	.kind		= LABNIC_KIND,
	.priv_size	= sizeof(struct labnic),
	.setup		= labnic_setup,
};

/**
 * labnic_of() - the NIC behind a netdev
 * @dev: any netdev
 *
 * Return: the NIC, or NULL if it is none of ours.
 */
struct labnic *labnic_of(const struct net_device *dev)
{
	return dev->rtnl_link_ops == &labnic_link_ops ? netdev_priv(dev) : NULL;
}

static void labnic_disconnect(struct labnic *nic)
{
	struct labnic *other = rtnl_dereference(nic->wire);

	if (!other)
		return;
	RCU_INIT_POINTER(nic->wire, NULL);
	RCU_INIT_POINTER(other->wire, NULL);
	synchronize_net();
}

/**
 * labnic_connect() - put a wire between two NICs
 * @nic: one end; the wire that it has is cut
 * @other: the other end; NULL for none
 *
 * Context: RTNL.
 * Return: 0, or -EINVAL if the ends are the same.
 */
int labnic_connect(struct labnic *nic, struct labnic *other)
{
	if (nic == other)
		return -EINVAL;
	labnic_disconnect(nic);
	if (!other)
		return 0;
	labnic_disconnect(other);
	rcu_assign_pointer(nic->wire, other);
	rcu_assign_pointer(other->wire, nic);
	return 0;
}
