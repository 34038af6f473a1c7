// SPDX-License-Identifier: GPL-2.0
/*
 * Life cycle of a port.
 */
#include <linux/ctype.h>
#include <linux/etherdevice.h>
#include <linux/stringhash.h>

#include "event.h"
#include "txn_stage.h"
#include "dataplane/trace.h"
#include "dataplane/vlan.h"
#include "vmq/vmq.h"

/* Names are chosen by whoever makes ports, who must not know which of them share
 * a bucket: the address of the table's owner is what he does not know.
 */
static u32 vms_name_hash(const void *owner, const char *name)
{
	return full_name_hash(owner, name, strlen(name));
}

/**
 * vms_port_name_valid() - whether a port may have this name
 * @name: the name
 *
 * It has to be something that one can type, and no part of a path.
 *
 * Return: true if it may.
 */
bool vms_port_name_valid(const char *name)
{
	for (; *name; name++)
		if (!isascii(*name) || !isgraph(*name) || *name == '/')
			return false;
	return true;
}

static int vms_port_alloc_stats(struct vms_port *port)
{
	int cpu;

	port->stats = alloc_percpu_gfp(struct vms_stats,
				       GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!port->stats)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(port->stats, cpu)->syncp);
	return 0;
}

/**
 * vms_port_alloc() - make a port without a policy: no frame passes it
 * @sw: the switch; &vms_net.lock is held
 * @name: its name, not in use in the switch
 * @kind: &enum vms_nic_kind
 *
 * Return: the port or an ERR_PTR(): -ENOSPC if the switch has too many, or
 *	-ENOMEM.
 */
struct vms_port *vms_port_alloc(struct vms_switch *sw, const char *name,
				u8 kind)
{
	struct vms_port *port;
	int err;

	port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);
	if (!port)
		return ERR_PTR(-ENOMEM);
	port->sw = sw;
	port->kind = kind;
	spin_lock_init(&port->state_lock);
	INIT_LIST_HEAD(&port->link_node);
	INIT_HLIST_NODE(&port->bind_node);
	strscpy(port->name, name, sizeof(port->name));

	err = vms_port_alloc_stats(port);
	if (err)
		goto err_port;
	err = vms_switch_new_port_id(sw, port);
	if (err)
		goto err_stats;
	vms_port_rehash(port);
	return port;

err_stats:
	free_percpu(port->stats);
err_port:
	kfree(port);
	return ERR_PTR(err);
}

static void vms_port_free_rcu(struct rcu_head *head)
{
	struct vms_port *port = container_of(head, struct vms_port, rcu);

	free_percpu(port->stats);
	kfree(port);
}

/**
 * vms_port_free() - free a port that no reader sees any more
 * @port: the port, unhashed and withdrawn; &vms_net.lock is held
 *
 * Its counters live on in those of the switch.
 */
void vms_port_free(struct vms_port *port)
{
	struct vms_switch *sw = port->sw;
	struct vms_net *vn = sw->vn;

	spin_lock_bh(&vn->link_lock);
	list_del_init(&port->link_node);
	spin_unlock_bh(&vn->link_lock);

	spin_lock_bh(&sw->gone_lock);
	vms_stats_add(port, &sw->gone);
	vms_switch_free_port_id(sw, port);
	spin_unlock_bh(&sw->gone_lock);
	/* Who adds up the switch's counters may have found it until now. */
	call_rcu(&port->rcu, vms_port_free_rcu);
}

/**
 * vms_port_find() - find a port by name
 * @sw: the switch; &vms_net.lock is held
 * @name: the name
 *
 * Return: the port or NULL.
 */
struct vms_port *vms_port_find(struct vms_switch *sw, const char *name)
{
	struct vms_port *port;

	hash_for_each_possible(sw->port_names, port, name_node,
			       vms_name_hash(sw, name))
		if (!strcmp(port->name, name))
			return port;
	return NULL;
}

/**
 * vms_port_find_binding() - find the port that is bound to a device
 * @vn: the namespace; its lock is held
 * @dev: name of the device
 *
 * Return: the port or NULL.
 */
struct vms_port *vms_port_find_binding(struct vms_net *vn, const char *dev)
{
	struct vms_port *port;

	hash_for_each_possible(vn->bindings, port, bind_node,
			       vms_name_hash(vn, dev))
		if (!strcmp(port->dev_name, dev))
			return port;
	return NULL;
}

static void vms_port_hash_binding(struct vms_port *port)
{
	struct vms_net *vn = port->sw->vn;

	if (*port->dev_name && port->kind != VMS_NIC_INTERNAL)
		hash_add(vn->bindings, &port->bind_node,
			 vms_name_hash(vn, port->dev_name));
}

/**
 * vms_port_bind() - bind a port to a device by name, or unbind it
 * @port: the port; &vms_net.lock is held
 * @dev: name of a device that no other port is bound to, or ""
 *
 * A vNIC is not looked for by name: its port makes it.
 */
void vms_port_bind(struct vms_port *port, const char *dev)
{
	hash_del(&port->bind_node);
	strscpy(port->dev_name, dev, sizeof(port->dev_name));
	vms_port_hash_binding(port);
}

/**
 * vms_port_unhash() - make a port unknown to all verbs
 * @port: the port; &vms_net.lock is held
 */
void vms_port_unhash(struct vms_port *port)
{
	struct vms_switch *sw = port->sw;

	hash_del(&port->name_node);
	hash_del(&port->bind_node);
	list_del(&port->node);
	sw->n_ports--;
	if (sw->uplink == port)
		sw->uplink = NULL;
}

/**
 * vms_port_rehash() - make a port known to all verbs
 * @port: the port; &vms_net.lock is held
 */
void vms_port_rehash(struct vms_port *port)
{
	struct vms_switch *sw = port->sw;

	hash_add(sw->port_names, &port->name_node,
		 vms_name_hash(sw, port->name));
	list_add_tail(&port->node, &sw->port_list);
	sw->n_ports++;
	if (port->kind == VMS_NIC_EXTERNAL)
		sw->uplink = port;
	vms_port_hash_binding(port);
}

static bool vms_policy_takes_unknown(const struct vms_policy *pol, u16 vid)
{
	return pol && vms_policy_member(pol, vid) &&
	       (pol->flags & VMS_PF_UNKNOWN);
}

/* The next VLAN of @pol from @vid on, or VMS_N_VID. */
static u32 vms_policy_next_vid(const struct vms_policy *pol, u32 vid)
{
	if (!pol)
		return VMS_N_VID;
	if (pol->members)
		return find_next_bit(pol->members, VMS_N_VID, vid);
	return vid <= pol->pvid ? pol->pvid : VMS_N_VID;
}

/* Enter the flood sets that @new is in and @old is not. */
static int vms_port_enter_vlan(struct vms_port *port, u32 vid,
			       const struct vms_policy *old,
			       const struct vms_policy *new)
{
	bool was = old && vms_policy_member(old, vid);
	struct vms_switch *sw = port->sw;
	int err;

	if (!was) {
		err = vms_vlan_join(sw, vid, port->id);
		if (err)
			return err;
	}
	if (vms_policy_takes_unknown(new, vid) &&
	    !vms_policy_takes_unknown(old, vid)) {
		err = vms_vlan_take_unknown(sw, vid, port->id);
		if (err && !was)
			vms_vlan_leave(sw, vid, port->id);
		return err;
	}
	return 0;
}

/* Leave the flood sets of VLANs below @end that @old is in and @new is not. */
static void vms_port_leave_vlans(struct vms_port *port, u32 end,
				 const struct vms_policy *old,
				 const struct vms_policy *new)
{
	struct vms_switch *sw = port->sw;
	u32 vid;

	for (vid = vms_policy_next_vid(old, 1); vid < end;
	     vid = vms_policy_next_vid(old, vid + 1)) {
		if (vms_policy_takes_unknown(old, vid) &&
		    !vms_policy_takes_unknown(new, vid))
			vms_vlan_leave_unknown(sw, vid, port->id);
		if (!new || !vms_policy_member(new, vid))
			vms_vlan_leave(sw, vid, port->id);
	}
}

static void vms_port_unreserve_macs(struct vms_port *port, u32 n,
				    const struct vms_policy *old,
				    const struct vms_policy *new)
{
	while (n--)
		if (!vms_policy_owns(old, new->macs[n]))
			vms_fdb_unreserve(port, new->macs[n], VMS_FID_ANY);
}

/**
 * vms_port_reserve() - take all that publishing a policy needs
 * @port: the port; &vms_net.lock is held
 * @new: the policy
 * @extack: where a refusal is explained
 *
 * Nothing of it is visible to the data path yet: a flood goes by the policy,
 * and a reserved FDB entry is skipped.
 *
 * Return: 0, -EADDRINUSE, -ENOSPC or -ENOMEM; after an error nothing is taken.
 */
int vms_port_reserve(struct vms_port *port, const struct vms_policy *new,
		     struct netlink_ext_ack *extack)
{
	const struct vms_policy *old = vms_port_policy(port);
	u32 vid, i;
	int err;

	for (vid = vms_policy_next_vid(new, 1); vid < VMS_N_VID;
	     vid = vms_policy_next_vid(new, vid + 1)) {
		err = vms_port_enter_vlan(port, vid, old, new);
		if (err)
			goto err_vlans;
	}
	for (i = 0; i < new->n_macs; i++) {
		err = -EADDRINUSE;
		if (vms_fdb_conflict(port, new->macs[i], new)) {
			NL_SET_ERR_MSG(extack, "the address belongs to another port of the VLAN");
			goto err_macs;
		}
		if (vms_policy_owns(old, new->macs[i]))
			continue;
		err = vms_fdb_reserve(port, new->macs[i], VMS_FID_ANY);
		if (err) {
			NL_SET_ERR_MSG(extack, "the FDB is full (fdb-max)");
			goto err_macs;
		}
	}
	return 0;

err_macs:
	vms_port_unreserve_macs(port, i, old, new);
	vid = VMS_N_VID;
err_vlans:
	vms_port_leave_vlans(port, vid, new, old);
	return err;
}

/**
 * vms_port_unreserve() - undo vms_port_reserve()
 * @port: the port; &vms_net.lock is held
 * @new: the policy
 */
void vms_port_unreserve(struct vms_port *port, const struct vms_policy *new)
{
	const struct vms_policy *old = vms_port_policy(port);

	vms_port_unreserve_macs(port, new->n_macs, old, new);
	vms_port_leave_vlans(port, VMS_N_VID, new, old);
}

static bool vms_port_counts_unknown(const struct vms_port *port,
				    const struct vms_policy *pol)
{
	return port->kind != VMS_NIC_EXTERNAL && pol &&
	       (pol->flags & VMS_PF_UNKNOWN);
}

static void vms_port_exchange_macs(struct vms_port *port,
				   const struct vms_policy *old,
				   const struct vms_policy *new)
{
	u32 i;

	for (i = 0; new && i < new->n_macs; i++) {
		if (!vms_policy_owns(old, new->macs[i]))
			vms_fdb_fill(port, new->macs[i], VMS_FID_ANY,
				     VMS_FDB_PORT);
		/* Of an address that it had, too: the VLAN may be new. */
		vms_fdb_forget(port, new->macs[i], new);
	}
	for (i = 0; old && i < old->n_macs; i++)
		if (!vms_policy_owns(new, old->macs[i]))
			vms_fdb_remove(port, old->macs[i], VMS_FID_ANY,
				       VMS_FDB_PORT);
}

static void vms_port_flush(struct vms_port *port, u8 types)
{
	const struct vms_fdb_filter filter = {
		.port = port->id,
		.type = types,
	};

	vms_fdb_flush(port->sw, &filter);
}

/* Nothing goes by the old digest any more when the new policy can be seen;
 * vms_port_set_state() makes a new one.
 */
static void vms_port_set_policy(struct vms_port *port, struct vms_policy *pol)
{
	spin_lock_bh(&port->state_lock);
	WRITE_ONCE(port->access, 0);
	WRITE_ONCE(port->untagged, 0);
	rcu_assign_pointer(port->policy, pol);
	spin_unlock_bh(&port->state_lock);
}

static u16 vms_port_access(const struct vms_port *port, u32 state)
{
	const struct vms_policy *pol;

	pol = rcu_dereference_protected(port->policy,
					lockdep_is_held(&port->state_lock));
	if (!(state & VMS_PORT_S_LINK) || !pol || (pol->flags & VMS_PF_TRUNK))
		return 0;
	/* What goes to other switches is looked at: vms_forward_judge(). */
	if (port->kind == VMS_NIC_EXTERNAL)
		return 0;
	return pol->pvid;
}

static u32 vms_port_untagged(const struct vms_port *port, u32 state)
{
	const struct vms_policy *pol;

	pol = rcu_dereference_protected(port->policy,
					lockdep_is_held(&port->state_lock));
	if (!(state & VMS_PORT_S_ADMIN) || !pol || !pol->pvid)
		return 0;
	return (pol->pcp_dei | pol->pvid) << VMS_UNTAGGED_TCI | pol->flags;
}

/**
 * vms_port_publish() - give a port a policy; can not fail
 * @port: the port; &vms_net.lock is held
 * @new: the policy, reserved by vms_port_reserve(); the port owns it from now
 *
 * vms_fdb_conform() follows.
 */
void vms_port_publish(struct vms_port *port, struct vms_policy *new)
{
	struct vms_policy *old = vms_port_policy(port);
	struct vms_nic *nic;

	vms_port_set_policy(port, new);
	vms_port_exchange_macs(port, old, new);
	vms_port_leave_vlans(port, VMS_N_VID, old, new);
	vms_switch_count_unknown(port->sw,
				 vms_port_counts_unknown(port, new) -
				 vms_port_counts_unknown(port, old));
	vms_fdb_doubt(port);

	nic = rcu_dereference_protected(port->nic, vms_locked(port->sw->vn));
	if (nic)
		WRITE_ONCE(nic->qdisc, new->qdisc);
	vms_port_set_state(port, new->admin ? 0 : VMS_PORT_S_ADMIN,
			   new->admin ? VMS_PORT_S_ADMIN : 0);
	if (old)
		kfree_rcu(old, rcu);
}

/**
 * vms_port_withdraw() - take a port out of the data path; can not fail
 * @port: the port, unplugged; &vms_net.lock is held
 *
 * vms_fdb_conform() follows, and after a grace period vms_port_free().
 */
void vms_port_withdraw(struct vms_port *port)
{
	struct vms_policy *old = vms_port_policy(port);

	vms_port_set_state(port, VMS_PORT_S_ADMIN, 0);
	vms_port_set_policy(port, NULL);
	vms_port_exchange_macs(port, old, NULL);
	vms_port_leave_vlans(port, VMS_N_VID, old, NULL);
	vms_switch_count_unknown(port->sw,
				 -(int)vms_port_counts_unknown(port, old));
	vms_fdb_doubt(port);
	vms_vmq_port_gone(port);
	if (old)
		kfree_rcu(old, rcu);
}

/**
 * vms_port_set_state() - change a port's state
 * @port: the port
 * @clear: bits of &enum vms_port_state to clear
 * @set: bits to set
 *
 * The link follows: it is there if the port is up and its NIC has carrier.
 *
 * Context: any but hard interrupts; the port is kept alive by the caller.
 */
void vms_port_set_state(struct vms_port *port, u32 clear, u32 set)
{
	const u32 needs = VMS_PORT_S_ADMIN | VMS_PORT_S_PLUGGED |
			  VMS_PORT_S_CARRIER;
	struct vms_nic *nic;
	u32 old, state;

	spin_lock_bh(&port->state_lock);
	old = port->state;
	state = (old & ~clear) | set;
	state &= ~VMS_PORT_S_LINK;
	if ((state & needs) == needs)
		state |= VMS_PORT_S_LINK;
	WRITE_ONCE(port->state, state);
	WRITE_ONCE(port->access, vms_port_access(port, state));
	WRITE_ONCE(port->untagged, vms_port_untagged(port, state));
	if (state != old)
		trace_vms_port_state(port, old, state);

	/* Under the lock, so that the NIC hears of changes in their order. */
	nic = rcu_dereference_bh(port->nic);
	if (((state ^ old) & VMS_PORT_S_LINK) && nic && nic->ops->link)
		nic->ops->link(nic, state & VMS_PORT_S_LINK);
	spin_unlock_bh(&port->state_lock);

	if ((state ^ old) & (VMS_PORT_S_LINK | VMS_PORT_S_PLUGGED))
		vms_nic_link_changed(port);
}

/**
 * vms_port_state() - a port's state as user space sees it
 * @port: the port; &vms_net.lock is held
 *
 * Return: bits of &enum vms_port_state.
 */
u32 vms_port_state(const struct vms_port *port)
{
	const struct vms_policy *pol = vms_port_policy(port);
	u32 state = READ_ONCE(port->state);

	if (!pol)
		return state;
	if ((pol->flags & VMS_PF_LEARN) ||
	    ((pol->flags & VMS_PF_LEARN_AUTO) &&
	     (READ_ONCE(port->sw->flags) & VMS_SW_UPLINK_LEARNS)))
		state |= VMS_PORT_S_LEARNING;
	if (pol->flags & VMS_PF_UNKNOWN)
		state |= VMS_PORT_S_UNKNOWN;
	return state;
}

/**
 * vms_port_plug() - plug a NIC into a port
 * @port: the port, without a NIC; RTNL and &vms_net.lock are held
 * @nic: an attached NIC
 */
void vms_port_plug(struct vms_port *port, struct vms_nic *nic)
{
	ASSERT_RTNL();
	/* Who was behind another NIC is not behind this one.  A link that goes
	 * and comes back at once would have nothing forgotten.
	 */
	if (READ_ONCE(port->n_dynamic))
		vms_port_flush(port, BIT(VMS_FDB_DYNAMIC));
	WRITE_ONCE(nic->qdisc, vms_port_policy(port)->qdisc);
	rcu_assign_pointer(port->nic, nic);
	rcu_assign_pointer(nic->port, port);
	vms_port_set_state(port, VMS_PORT_S_CARRIER,
			   VMS_PORT_S_PLUGGED |
			   (vms_nic_carrier(nic) ? VMS_PORT_S_CARRIER : 0));
}

/**
 * vms_port_unplug() - take the NIC out of a port
 * @port: the port; RTNL and &vms_net.lock are held
 *
 * Frames may be under way until a grace period has passed; vms_nic_detach()
 * follows after the mutex was released.
 *
 * Return: the NIC, or NULL if there was none.
 */
struct vms_nic *vms_port_unplug(struct vms_port *port)
{
	struct vms_nic *nic = vms_port_nic(port);

	ASSERT_RTNL();
	if (!nic)
		return NULL;
	vms_port_set_state(port, VMS_PORT_S_PLUGGED | VMS_PORT_S_CARRIER, 0);
	RCU_INIT_POINTER(nic->port, NULL);
	RCU_INIT_POINTER(port->nic, NULL);
	return nic;
}

/**
 * vms_port_next() - walk the ports of a switch by id
 * @sw: the switch; &vms_net.lock is held
 * @id: the id behind which to go on, at first 0
 *
 * Return: the port with the next higher id, or NULL.
 */
struct vms_port *vms_port_next(struct vms_switch *sw, u32 id)
{
	struct vms_port_table *table;
	struct vms_port *port;

	table = rcu_dereference_protected(sw->ports, vms_locked(sw->vn));
	while (table && ++id < table->size) {
		port = rcu_dereference_protected(table->port[id],
						 vms_locked(sw->vn));
		if (port && vms_port_policy(port))
			return port;
	}
	return NULL;
}

/**
 * vms_port_move_mac() - the holder of a vNIC changes its address
 * @port: the port, of kind internal
 * @addr: the new address
 * @extack: where a refusal is explained
 *
 * Context: RTNL is held, &vms_net.lock is not.
 * Return: 0, -EPERM if the port does not let it, -EADDRINUSE, or -ENOMEM.
 */
int vms_port_move_mac(struct vms_port *port, const u8 *addr,
		      struct netlink_ext_ack *extack)
{
	struct vms_net *vn = port->sw->vn;
	struct vms_req req = {
		.cmd = VMS_CMD_PORT_SET,
		.set = BIT_ULL(VMS_A_PORT_MACS),
		.port.macs = addr,
		.port.n_macs = 1,
	};
	bool may;

	mutex_lock(&vn->lock);
	may = vms_port_policy(port)->mac_change;
	strscpy(req.sw_name, vms_switch_name(port->sw), sizeof(req.sw_name));
	strscpy(req.port.name, port->name, sizeof(req.port.name));
	mutex_unlock(&vn->lock);
	if (!may) {
		NL_SET_ERR_MSG(extack, "the port does not let the address change (mac-change)");
		return -EPERM;
	}
	return vms_req_run(vn, &req, false, true, extack);
}
