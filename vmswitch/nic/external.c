// SPDX-License-Identifier: GPL-2.0
/*
 * NIC kind external: the uplink, whose device filters what it receives.
 */
#include <linux/bitmap.h>
#include <linux/inetdevice.h>
#include <linux/mm.h>
#include <linux/sort.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>

#include "../event.h"
#include "../dataplane/vlan.h"
#include "../vmq/vmq.h"
#include "lower.h"
#include "vnic.h"

/* The kernel's list of a device's addresses is walked for each that is added. */
#define EXTERNAL_MACS_MAX	4096

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

static bool external_filters_vlans(const struct vms_nic *nic)
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
	if (!wanted || !port || !external_filters_vlans(nic))
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

static void external_drop_vids(struct vms_nic *nic,
			       const unsigned long *wanted)
{
	struct vms_uplink *up = &vms_lower(nic)->uplink;
	unsigned int vid;

	if (!up->vids)
		return;
	for_each_set_bit(vid, up->vids, VMS_N_VID) {
		if (wanted && test_bit(vid, wanted))
			continue;
		vlan_vid_del(nic->dev, htons(ETH_P_8021Q), vid);
		__clear_bit(vid, up->vids);
	}
}

/* Returns how many VIDs the device has refused. */
static u32 external_add_vids(struct vms_nic *nic, const unsigned long *wanted)
{
	struct vms_uplink *up = &vms_lower(nic)->uplink;
	unsigned int vid;
	u32 refused = 0;

	for_each_set_bit(vid, wanted, VMS_N_VID) {
		if (test_bit(vid, up->vids))
			continue;
		if (vlan_vid_add(nic->dev, htons(ETH_P_8021Q), vid))
			refused++;
		else
			__set_bit(vid, up->vids);
	}
	return refused;
}

/* A refusal is not fatal: many devices lift the filter when promiscuous. */
static void external_sync_vlans(struct vms_nic *nic,
				struct vms_uplink_state *state)
{
	struct vms_uplink *up = &vms_lower(nic)->uplink;
	unsigned long *wanted;

	if (!up->vids && !external_filters_vlans(nic))
		return;
	if (!up->vids)
		up->vids = bitmap_zalloc(VMS_N_VID, GFP_KERNEL_ACCOUNT);
	wanted = external_wanted_vids(nic);
	if (wanted && up->vids) {
		external_drop_vids(nic, wanted);
		state->vids_refused = external_add_vids(nic, wanted);
	} else {
		netdev_warn(nic->dev, "no memory to set up the VLAN filter\n");
	}
	bitmap_free(wanted);
}

/**
 * struct external_macs - addresses that the uplink's device should receive
 * @mac: the addresses, ascending, each once; owned
 * @n: how many
 * @room: length of @mac
 */
struct external_macs {
	u64 *mac;
	u32 n;
	u32 room;
};

/* How many static addresses the other ports have, by their own lists and in
 * the FDB; &vms_net.lock is held.  Returns false if another port may have any
 * address.
 */
static bool external_count_macs(struct vms_switch *sw, u32 *n_list,
				u32 *n_static)
{
	const struct vms_policy *pol;
	struct vms_port *port;

	*n_list = 0;
	*n_static = 0;
	list_for_each_entry(port, &sw->port_list, node) {
		pol = vms_port_policy(port);
		if (port == sw->uplink || !pol)
			continue;
		if (pol->flags & (VMS_PF_LEARN | VMS_PF_UNKNOWN))
			return false;
		*n_list += pol->n_macs;
		*n_static += READ_ONCE(port->n_static);
	}
	return true;
}

static void external_collect_lists(struct vms_switch *sw,
				   struct external_macs *macs)
{
	const struct vms_policy *pol;
	struct vms_port *port;
	unsigned int i;

	list_for_each_entry(port, &sw->port_list, node) {
		pol = vms_port_policy(port);
		if (port == sw->uplink || !pol)
			continue;
		for (i = 0; i < pol->n_macs && macs->n < macs->room; i++)
			macs->mac[macs->n++] = pol->macs[i];
	}
}

static void external_collect_static(struct vms_switch *sw,
				    struct external_macs *macs)
{
	const struct vms_fdb_filter filter = { .type = BIT(VMS_FDB_STATIC) };
	struct vms_fdb_entry entry;
	u32 slot = 0;

	while (macs->n < macs->room &&
	       vms_fdb_next(sw, &slot, &filter, &entry))
		if (!sw->uplink || entry.port != sw->uplink->id)
			macs->mac[macs->n++] = entry.mac;
}

static int external_compare_macs(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static void external_sort_macs(struct external_macs *macs)
{
	u32 i, n = 0;

	sort(macs->mac, macs->n, sizeof(u64), external_compare_macs, NULL);
	/* An address may live at several ports, in different VLANs. */
	for (i = 0; i < macs->n; i++)
		if (!n || macs->mac[n - 1] != macs->mac[i])
			macs->mac[n++] = macs->mac[i];
	macs->n = n;
}

/* Which addresses the device should receive, if that can be told. */
static u8 external_plan_filter(struct vms_nic *nic, struct external_macs *macs)
{
	struct vms_port *port = vms_nic_port_rtnl(nic);
	struct vms_switch *sw = nic->sw;
	u32 n_list, n_static;

	lockdep_assert_held(&sw->vn->lock);
	if (!port || !vms_port_policy(port)->uplink_filter)
		return VMS_FILTER_OFF;
	if (!(nic->dev->priv_flags & IFF_UNICAST_FLT))
		return VMS_FILTER_UNABLE;
	if (!external_count_macs(sw, &n_list, &n_static))
		return VMS_FILTER_LEARNS;

	macs->room = n_list + n_static;
	if (!macs->room)
		return VMS_FILTER_ON;
	macs->mac = kvmalloc_array(macs->room, sizeof(u64),
				   GFP_KERNEL_ACCOUNT);
	if (!macs->mac)
		return VMS_FILTER_REFUSED;
	external_collect_lists(sw, macs);
	if (n_static)
		external_collect_static(sw, macs);
	external_sort_macs(macs);
	return macs->n > EXTERNAL_MACS_MAX ? VMS_FILTER_REFUSED :
					     VMS_FILTER_ON;
}

static bool external_add_mac(struct vms_nic *nic, u64 mac)
{
	u8 addr[ETH_ALEN];

	vms_u64_mac(mac, addr);
	return !dev_uc_add(nic->dev, addr);
}

static void external_del_mac(struct vms_nic *nic, u64 mac)
{
	u8 addr[ETH_ALEN];

	vms_u64_mac(mac, addr);
	dev_uc_del(nic->dev, addr);
}

/* Give the device the addresses in @macs instead of those that it has.  What
 * it refuses is taken out of @macs.  Returns how many that were.
 */
static u32 external_set_macs(struct vms_nic *nic, struct external_macs *macs)
{
	struct vms_uplink *up = &vms_lower(nic)->uplink;
	u32 i, j, n = 0, refused = 0;

	/* First what goes, so that there is room in a small table. */
	for (i = 0, j = 0; i < up->n_macs; i++) {
		while (j < macs->n && macs->mac[j] < up->macs[i])
			j++;
		if (j == macs->n || macs->mac[j] != up->macs[i])
			external_del_mac(nic, up->macs[i]);
	}
	for (i = 0, j = 0; i < macs->n; i++) {
		while (j < up->n_macs && up->macs[j] < macs->mac[i])
			j++;
		if ((j < up->n_macs && up->macs[j] == macs->mac[i]) ||
		    external_add_mac(nic, macs->mac[i]))
			macs->mac[n++] = macs->mac[i];
		else
			refused++;
	}
	macs->n = n;
	kvfree(up->macs);
	up->macs = macs->mac;
	up->n_macs = macs->n;
	macs->mac = NULL;
	return refused;
}

static void external_set_promisc(struct vms_nic *nic, bool on)
{
	struct vms_uplink *up = &vms_lower(nic)->uplink;

	if (up->promisc == on)
		return;
	if (dev_set_promiscuity(nic->dev, on ? 1 : -1))
		netdev_warn(nic->dev, "does not become promiscuous\n");
	else
		up->promisc = on;
}

/* The device is promiscuous before it is given less addresses, and until it
 * has all that it needs, so that no frame is lost in between.
 */
static void external_sync_filter(struct vms_nic *nic,
				 struct vms_uplink_state *state)
{
	struct external_macs none = {}, macs = {};

	mutex_lock(&nic->sw->vn->lock);
	state->filter = external_plan_filter(nic, &macs);
	mutex_unlock(&nic->sw->vn->lock);

	state->macs_refused = 0;
	if (state->filter == VMS_FILTER_REFUSED)
		state->macs_refused = macs.n ?: macs.room;
	if (state->filter == VMS_FILTER_ON)
		state->macs_refused = external_set_macs(nic, &macs);
	if (state->macs_refused)
		state->filter = VMS_FILTER_REFUSED;
	external_set_promisc(nic, state->filter != VMS_FILTER_ON);
	if (state->filter != VMS_FILTER_ON)
		external_set_macs(nic, &none);
	kvfree(macs.mac);
}

/* A warning does not take the place of an earlier one. */
static void external_warn(const struct vms_uplink_state *old,
			  const struct vms_uplink_state *new,
			  struct netlink_ext_ack *extack)
{
	if (!extack || extack->_msg)
		return;
	if (new->vids_refused > old->vids_refused)
		NL_SET_ERR_MSG(extack, "the uplink's VLAN filter has refused VLANs");
	if (new->filter == old->filter)
		return;
	if (new->filter == VMS_FILTER_UNABLE)
		NL_SET_ERR_MSG(extack,
			       "the uplink stays promiscuous: its device does not filter unicast");
	else if (new->filter == VMS_FILTER_LEARNS)
		NL_SET_ERR_MSG(extack,
			       "the uplink is promiscuous while a port learns or takes unknown unicast");
	else if (new->filter == VMS_FILTER_REFUSED)
		NL_SET_ERR_MSG(extack,
			       "the uplink is promiscuous: there are more addresses than its device's filter takes, or more than 4096");
}

static bool external_same_state(const struct vms_uplink_state *a,
				const struct vms_uplink_state *b)
{
	return a->filter == b->filter && a->vids_refused == b->vids_refused &&
	       a->macs_refused == b->macs_refused;
}

/* Make true at the device what the switch's settings mean for its filters. */
static void external_sync(struct vms_nic *nic, struct netlink_ext_ack *extack)
{
	struct vms_port *port = vms_nic_port_rtnl(nic);
	struct vms_uplink *up = &vms_lower(nic)->uplink;
	struct vms_uplink_state state = up->state;

	external_sync_vlans(nic, &state);
	external_sync_filter(nic, &state);
	external_warn(&up->state, &state, extack);
	if (external_same_state(&up->state, &state))
		return;

	mutex_lock(&nic->sw->vn->lock);
	up->state = state;
	if (port)
		vms_event_port(port, VMS_CMD_PORT_CHANGE_NTF);
	mutex_unlock(&nic->sw->vn->lock);
}

/**
 * vms_uplink_state() - what became of the filters of an uplink's device
 * @nic: a NIC of kind external; &vms_net.lock is held
 * @state: filled
 */
void vms_uplink_state(const struct vms_nic *nic,
		      struct vms_uplink_state *state)
{
	lockdep_assert_held(&nic->sw->vn->lock);
	*state = container_of(nic, struct vms_lower, nic)->uplink.state;
}

static int external_attach(struct vms_nic *nic, struct netlink_ext_ack *extack)
{
	struct net_device *dev = nic->dev;
	int err;

	/* Until external_sync() finds that less will do. */
	err = dev_set_promiscuity(dev, 1);
	if (err) {
		NL_SET_ERR_MSG(extack, "the device does not become promiscuous");
		return err;
	}
	vms_lower(nic)->uplink.promisc = true;

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
	struct vms_net *vn = nic->sw->vn;
	struct external_macs none = {};

	/* Its port may be gone, so that no work item would do it. */
	mutex_lock(&vn->lock);
	vms_nic_show_links(nic->sw);
	mutex_unlock(&vn->lock);

	vms_vmq_detach(nic);
	external_drop_vids(nic, NULL);
	external_set_macs(nic, &none);
	vms_lower_detach(nic);
	dev_set_allmulti(nic->dev, -1);
	external_set_promisc(nic, false);
	vms_lower_free(nic);
}

static void external_plugged(struct vms_nic *nic,
			     struct netlink_ext_ack *extack)
{
	vms_lower_plugged(nic, extack);
	external_sync(nic, extack);
	vms_vmq_sync(nic);
}

/* The port that a frame came from; its device is still that of the port. */
static const struct vms_port *external_source(const struct sk_buff *skb)
{
	const struct vms_nic *nic;

	nic = vms_is_vnic(skb->dev) ? &vms_vnic(skb->dev)->nic :
				      vms_lower_of_dev_rcu(skb->dev);
	return nic ? vms_nic_port_rcu(nic) : NULL;
}

/* A receive queue that is recorded is what netdev_pick_tx() looks at when it has
 * no XPS, here as in dev_queue_xmit(), and what bonds do.  Drivers that choose
 * the queue themselves are left to it: they may rely on having been asked.
 */
static enum vms_drop_reason external_xmit_steered(struct vms_nic *nic,
						  struct sk_buff *skb)
{
	const struct vms_port *src = external_source(skb);
	u16 txq = src ? READ_ONCE(src->txq) : 0;

	if (txq)
		skb_record_rx_queue(skb, txq - 1);
	return vms_lower_xmit(nic, skb);
}

const struct vms_nic_ops vms_external_nic_ops = {
	.kind		= VMS_NIC_EXTERNAL,
	.check		= external_check,
	.attach		= external_attach,
	.detach		= external_detach,
	.plugged	= external_plugged,
	.xmit		= external_xmit_steered,
};

/**
 * vms_external_steer_tx() - heed, or not, the transmit queues of ports
 * @nic: the uplink's NIC
 * @on: whether any port may have one
 *
 * Uplinks of switches without VMQ pay nothing for it.
 *
 * Context: RTNL is held.
 */
void vms_external_steer_tx(struct vms_nic *nic, bool on)
{
	WRITE_ONCE(nic->direct, !on);
}
