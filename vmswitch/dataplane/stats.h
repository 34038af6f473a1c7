/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of ports and VLANs, per CPU.
 */
#ifndef _VMSWITCH_STATS_H
#define _VMSWITCH_STATS_H

#include <linux/percpu.h>
#include <linux/u64_stats_sync.h>
#include <uapi/linux/vmswitch.h>

struct vms_port;
struct vms_switch;

/**
 * struct vms_stats - counters of one port on one CPU
 * @syncp: lets a reader on a 32-bit machine see whole values
 * @rx_packets: frames accepted from the port
 * @rx_bytes: their bytes
 * @tx_packets: frames delivered to the port
 * @tx_bytes: their bytes
 * @moves: addresses that moved here
 * @limited: addresses not learned for a limit
 * @drops: by &enum vms_drop_reason
 */
struct vms_stats {
	struct u64_stats_sync syncp;
	u64_stats_t rx_packets;
	u64_stats_t rx_bytes;
	u64_stats_t tx_packets;
	u64_stats_t tx_bytes;
	u64_stats_t moves;
	u64_stats_t limited;
	u64_stats_t drops[__VMS_DROP_MAX];
};

/**
 * struct vms_stats_sum - the same, added up over CPUs (and ports)
 * @rx_packets: see &struct vms_stats
 * @rx_bytes: see &struct vms_stats
 * @tx_packets: see &struct vms_stats
 * @tx_bytes: see &struct vms_stats
 * @moves: see &struct vms_stats
 * @limited: see &struct vms_stats
 * @drops: see &struct vms_stats
 */
struct vms_stats_sum {
	u64 rx_packets;
	u64 rx_bytes;
	u64 tx_packets;
	u64 tx_bytes;
	u64 moves;
	u64 limited;
	u64 drops[__VMS_DROP_MAX];
};

/**
 * struct vms_vlan_stats - counters of one VLAN on one CPU
 * @syncp: lets a reader on a 32-bit machine see whole values
 * @rx_packets: frames accepted in the VLAN
 * @rx_bytes: their bytes
 * @tx_packets: frames delivered in the VLAN
 * @tx_bytes: their bytes
 * @unicast_packets: frames accepted and delivered once, which are not among
 *	those above
 * @unicast_bytes: their bytes
 */
struct vms_vlan_stats {
	struct u64_stats_sync syncp;
	u64_stats_t rx_packets;
	u64_stats_t rx_bytes;
	u64_stats_t tx_packets;
	u64_stats_t tx_bytes;
	u64_stats_t unicast_packets;
	u64_stats_t unicast_bytes;
};

/* Data path. */
void vms_stats_drop(struct vms_port *port, u16 vid, unsigned int len,
		    enum vms_drop_reason reason);

/* Any context that may sleep; @sum is added to, not cleared. */
void vms_stats_add(const struct vms_port *port, struct vms_stats_sum *sum);
void vms_stats_add_sum(struct vms_stats_sum *sum,
		       const struct vms_stats_sum *more);
/* All ports of the switch, those deleted included.  RCU is taken inside. */
void vms_stats_switch(struct vms_switch *sw, struct vms_stats_sum *sum);
/* &vms_net.lock held; false if no port is a member of the VLAN. */
bool vms_stats_vlan(struct vms_switch *sw, u16 vid, struct vms_stats_sum *sum);

#endif /* _VMSWITCH_STATS_H */
