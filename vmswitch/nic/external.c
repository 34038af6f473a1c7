// SPDX-License-Identifier: GPL-2.0
/*
 * NIC kind external: the uplink, whose device filters what it receives.
 */
#include <linux/bitmap.h>
#include <linux/inetdevice.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>

#include "../dataplane/vlan.h"
#include "lower.h"

static bool external_has_ipv4(const struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);

	return in_dev && rtnl_dereference(in_dev->ifa_list);
}

/* The link-local address that every device has does not count. */
static bool external_has_ipv6(const struct net_device *dev)
{
#if IS_ENABLED(CONFIG_IPV6)
	struct inet6_dev *idev = __in6_dev_get(dev);
	struct inet6_ifaddr *ifa;
	bool found = false;

	if (!idev)
		return false;
	read_lock_bh(&idev->lock);
	list_for_each_entry(ifa, &idev->addr_list, if_list)
		if (!(ipv6_addr_type(&ifa->addr) & IPV6_ADDR_LINKLOCAL))
			found = true;
	read_unlock_bh(&idev->lock);
	return found;
#else
	return false;
#endif
}

static int external_check(struct vms_switch *sw, struct net_device *dev,
			  struct netlink_ext_ack *extack)
{
	if (external_has_ipv4(dev) || external_has_ipv6(dev))
		NL_SET_ERR_MSG(extack,
			       "the uplink has an IP address, which the switch makes unreachable: move it to a vNIC (add-nic)");
	return 0;
}

static bool external_filters(const struct vms_nic *nic)
{
	return nic->dev->features & NETIF_F_HW_VLAN_CTAG_FILTER;
}

/* The VIDs that the uplink and at least one other port are members of. */
static unsigned long *external_wanted_vids(const struct vms_nic *nic)
{
	struct vms_port *port = vms_nic_port_rtnl(nic);
	const struct vms_policy *pol;
	unsigned long *wanted;

	wanted = bitmap_zalloc(VMS_N_VID, GFP_KERNEL_ACCOUNT);
	if (!wanted || !port || !external_filters(nic))
		return wanted;

	vms_vlan_shared(nic->sw, wanted);
	rcu_read_lock();
	pol = vms_port_policy_rcu(port);
	/* An access port takes no tagged frames. */
	if (pol && pol->members)
		bitmap_and(wanted, wanted, pol->members, VMS_N_VID);
	else
		bitmap_zero(wanted, VMS_N_VID);
	rcu_read_unlock();
	return wanted;
}

static void external_drop_vids(struct vms_lower *lower,
			       const unsigned long *wanted)
{
	unsigned int vid;

	for_each_set_bit(vid, lower->vids, VMS_N_VID) {
		if (wanted && test_bit(vid, wanted))
			continue;
		vlan_vid_del(lower->nic.dev, htons(ETH_P_8021Q), vid);
		__clear_bit(vid, lower->vids);
	}
}

/* Returns how many VIDs the device has refused. */
static unsigned int external_add_vids(struct vms_lower *lower,
				      const unsigned long *wanted)
{
	unsigned int vid, refused = 0;

	for_each_set_bit(vid, wanted, VMS_N_VID) {
		if (test_bit(vid, lower->vids))
			continue;
		if (vlan_vid_add(lower->nic.dev, htons(ETH_P_8021Q), vid))
			refused++;
		else
			__set_bit(vid, lower->vids);
	}
	return refused;
}

/* A refusal is not fatal: many devices lift the filter when promiscuous. */
static void external_sync_vlans(struct vms_nic *nic)
{
	struct vms_lower *lower = vms_lower(nic);
	unsigned long *wanted;
	unsigned int refused;

	if (!lower->vids && !external_filters(nic))
		return;
	if (!lower->vids)
		lower->vids = bitmap_zalloc(VMS_N_VID, GFP_KERNEL_ACCOUNT);
	wanted = external_wanted_vids(nic);
	if (!wanted || !lower->vids) {
		netdev_warn(nic->dev, "no memory to set up the VLAN filter\n");
		goto out;
	}

	external_drop_vids(lower, wanted);
	refused = external_add_vids(lower, wanted);
	if (refused && refused != lower->refused)
		netdev_warn(nic->dev, "%u VLANs of the switch refused by the device's filter\n",
			    refused);
	lower->refused = refused;
out:
	bitmap_free(wanted);
}

static int external_attach(struct vms_nic *nic, struct netlink_ext_ack *extack)
{
	struct net_device *dev = nic->dev;
	int err;

	err = dev_set_promiscuity(dev, 1);
	if (err) {
		NL_SET_ERR_MSG(extack, "the device does not become promiscuous");
		return err;
	}

	err = dev_set_allmulti(dev, 1);
	if (err) {
		NL_SET_ERR_MSG(extack, "the device does not receive all multicast");
		goto err_promiscuity;
	}

	err = vms_lower_attach(nic, extack);
	if (err)
		goto err_allmulti;
	return 0;

err_allmulti:
	dev_set_allmulti(dev, -1);
err_promiscuity:
	dev_set_promiscuity(dev, -1);
	return err;
}

static void external_detach(struct vms_nic *nic, struct list_head *kill)
{
	struct vms_lower *lower = vms_lower(nic);
	struct vms_net *vn = nic->sw->vn;

	/* Its port may be gone, so that no work item would do it. */
	mutex_lock(&vn->lock);
	vms_nic_show_links(nic->sw);
	mutex_unlock(&vn->lock);

	if (lower->vids)
		external_drop_vids(lower, NULL);
	vms_lower_detach(nic);
	dev_set_allmulti(nic->dev, -1);
	dev_set_promiscuity(nic->dev, -1);
	vms_lower_free(nic);
}

static void external_plugged(struct vms_nic *nic)
{
	vms_lower_plugged(nic);
	external_sync_vlans(nic);
}

const struct vms_nic_ops vms_external_nic_ops = {
	.kind		= VMS_NIC_EXTERNAL,
	.check		= external_check,
	.attach		= external_attach,
	.detach		= external_detach,
	.plugged	= external_plugged,
	.xmit		= vms_lower_xmit,
};
