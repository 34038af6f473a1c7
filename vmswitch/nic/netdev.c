// SPDX-License-Identifier: GPL-2.0
/*
 * NIC kind netdev: any Ethernet device that stands for a guest.
 */
#include "lower.h"

static int netdev_nic_attach(struct vms_nic *nic,
			     struct netlink_ext_ack *extack)
{
	return vms_lower_attach(nic, extack);
}

static void netdev_nic_detach(struct vms_nic *nic, struct list_head *kill)
{
	vms_lower_detach(nic);
	vms_lower_free(nic);
}

const struct vms_nic_ops vms_netdev_nic_ops = {
	.kind		= VMS_NIC_NETDEV,
	.attach		= netdev_nic_attach,
	.detach		= netdev_nic_detach,
	.plugged	= vms_lower_plugged,
};
