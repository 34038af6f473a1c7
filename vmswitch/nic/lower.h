/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A NIC that is a foreign netdev: what the kinds netdev and external share.
 */
#ifndef _VMSWITCH_NIC_LOWER_H
#define _VMSWITCH_NIC_LOWER_H

#include "nic.h"

/**
 * struct vms_uplink - what the switch has set up at an uplink's device
 * @promisc: the switch has made it promiscuous; RTNL
 * @macs: addresses that it was given by dev_uc_add(), ascending, or NULL; RTNL
 * @n_macs: length of @macs; RTNL
 * @vids: bitmap of VMS_N_VID VIDs that were registered at its VLAN filter, or
 *	NULL; RTNL
 * @state: what of it user space sees; written under RTNL and &vms_net.lock
 */
struct vms_uplink {
	bool promisc;
	u64 *macs;
	u32 n_macs;
	unsigned long *vids;
	struct vms_uplink_state state;
};

/**
 * struct vms_lower - a foreign netdev as a NIC
 * @nic: the NIC
 * @settled: id of the port that the device was opened for, which is done once
 *	for a port; RTNL
 * @closed: the device was closed because its port is down; RTNL
 * @lro: LRO of the device was switched off when it was attached; RTNL
 * @uplink: for kind external only
 * @vmq: an uplink's queues, or NULL; written under RTNL and &vms_net.lock
 */
struct vms_lower {
	struct vms_nic nic;
	u16 settled;
	bool closed;
	bool lro;
	struct vms_uplink uplink;
	struct vms_vmq *vmq;
};

static inline struct vms_lower *vms_lower(struct vms_nic *nic)
{
	return container_of(nic, struct vms_lower, nic);
}

/* external.c */
void vms_external_steer_tx(struct vms_nic *nic, bool on);

/* lower.c */
struct vms_nic *vms_lower_alloc(const struct vms_nic_ops *ops,
				struct vms_switch *sw, struct net_device *dev);
void vms_lower_free(struct vms_nic *nic);
struct vms_nic *vms_lower_of_dev(const struct net_device *dev);
struct vms_nic *vms_lower_of_dev_rcu(const struct net_device *dev);
int vms_lower_attach(struct vms_nic *nic, struct netlink_ext_ack *extack);
void vms_lower_detach(struct vms_nic *nic);
void vms_lower_plugged(struct vms_nic *nic, struct netlink_ext_ack *extack);
bool vms_lower_has_vlans(struct net_device *dev);

#endif /* _VMSWITCH_NIC_LOWER_H */
