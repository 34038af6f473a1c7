/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A vNIC: a netdev of kind vmsnic that the switch makes itself.
 */
#ifndef _VMSWITCH_NIC_VNIC_H
#define _VMSWITCH_NIC_VNIC_H

#include <linux/ptr_ring.h>
#include <linux/smp.h>
#include <linux/u64_stats_sync.h>

#include "nic.h"

/* Frames that may wait in a receive queue: unless set otherwise, and at most. */
#define VMS_VNIC_RING	1024
#define VMS_VNIC_RING_MAX	4096
/* Frames that NAPI takes at a time. */
#define VMS_VNIC_BATCH	16
/* Entries of the table by which frames are spread over receive queues. */
#define VMS_VNIC_INDIR	128
/* Queues of each direction, unless more are asked for when it is made. */
#define VMS_VNIC_QUEUES	8

/**
 * struct vms_vnic_rq_stats - counters of a receive queue
 * @syncp: lets a reader on a 32-bit machine see whole values of those below
 *	but for @drops; written by NAPI
 * @packets: frames handed up
 * @bytes: their bytes, MAC header included
 * @unclone: frames that were copied for GRO, as they were shared
 * @unclone_failed: frames dropped for want of memory for that
 * @drop_syncp: as @syncp, for @drops; written under the ring's producer_lock
 * @drops: frames dropped because the queue was full
 */
struct vms_vnic_rq_stats {
	struct u64_stats_sync syncp;
	u64_stats_t packets;
	u64_stats_t bytes;
	u64_stats_t unclone;
	u64_stats_t unclone_failed;
	struct u64_stats_sync drop_syncp;
	u64_stats_t drops;
};

/**
 * struct vms_vnic_rq_sum - the same, as read
 * @packets: see &struct vms_vnic_rq_stats
 * @bytes: see &struct vms_vnic_rq_stats
 * @drops: see &struct vms_vnic_rq_stats
 * @unclone: see &struct vms_vnic_rq_stats
 * @unclone_failed: see &struct vms_vnic_rq_stats
 */
struct vms_vnic_rq_sum {
	u64 packets;
	u64 bytes;
	u64 drops;
	u64 unclone;
	u64 unclone_failed;
};

/**
 * struct vms_vnic_rq - a receive queue
 * @ring: the frames, put in by any CPU and taken out by @napi
 * @napi: hands them up; exists while the device is open
 * @dev: the vNIC's netdev
 * @scheduled: @napi is going to look at @ring; see vnic_notify()
 * @stats: counters
 * @cpu: the CPU that @napi runs on if the vNIC uses several queues; written
 *	while the device is closed
 * @kick: schedules @napi on @cpu; belongs to who has set NAPI_STATE_SCHED
 */
struct vms_vnic_rq {
	struct ptr_ring ring;
	struct napi_struct napi;
	struct net_device *dev;
	bool scheduled;
	struct vms_vnic_rq_stats stats;
	int cpu;
	call_single_data_t kick;
};

/**
 * struct vms_vnic - a vNIC; the private data of its netdev
 * @nic: the NIC
 * @rq: num_rx_queues receive queues
 * @n_active: receive queues in use, 0 while the device is closed; written
 *	under RTNL, read by the data path
 * @masked: the port's settings hide its link from the device, as the uplink has
 *	none; written under &vms_net.lock, read anywhere
 * @ring_size: frames that may wait in a receive queue, from the next time on
 *	that the device is opened; RTNL
 * @indir: receive queue by hash, for several queues; each below
 *	real_num_rx_queues.  Written under RTNL, READ_ONCE() by the data path
 * @sw_tracker: of the reference to the switch's netdev
 */
struct vms_vnic {
	struct vms_nic nic;
	struct vms_vnic_rq *rq;
	unsigned int n_active;
	bool masked;
	unsigned int ring_size;
	u16 indir[VMS_VNIC_INDIR];
	netdevice_tracker sw_tracker;
};

static inline struct vms_vnic *vms_vnic(const struct net_device *dev)
{
	return netdev_priv(dev);
}

/* vnic.c */
netdev_tx_t vms_vnic_start_xmit(struct sk_buff *skb, struct net_device *dev);
int vms_vnic_alloc_queues(struct net_device *dev);
void vms_vnic_free_queues(struct net_device *dev);
int vms_vnic_start_queues(struct net_device *dev);
void vms_vnic_stop_queues(struct net_device *dev);
void vms_vnic_spread(struct net_device *dev);
void vms_vnic_rq_sum(const struct vms_vnic_rq *rq, struct vms_vnic_rq_sum *sum);
enum vms_drop_reason vms_vnic_xmit(struct vms_nic *nic, struct sk_buff *skb);

/* vnic_ethtool.c */
extern const struct ethtool_ops vms_vnic_ethtool_ops;

/* vnic_link.c */
void vms_vnic_show_link(struct vms_nic *nic, struct vms_port *port);
int vms_vnic_pre_changeaddr(struct net_device *dev,
			    struct netdev_notifier_pre_changeaddr_info *info);

#endif /* _VMSWITCH_NIC_VNIC_H */
