// SPDX-License-Identifier: GPL-2.0
/*
 * Filters that a port has no more, but that its NIC's driver has not deleted:
 * because it refused to, or because it was just resetting the NIC.  It is asked
 * again until it does, also if the device is no uplink any more.
 */
#include <linux/slab.h>

#include "vmq.h"

#define LEFT_PERIOD	HZ

/**
 * struct vms_vmq_left - a filter that is to be deleted
 * @node: in &vms_net.vmq_left; RTNL
 * @ifindex: of the device, to which no reference is held
 * @queue: where the filter leads
 * @filter: it
 */
struct vms_vmq_left {
	struct list_head node;
	int ifindex;
	int queue;
	struct vms_vmq_filter filter;
};

/**
 * vms_vmq_leave() - remember a filter that could not be deleted
 * @vp: the port that has it no more; &vms_vmq_port.steered is where it leads
 * @filter: the filter
 * @err: why
 *
 * Context: RTNL is held.
 */
void vms_vmq_leave(struct vms_vmq_port *vp, const struct vms_vmq_filter *filter,
		   int err)
{
	struct vms_net *vn = vp->vmq->nic->sw->vn;
	struct net_device *dev = vp->vmq->nic->dev;
	struct vms_vmq_left *left;

	left = kzalloc(sizeof(*left), GFP_KERNEL_ACCOUNT);
	/* A driver that resets its NIC is no news. */
	if (err != -ENODEV || !left)
		netdev_warn(dev, "the filter at location %u can not be deleted%s: %d\n",
			    filter->location, left ? " now" : "", err);
	if (!left)
		return;
	left->ifindex = dev->ifindex;
	left->queue = vp->steered;
	left->filter = *filter;
	list_add_tail(&left->node, &vn->vmq_left);
	queue_delayed_work(vms_wq, &vn->vmq_work, LEFT_PERIOD);
}

/**
 * vms_vmq_is_left() - whether there still is a filter for an address
 * @vmq: VMQ of the uplink
 * @mac: the address, as vms_mac_u64()
 *
 * Context: RTNL is held.
 * Return: true if there is one that no port has any more.
 */
bool vms_vmq_is_left(const struct vms_vmq *vmq, u64 mac)
{
	const struct vms_nic *nic = vmq->nic;
	const struct vms_vmq_left *left;

	list_for_each_entry(left, &nic->sw->vn->vmq_left, node)
		if (left->ifindex == nic->dev->ifindex &&
		    left->filter.mac == mac)
			return true;
	return false;
}

static int left_delete(struct net_device *dev, const struct vms_vmq_left *left)
{
	int err;

	/* Another one has that number now. */
	if (!vms_vmq_takes_rules(dev))
		return 0;
	err = vms_vmq_device_begin(dev);
	if (err)
		return err;
	err = vms_vmq_filter_delete(dev, &left->filter, left->queue);
	vms_vmq_device_end(dev);
	return err;
}

/**
 * vms_vmq_left_retry() - try again to delete what was left
 * @vn: the namespace
 *
 * Context: RTNL is held, &vms_net.lock is not.
 */
void vms_vmq_left_retry(struct vms_net *vn)
{
	struct vms_vmq_left *left, *tmp;
	struct net_device *dev;

	list_for_each_entry_safe(left, tmp, &vn->vmq_left, node) {
		/* A device that has gone has no rules any more. */
		dev = __dev_get_by_index(vn->net, left->ifindex);
		if (dev && left_delete(dev, left))
			continue;
		list_del(&left->node);
		kfree(left);
	}
	if (!list_empty(&vn->vmq_left))
		queue_delayed_work(vms_wq, &vn->vmq_work, LEFT_PERIOD);
}

/**
 * vms_vmq_left_free() - forget what was left; the namespace or the module goes
 * @vn: the namespace
 */
void vms_vmq_left_free(struct vms_net *vn)
{
	struct vms_vmq_left *left, *tmp;

	list_for_each_entry_safe(left, tmp, &vn->vmq_left, node)
		kfree(left);
}
