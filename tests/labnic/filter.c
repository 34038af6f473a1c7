// SPDX-License-Identifier: GPL-2.0
/*
 * Which frames a NIC accepts: the MAC filter and the VLAN filter.
 */
#include "labnic.h"

static bool labnic_filter_has(const struct labnic_filter *filter, u64 mac)
{
	unsigned int i;

	for (i = 0; filter && i < filter->count; i++)
		if (filter->mac[i] == mac)
			return true;
	return false;
}

static bool labnic_accepts_vlan(const struct labnic *nic, u32 tag, bool promisc)
{
	if (!(nic->dev->features & NETIF_F_HW_VLAN_CTAG_FILTER) ||
	    !(tag & VLAN_VID_MASK) || (promisc && !nic->knobs.vlan_strict))
		return true;
	return test_bit(tag & VLAN_VID_MASK, nic->vlans);
}

/**
 * labnic_accepts() - tell whether a NIC takes a frame, and count if not
 * @nic: the NIC
 * @frame: the frame
 *
 * Context: RCU, bottom halves off.
 * Return: true if it does.
 */
bool labnic_accepts(struct labnic *nic, const struct labnic_frame *frame)
{
	const struct labnic_filter *filter = rcu_dereference_bh(nic->filter);
	bool promisc = filter && filter->promisc;
	bool multicast = frame->mac & BIT_ULL(40);

	if (!labnic_accepts_vlan(nic, frame->tag, promisc)) {
		labnic_count(nic, LABNIC_RX_NOT_MY_VLAN);
		return false;
	}
	if (promisc || frame->mac == ether_addr_to_u64(nic->dev->dev_addr) ||
	    frame->mac == ether_addr_to_u64(nic->dev->broadcast) ||
	    (multicast && filter && filter->allmulti) ||
	    labnic_filter_has(filter, frame->mac))
		return true;
	labnic_count(nic, multicast ? LABNIC_RX_NOT_MY_GROUP :
				      LABNIC_RX_NOT_MINE);
	return false;
}

static void labnic_filter_add(struct labnic_filter *filter,
			      const struct netdev_hw_addr_list *list)
{
	const struct netdev_hw_addr *addr;

	netdev_hw_addr_list_for_each(addr, list)
		filter->mac[filter->count++] = ether_addr_to_u64(addr->addr);
}

static int labnic_filter_set(struct net_device *dev,
			     const struct netdev_hw_addr_list *uc,
			     const struct netdev_hw_addr_list *mc)
{
	unsigned int i, count = uc->count + mc->count;
	struct labnic *nic = netdev_priv(dev);
	struct labnic_filter *filter, *old;

	filter = kzalloc(struct_size(filter, mac, count), GFP_ATOMIC);
	if (!filter)
		return -ENOMEM;
	filter->promisc = dev->flags & IFF_PROMISC ||
			  count > nic->knobs.uc_max;
	filter->allmulti = dev->flags & IFF_ALLMULTI;
	labnic_filter_add(filter, uc);
	labnic_filter_add(filter, mc);

	spin_lock_bh(&nic->lock);
	old = rcu_dereference_protected(nic->filter,
					lockdep_is_held(&nic->lock));
	rcu_assign_pointer(nic->filter, filter);
	spin_unlock_bh(&nic->lock);
	for (i = 0; nic->knobs.uc_overwrites && i < uc->count; i++)
		if (!labnic_filter_has(old, filter->mac[i]))
			labnic_rules_overwrite(nic, filter->mac[i]);
	if (old)
		kfree_rcu(old, rcu);
	return 0;
}

/**
 * labnic_set_rx_mode() - the addresses or the flags of a NIC have changed
 * @dev: the NIC
 *
 * Context: Under the lock of the addresses.
 */
void labnic_set_rx_mode(struct net_device *dev)
{
	/* Without memory it keeps the filter that it has. */
	labnic_filter_set(dev, &dev->uc, &dev->mc);
}

/**
 * labnic_set_rx_mode_async() - likewise, of a device that has its own lock
 * @dev: the NIC
 * @uc: its unicast addresses
 * @mc: its groups
 *
 * Context: Under the device's lock.
 * Return: 0 or -ENOMEM.
 */
int labnic_set_rx_mode_async(struct net_device *dev,
			     struct netdev_hw_addr_list *uc,
			     struct netdev_hw_addr_list *mc)
{
	return labnic_filter_set(dev, uc, mc);
}

/**
 * labnic_vlan_add() - have the VLAN filter pass a VID
 * @dev: a NIC
 * @proto: the type of the tag
 * @vid: the VID
 *
 * Context: RTNL.
 * Return: 0 or -ENOSPC.
 */
int labnic_vlan_add(struct net_device *dev, __be16 proto, u16 vid)
{
	struct labnic *nic = netdev_priv(dev);

	if (test_bit(vid, nic->vlans))
		return 0;
	if (vid && nic->vlans_count >= nic->knobs.vlans_max)
		return -ENOSPC;
	set_bit(vid, nic->vlans);
	nic->vlans_count += !!vid;
	return 0;
}

/**
 * labnic_vlan_kill() - have the VLAN filter stop a VID
 * @dev: a NIC
 * @proto: the type of the tag
 * @vid: the VID
 *
 * Context: RTNL.
 * Return: 0.
 */
int labnic_vlan_kill(struct net_device *dev, __be16 proto, u16 vid)
{
	struct labnic *nic = netdev_priv(dev);

	if (test_and_clear_bit(vid, nic->vlans) && vid)
		nic->vlans_count--;
	return 0;
}
