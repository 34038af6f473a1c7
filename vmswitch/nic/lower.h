/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A NIC that is a foreign netdev: what the kinds netdev and external share.
 */
#ifndef _VMSWITCH_NIC_LOWER_H
#define _VMSWITCH_NIC_LOWER_H

#include "nic.h"

/**
 * struct vms_lower - a foreign netdev as a NIC
 * @nic: the NIC
 * @is_tap: the device is a tap, which drops rather than stops its queue; for
 *	the NIC's life
 * @settled: @nic was plugged once, so the device is not opened for it again;
 *	RTNL
 * @closed: the device was closed because its port is down; RTNL
 * @vids: bitmap of VMS_N_VID VIDs that the switch has registered at the
 *	device's filter, or NULL; only for an uplink; RTNL
 * @refused: VIDs that the filter has refused at the last try; RTNL
 */
struct vms_lower {
	struct vms_nic nic;
	bool is_tap;
	bool settled;
	bool closed;
	unsigned long *vids;
	unsigned int refused;
};

static inline struct vms_lower *vms_lower(struct vms_nic *nic)
{
	return container_of(nic, struct vms_lower, nic);
}

/* lower.c */
struct vms_nic *vms_lower_alloc(const struct vms_nic_ops *ops,
				struct vms_switch *sw, struct net_device *dev);
void vms_lower_free(struct vms_nic *nic);
struct vms_nic *vms_lower_of_dev(const struct net_device *dev);
int vms_lower_attach(struct vms_nic *nic, struct netlink_ext_ack *extack);
void vms_lower_detach(struct vms_nic *nic);
void vms_lower_plugged(struct vms_nic *nic);

/* xmit.c */
enum vms_drop_reason vms_lower_xmit(struct vms_nic *nic, struct sk_buff *skb);

#endif /* _VMSWITCH_NIC_LOWER_H */
