// SPDX-License-Identifier: GPL-2.0
/*
 * Filters of the uplink's NIC, set as "ethtool -N" sets them: they are seen by
 * "ethtool -n", and so are all others by us, which are never touched.
 */
#include <linux/bitmap.h>
#include <linux/ethtool.h>
#include <linux/pm_runtime.h>

#include "vmq.h"

/**
 * vms_vmq_device_begin() - get a device ready for its ethtool operations
 * @dev: the device
 *
 * Does what the core does around such an operation.
 *
 * Context: RTNL is held, &vms_net.lock is not.
 * Return: 0, or a negative error: then vms_vmq_device_end() must not follow.
 */
int vms_vmq_device_begin(struct net_device *dev)
{
	int err = -ENODEV;

	ASSERT_RTNL();
	if (dev->dev.parent)
		pm_runtime_get_sync(dev->dev.parent);
	vms_netdev_lock_ops(dev);
	if (!netif_device_present(dev) ||
	    dev->reg_state >= NETREG_UNREGISTERING)
		goto err_unlock;
	if (!dev->ethtool_ops->begin)
		return 0;
	err = dev->ethtool_ops->begin(dev);
	if (err >= 0)
		return 0;

err_unlock:
	vms_netdev_unlock_ops(dev);
	if (dev->dev.parent)
		pm_runtime_put(dev->dev.parent);
	return err;
}

/**
 * vms_vmq_device_end() - undo vms_vmq_device_begin()
 * @dev: the device
 */
void vms_vmq_device_end(struct net_device *dev)
{
	if (dev->ethtool_ops->complete)
		dev->ethtool_ops->complete(dev);
	vms_netdev_unlock_ops(dev);
	if (dev->dev.parent)
		pm_runtime_put(dev->dev.parent);
}

/* Users choose low locations as a rule, so the switch begins at the other end. */
static int filter_location(const struct vms_vmq_pool *pool, u32 *location)
{
	u32 i = pool->slots;

	if (pool->any) {
		*location = RX_CLS_LOC_ANY;
		return 0;
	}
	while (i--) {
		if (test_bit(i, pool->used))
			continue;
		*location = i;
		return 0;
	}
	return -ENOSPC;
}

static void filter_spec(const struct vms_vmq_filter *filter, u16 vlan_mask,
			int queue, struct ethtool_rx_flow_spec *fs)
{
	fs->flow_type = ETHER_FLOW;
	vms_u64_mac(filter->mac, fs->h_u.ether_spec.h_dest);
	eth_broadcast_addr(fs->m_u.ether_spec.h_dest);
	fs->ring_cookie = queue;
	if (!filter->vid)
		return;
	fs->flow_type |= FLOW_EXT;
	fs->h_ext.vlan_tci = htons(filter->vid);
	fs->m_ext.vlan_tci = htons(vlan_mask);
}

static int filter_insert_masked(struct net_device *dev,
				struct vms_vmq_filter *filter, int queue,
				u16 vlan_mask, u32 location)
{
	struct ethtool_rxnfc info = { .cmd = ETHTOOL_SRXCLSRLINS };
	int err;

	filter_spec(filter, vlan_mask, queue, &info.fs);
	info.fs.location = location;
	err = dev->ethtool_ops->set_rxnfc(dev, &info);
	if (err)
		return err;
	filter->location = info.fs.location;
	filter->installed = true;
	return 0;
}

/* Some drivers can compare the VID only, others only the whole tag; that one
 * matches frames of priority 0, the others come by the default queues.
 */
static int filter_insert(struct net_device *dev, struct vms_vmq_filter *filter,
			 int queue, struct vms_vmq_pool *pool)
{
	u32 location;
	int err;

	err = filter_location(pool, &location);
	if (err)
		return err;
	err = filter_insert_masked(dev, filter, queue, VLAN_VID_MASK, location);
	if (filter->vid && (err == -EINVAL || err == -EOPNOTSUPP))
		err = filter_insert_masked(dev, filter, queue, U16_MAX,
					   location);
	if (!err && !pool->any)
		__set_bit(location, pool->used);
	return err;
}

/* Whether a rule is for one address, whatever else a frame has or, if the filter
 * has a VID, for that one: drivers tell its mask as they like, or none at all.
 */
static bool filter_is_alike(const struct ethtool_rx_flow_spec *fs,
			    const struct vms_vmq_filter *filter)
{
	const struct ethhdr *mask = &fs->m_u.ether_spec;
	u8 mac[ETH_ALEN];
	u16 vid;

	vms_u64_mac(filter->mac, mac);
	if ((fs->flow_type & ~FLOW_EXT) != ETHER_FLOW ||
	    !ether_addr_equal(fs->h_u.ether_spec.h_dest, mac) ||
	    !is_zero_ether_addr(mask->h_source) || mask->h_proto)
		return false;
	if (!(fs->flow_type & FLOW_EXT) || !fs->m_ext.vlan_tci)
		return true;
	vid = ntohs(fs->h_ext.vlan_tci) & VLAN_VID_MASK;
	return filter->vid && filter->vid == vid;
}

/* Whether the rule at the filter's location is what was put there: 1 or 0, or an
 * error if that can not be told now.
 */
static int filter_is_there(struct net_device *dev,
			   const struct vms_vmq_filter *filter, int queue)
{
	struct ethtool_rxnfc info = { .cmd = ETHTOOL_GRXCLSRULE };
	int err;

	info.fs.location = filter->location;
	err = dev->ethtool_ops->get_rxnfc(dev, &info, NULL);
	if (err == -ENOENT || err == -EINVAL)
		return 0;
	if (err)
		return err;
	return info.fs.ring_cookie == queue && filter_is_alike(&info.fs, filter);
}

/* Delete what is at the filter's location. */
static int filter_clear(struct net_device *dev,
			const struct vms_vmq_filter *filter)
{
	struct ethtool_rxnfc info = { .cmd = ETHTOOL_SRXCLSRLDEL };
	int err;

	info.fs.location = filter->location;
	err = dev->ethtool_ops->set_rxnfc(dev, &info);
	return err == -ENOENT ? 0 : err;
}

/**
 * vms_vmq_filter_delete() - have the driver remove a filter
 * @dev: the device
 * @filter: the filter
 * @queue: where it leads
 *
 * Context: RTNL is held, vms_vmq_device_begin() was called.
 * Return: 0: the driver does not have it any more, or a negative error.
 */
int vms_vmq_filter_delete(struct net_device *dev,
			  const struct vms_vmq_filter *filter, int queue)
{
	int there = filter_is_there(dev, filter, queue);

	/* An admin may have deleted it and put another one in its place. */
	if (there <= 0)
		return there;
	return filter_clear(dev, filter);
}

/* The port has the filter no more; if its driver has, that is remembered. */
static void filter_gone(struct vms_vmq_port *vp, struct vms_vmq_filter *filter,
			struct vms_vmq_pool *pool, int err)
{
	struct net_device *dev = vp->vmq->nic->dev;

	filter->installed = false;
	/* A device that is going has no rules any more. */
	if (dev->reg_state >= NETREG_UNREGISTERING)
		return;
	if (err)
		vms_vmq_leave(vp, filter, err);
	if (!pool)
		return;
	if (err) {
		__clear_bit(vp->steered, pool->queues);
		pool->room -= !pool->any && pool->room;
	} else if (pool->used && filter->location < pool->slots) {
		__clear_bit(filter->location, pool->used);
	}
}

/* The device must take the address; that a filter names it is not enough for
 * every driver.  Some give it a filter of its own as they do so, which would
 * undo one that is there already: hence before the filters.
 */
static int filters_list(struct net_device *dev, struct vms_vmq_port *vp)
{
	u8 mac[ETH_ALEN];
	int err;
	u32 i;

	for (i = 0; i < vp->n_filters; i++) {
		if (vp->filters[i].listed)
			continue;
		vms_u64_mac(vp->filters[i].mac, mac);
		err = dev_uc_add(dev, mac);
		if (err)
			return err;
		vp->filters[i].listed = true;
	}
	return 0;
}

static void filters_unlist(struct net_device *dev, struct vms_vmq_port *vp)
{
	u8 mac[ETH_ALEN];
	u32 i;

	for (i = 0; i < vp->n_filters; i++) {
		if (!vp->filters[i].listed)
			continue;
		vms_u64_mac(vp->filters[i].mac, mac);
		dev_uc_del(dev, mac);
		vp->filters[i].listed = false;
	}
}

/* What the driver does not tell as it was told to is none of ours: nobody else can
 * have been at this location meanwhile.
 */
static int filter_confirm(struct vms_vmq_port *vp,
			  struct vms_vmq_filter *filter,
			  struct vms_vmq_pool *pool)
{
	struct net_device *dev = vp->vmq->nic->dev;
	int there = filter_is_there(dev, filter, vp->steered);

	if (there > 0)
		return 0;
	filter_gone(vp, filter, pool, filter_clear(dev, filter));
	return there ?: -EIO;
}

static int filters_insert(struct net_device *dev, struct vms_vmq_port *vp,
			  int queue, struct vms_vmq_pool *pool)
{
	int err;
	u32 i;

	for (i = 0; i < vp->n_filters; i++) {
		if (vp->filters[i].installed)
			continue;
		err = filter_insert(dev, &vp->filters[i], queue, pool);
		if (!err)
			err = filter_confirm(vp, &vp->filters[i], pool);
		if (err)
			return err;
	}
	return 0;
}

/**
 * vms_vmq_uninstall() - remove the filters of a port
 * @vp: the port
 * @pool: locations in use, or NULL
 *
 * What can not be removed now is removed later, and its queue is nobody's until
 * then.
 *
 * Context: RTNL is held, &vms_net.lock is not.
 * Return: false if a filter is left.
 */
bool vms_vmq_uninstall(struct vms_vmq_port *vp, struct vms_vmq_pool *pool)
{
	struct net_device *dev = vp->vmq->nic->dev;
	int there, err;
	bool all = true;
	u32 i;

	if (vp->steered < 0)
		return true;
	there = vms_vmq_device_begin(dev);
	for (i = 0; i < vp->n_filters; i++) {
		if (!vp->filters[i].installed)
			continue;
		err = there ?: vms_vmq_filter_delete(dev, &vp->filters[i],
						     vp->steered);
		filter_gone(vp, &vp->filters[i], pool, err);
		all &= !err;
	}
	if (!there)
		vms_vmq_device_end(dev);
	filters_unlist(dev, vp);
	vp->steered = VMS_VMQ_NO_QUEUE;
	return all;
}

/**
 * vms_vmq_install() - set the filters of a port that are not set
 * @vp: the port
 * @queue: where they send its frames
 * @pool: locations in use
 *
 * Context: RTNL is held, &vms_net.lock is not.
 * Return: 0, or a negative error: then the port has no filter.
 */
int vms_vmq_install(struct vms_vmq_port *vp, int queue,
		    struct vms_vmq_pool *pool)
{
	struct net_device *dev = vp->vmq->nic->dev;
	int err;

	vp->steered = queue;
	err = filters_list(dev, vp);
	if (!err)
		err = vms_vmq_device_begin(dev);
	if (!err) {
		err = filters_insert(dev, vp, queue, pool);
		vms_vmq_device_end(dev);
	}
	if (err)
		vms_vmq_uninstall(vp, pool);
	return err;
}

/**
 * vms_vmq_check() - see whether the driver still has a port's filters
 * @vp: the port
 *
 * Context: RTNL is held, vms_vmq_device_begin() was called.
 * Return: false if one was lost.
 */
bool vms_vmq_check(struct vms_vmq_port *vp)
{
	struct net_device *dev = vp->vmq->nic->dev;
	bool good = true;
	u32 i;

	for (i = 0; i < vp->n_filters; i++) {
		struct vms_vmq_filter *filter = &vp->filters[i];

		if (!filter->installed)
			continue;
		/* One that can not be read now is not lost. */
		if (filter_is_there(dev, filter, vp->steered))
			continue;
		filter->installed = false;
		good = false;
	}
	return good;
}
