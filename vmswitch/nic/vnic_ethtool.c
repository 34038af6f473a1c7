// SPDX-License-Identifier: GPL-2.0
/*
 * ethtool on a vNIC.
 */
#include <linux/ethtool.h>
#include <linux/module.h>
#include <linux/utsname.h>

#include "vnic.h"

static const char *const vnic_stats[] = {
	"packets",
	"bytes",
	"drops",
	"unclone",
	"unclone_failed",
};

static void vnic_get_drvinfo(struct net_device *dev,
			     struct ethtool_drvinfo *info)
{
	strscpy(info->driver, VMSWITCH_VNIC_KIND, sizeof(info->driver));
	strscpy(info->version, THIS_MODULE->version ?: init_utsname()->release,
		sizeof(info->version));
}

static int vnic_get_link_ksettings(struct net_device *dev,
				   struct ethtool_link_ksettings *cmd)
{
	cmd->base.speed = SPEED_10000;
	cmd->base.duplex = DUPLEX_FULL;
	cmd->base.port = PORT_OTHER;
	cmd->base.autoneg = AUTONEG_DISABLE;
	return 0;
}

static int vnic_get_sset_count(struct net_device *dev, int sset)
{
	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return dev->real_num_rx_queues * ARRAY_SIZE(vnic_stats);
}

static void vnic_get_strings(struct net_device *dev, u32 sset, u8 *data)
{
	unsigned int i, j;

	if (sset != ETH_SS_STATS)
		return;
	for (i = 0; i < dev->real_num_rx_queues; i++)
		for (j = 0; j < ARRAY_SIZE(vnic_stats); j++)
			ethtool_sprintf(&data, "rx_queue_%u_%s", i,
					vnic_stats[j]);
}

static void vnic_get_ethtool_stats(struct net_device *dev,
				   struct ethtool_stats *stats, u64 *data)
{
	struct vms_vnic_rq_sum sum;
	unsigned int i;

	for (i = 0; i < dev->real_num_rx_queues; i++) {
		vms_vnic_rq_sum(&vms_vnic(dev)->rq[i], &sum);
		*data++ = sum.packets;
		*data++ = sum.bytes;
		*data++ = sum.drops;
		*data++ = sum.unclone;
		*data++ = sum.unclone_failed;
	}
}

static void vnic_get_channels(struct net_device *dev,
			      struct ethtool_channels *ch)
{
	ch->max_rx = dev->num_rx_queues;
	ch->max_tx = dev->num_tx_queues;
	ch->rx_count = dev->real_num_rx_queues;
	ch->tx_count = dev->real_num_tx_queues;
}

static int vnic_set_queues(struct net_device *dev, unsigned int tx,
			   unsigned int rx)
{
	int err;

	err = netif_set_real_num_queues(dev, tx, rx);
	if (!err)
		vms_vnic_spread(dev);
	return err;
}

static int vnic_restart(struct net_device *dev, unsigned int tx,
			unsigned int rx)
{
	int err;

	err = vnic_set_queues(dev, tx, rx);
	return err ?: vms_vnic_start_queues(dev);
}

/* Frames that wait in the queues of an open vNIC are lost. */
static int vnic_set_channels(struct net_device *dev,
			     struct ethtool_channels *ch)
{
	unsigned int rx = dev->real_num_rx_queues;
	unsigned int tx = dev->real_num_tx_queues;
	int err;

	if (!ch->rx_count || !ch->tx_count)
		return -EINVAL;
	if (!netif_running(dev))
		return vnic_set_queues(dev, ch->tx_count, ch->rx_count);

	vms_vnic_stop_queues(dev);
	err = vnic_restart(dev, ch->tx_count, ch->rx_count);
	/* As it was; if not even that, it receives nothing until reopened. */
	if (err && vnic_restart(dev, tx, rx))
		netdev_err(dev, "no memory for its queues\n");
	return err;
}

static void vnic_get_ringparam(struct net_device *dev,
			       struct ethtool_ringparam *ring,
			       struct kernel_ethtool_ringparam *kernel_ring,
			       struct netlink_ext_ack *extack)
{
	ring->rx_max_pending = VMS_VNIC_RING_MAX;
	ring->rx_pending = vms_vnic(dev)->ring_size;
}

/* Frames that wait in the queues of an open vNIC are lost. */
static int vnic_set_ringparam(struct net_device *dev,
			      struct ethtool_ringparam *ring,
			      struct kernel_ethtool_ringparam *kernel_ring,
			      struct netlink_ext_ack *extack)
{
	struct vms_vnic *vnic = vms_vnic(dev);
	unsigned int old = vnic->ring_size;
	int err;

	if (!ring->rx_pending) {
		NL_SET_ERR_MSG(extack, "a receive queue has room for a frame at least");
		return -EINVAL;
	}
	if (!netif_running(dev)) {
		vnic->ring_size = ring->rx_pending;
		return 0;
	}

	vms_vnic_stop_queues(dev);
	vnic->ring_size = ring->rx_pending;
	err = vms_vnic_start_queues(dev);
	if (!err)
		return 0;
	/* As it was; if not even that, it receives nothing until reopened. */
	vnic->ring_size = old;
	if (vms_vnic_start_queues(dev))
		netdev_err(dev, "no memory for its queues\n");
	return err;
}

static u32 vnic_get_rxfh_indir_size(struct net_device *dev)
{
	return VMS_VNIC_INDIR;
}

/* The hash is that of the NIC a frame came by, else of the flow dissector. */
static int vnic_get_rxfh(struct net_device *dev, struct ethtool_rxfh_param *rxfh)
{
	const struct vms_vnic *vnic = vms_vnic(dev);
	unsigned int i;

	rxfh->hfunc = ETH_RSS_HASH_UNKNOWN;
	for (i = 0; rxfh->indir && i < VMS_VNIC_INDIR; i++)
		rxfh->indir[i] = vnic->indir[i];
	return 0;
}

static int vnic_set_rxfh(struct net_device *dev,
			 struct ethtool_rxfh_param *rxfh,
			 struct netlink_ext_ack *extack)
{
	struct vms_vnic *vnic = vms_vnic(dev);
	unsigned int i;

	if (rxfh->key || rxfh->hfunc != ETH_RSS_HASH_NO_CHANGE) {
		NL_SET_ERR_MSG(extack, "only the table of a vNIC can be set");
		return -EOPNOTSUPP;
	}
	for (i = 0; rxfh->indir && i < VMS_VNIC_INDIR; i++)
		WRITE_ONCE(vnic->indir[i], rxfh->indir[i]);
	return 0;
}

VMS_RXFH_OPS(vnic_get_rxfh, vnic_set_rxfh)

static u32 vnic_get_rx_ring_count(struct net_device *dev)
{
	return dev->real_num_rx_queues;
}

VMS_RX_RING_COUNT_OP(vnic_get_rx_ring_count)

const struct ethtool_ops vms_vnic_ethtool_ops = {
	.get_drvinfo		= vnic_get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_link_ksettings	= vnic_get_link_ksettings,
	.get_ts_info		= ethtool_op_get_ts_info,
	.get_sset_count		= vnic_get_sset_count,
	.get_strings		= vnic_get_strings,
	.get_ethtool_stats	= vnic_get_ethtool_stats,
	.get_channels		= vnic_get_channels,
	.set_channels		= vnic_set_channels,
	.get_ringparam		= vnic_get_ringparam,
	.set_ringparam		= vnic_set_ringparam,
	VMS_SET_RX_RING_COUNT_OP(vnic_get_rx_ring_count),
	.get_rxfh_indir_size	= vnic_get_rxfh_indir_size,
	.get_rxfh		= VMS_RXFH_OP(vnic_get_rxfh),
	.set_rxfh		= VMS_RXFH_OP(vnic_set_rxfh),
};
