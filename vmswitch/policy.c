// SPDX-License-Identifier: GPL-2.0
/*
 * The configuration of a port: how a request changes it, and what follows.
 */
#include <linux/bitmap.h>

#include "txn_stage.h"
#include "dataplane/vlan.h"

static bool vms_is_set(const struct vms_req *req, u32 attr)
{
	return req && (req->set & BIT_ULL(attr));
}

/* There is a first address even if there is none: the data path compares with
 * it before it looks how many there are.
 */
static size_t vms_policy_size(u32 n_macs, u8 vlan_mode)
{
	size_t size = struct_size_t(struct vms_policy, macs, n_macs);

	if (vlan_mode == VMS_VLAN_TRUNK)
		size += BITS_TO_LONGS(VMS_N_VID) * sizeof(long);
	return size;
}

static struct vms_policy *vms_policy_alloc(u32 n_macs, u8 vlan_mode)
{
	u32 room = max(n_macs, 1U);
	struct vms_policy *pol;

	pol = kzalloc(vms_policy_size(room, vlan_mode), GFP_KERNEL_ACCOUNT);
	if (!pol)
		return NULL;
	pol->n_macs = n_macs;
	pol->vlan_mode = vlan_mode;
	if (vlan_mode == VMS_VLAN_TRUNK)
		pol->members = (unsigned long *)&pol->macs[room];
	return pol;
}

/* What a port is before anybody says anything: an access port of VLAN 1, and
 * the uplink a trunk of all VLANs.
 */
static void vms_policy_defaults(struct vms_policy *pol, u8 kind)
{
	bool uplink = kind == VMS_NIC_EXTERNAL;

	pol->pvid = 1;
	pol->mac_limit = uplink ? VMS_MAC_LIMIT_UPLINK : VMS_MAC_LIMIT_DEFAULT;
	pol->admin = 1;
	pol->learning = VMS_AUTO;
	pol->mac_guard = 1;
	pol->unknown_flood = VMS_AUTO;
	pol->mcast_flood = 1;
	pol->bcast_flood = 1;
	pol->qdisc = VMS_QDISC_AUTO;
	pol->autoup = 1;
	pol->down_mode = VMS_DOWN_KEEP;
	pol->vmq_weight = VMS_VMQ_WEIGHT_DEFAULT;
	pol->vmq_cpu = VMS_VMQ_CPU_ANY;
	pol->vmq_max_cpu = VMS_VMQ_CPU_ANY;
	if (pol->members)
		bitmap_set(pol->members, VMS_VID_MIN, VMS_VID_MAX);
}

static void vms_policy_copy(struct vms_policy *pol,
			    const struct vms_policy *old)
{
	pol->pvid = old->pvid;
	pol->pcp_dei = old->pcp_dei;
	pol->mac_limit = old->mac_limit;
	pol->admin = old->admin;
	pol->learning = old->learning;
	pol->mac_guard = old->mac_guard;
	pol->mac_change = old->mac_change;
	pol->unknown_flood = old->unknown_flood;
	pol->mcast_flood = old->mcast_flood;
	pol->bcast_flood = old->bcast_flood;
	pol->qdisc = old->qdisc;
	pol->autoup = old->autoup;
	pol->down_mode = old->down_mode;
	pol->link_follow = old->link_follow;
	pol->uplink_filter = old->uplink_filter;
	pol->vmq = old->vmq;
	pol->vmq_weight = old->vmq_weight;
	pol->vmq_cpu = old->vmq_cpu;
	pol->vmq_dynamic = old->vmq_dynamic;
	pol->vmq_base_cpu = old->vmq_base_cpu;
	pol->vmq_max_cpu = old->vmq_max_cpu;
	if (pol->members && old->members)
		bitmap_copy(pol->members, old->members, VMS_N_VID);
}

static void vms_policy_edit_flags(struct vms_policy *pol,
				  const struct vms_req *req)
{
	const struct vms_port_req *r = &req->port;

	if (vms_is_set(req, VMS_A_PORT_ADMIN))
		pol->admin = r->admin;
	if (vms_is_set(req, VMS_A_PORT_LEARNING))
		pol->learning = r->learning;
	if (vms_is_set(req, VMS_A_PORT_MAC_LIMIT))
		pol->mac_limit = r->mac_limit ?: U32_MAX;
	if (vms_is_set(req, VMS_A_PORT_MAC_GUARD))
		pol->mac_guard = r->mac_guard;
	if (vms_is_set(req, VMS_A_PORT_MAC_CHANGE))
		pol->mac_change = r->mac_change;
	if (vms_is_set(req, VMS_A_PORT_UNKNOWN_FLOOD))
		pol->unknown_flood = r->unknown_flood;
	if (vms_is_set(req, VMS_A_PORT_MCAST_FLOOD))
		pol->mcast_flood = r->mcast_flood;
	if (vms_is_set(req, VMS_A_PORT_BCAST_FLOOD))
		pol->bcast_flood = r->bcast_flood;
	if (vms_is_set(req, VMS_A_PORT_PRIORITY))
		pol->pcp_dei = r->priority << VLAN_PRIO_SHIFT;
	if (vms_is_set(req, VMS_A_PORT_QDISC))
		pol->qdisc = r->qdisc;
	if (vms_is_set(req, VMS_A_PORT_AUTOUP))
		pol->autoup = r->autoup;
	if (vms_is_set(req, VMS_A_PORT_DOWN_MODE))
		pol->down_mode = r->down_mode;
	if (vms_is_set(req, VMS_A_PORT_LINK_FOLLOW))
		pol->link_follow = r->link_follow;
	if (vms_is_set(req, VMS_A_PORT_UPLINK_FILTER))
		pol->uplink_filter = r->uplink_filter;
	if (vms_is_set(req, VMS_A_PORT_VMQ))
		pol->vmq = r->vmq;
	if (vms_is_set(req, VMS_A_PORT_VMQ_WEIGHT))
		pol->vmq_weight = r->vmq_weight;
	if (vms_is_set(req, VMS_A_PORT_VMQ_CPU))
		pol->vmq_cpu = r->vmq_cpu;
	if (vms_is_set(req, VMS_A_PORT_VMQ_DYNAMIC))
		pol->vmq_dynamic = r->vmq_dynamic;
	if (vms_is_set(req, VMS_A_PORT_VMQ_BASE_CPU))
		pol->vmq_base_cpu = r->vmq_base_cpu;
	if (vms_is_set(req, VMS_A_PORT_VMQ_MAX_CPU))
		pol->vmq_max_cpu = r->vmq_max_cpu;
}

/* A CPU that is offline may come; one that is not possible can not. */
static int vms_check_cpu(const struct vms_req *req, u32 attr, u32 cpu,
			 struct netlink_ext_ack *extack)
{
	if (!vms_is_set(req, attr) ||
	    (cpu == VMS_VMQ_CPU_ANY && attr != VMS_A_PORT_VMQ_BASE_CPU) ||
	    (cpu < nr_cpu_ids && cpu_possible(cpu)))
		return 0;
	vms_refuse(extack, req, attr, "there is no such CPU");
	return -EINVAL;
}

static int vms_policy_check_cpus(const struct vms_policy *pol,
				 const struct vms_req *req,
				 struct netlink_ext_ack *extack)
{
	int err;

	err = vms_check_cpu(req, VMS_A_PORT_VMQ_CPU, pol->vmq_cpu, extack);
	if (!err)
		err = vms_check_cpu(req, VMS_A_PORT_VMQ_BASE_CPU,
				    pol->vmq_base_cpu, extack);
	if (!err)
		err = vms_check_cpu(req, VMS_A_PORT_VMQ_MAX_CPU,
				    pol->vmq_max_cpu, extack);
	if (!err && pol->vmq_base_cpu > pol->vmq_max_cpu) {
		vms_refuse(extack, req,
			   vms_is_set(req, VMS_A_PORT_VMQ_MAX_CPU) ?
			   VMS_A_PORT_VMQ_MAX_CPU : VMS_A_PORT_VMQ_BASE_CPU,
			   "vmq-base-cpu is above vmq-max-cpu");
		err = -EINVAL;
	}
	return err;
}

/* Returns the first attribute of the request that only an uplink has, or 0. */
static u32 vms_uplink_attr(const struct vms_req *req)
{
	static const u32 attrs[] = {
		VMS_A_PORT_UPLINK_FILTER, VMS_A_PORT_VMQ_DYNAMIC,
		VMS_A_PORT_VMQ_BASE_CPU, VMS_A_PORT_VMQ_MAX_CPU,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(attrs); i++)
		if (vms_is_set(req, attrs[i]))
			return attrs[i];
	return 0;
}

static int vms_policy_edit_access(struct vms_policy *pol,
				  const struct vms_req *req,
				  struct netlink_ext_ack *extack)
{
	if (vms_is_set(req, VMS_A_PORT_VLANS)) {
		vms_refuse(extack, req, VMS_A_PORT_VLANS,
			   "an access port has one VLAN, not a list");
		return -EINVAL;
	}
	if (vms_is_set(req, VMS_A_PORT_PVID)) {
		pol->pvid = req->port.pvid;
	} else if (vms_is_set(req, VMS_A_PORT_VLAN_MODE)) {
		vms_refuse(extack, req, VMS_A_PORT_VLAN_MODE,
			   "an access port needs a VLAN");
		return -EINVAL;
	}
	if (!pol->pvid) {
		vms_refuse(extack, req, VMS_A_PORT_PVID,
			   "an access port needs a VLAN of 1..4094");
		return -EINVAL;
	}
	return 0;
}

static int vms_policy_edit_trunk(struct vms_policy *pol,
				 const struct vms_req *req,
				 struct netlink_ext_ack *extack)
{
	const struct vms_vlan_range *r;
	u32 i;

	if (vms_is_set(req, VMS_A_PORT_VLANS)) {
		bitmap_zero(pol->members, VMS_N_VID);
		for (i = 0; i < req->port.n_vlans; i++) {
			r = &req->port.vlans[i];
			bitmap_set(pol->members, r->first,
				   r->last - r->first + 1);
		}
	} else if (vms_is_set(req, VMS_A_PORT_VLAN_MODE)) {
		vms_refuse(extack, req, VMS_A_PORT_VLAN_MODE,
			   "a trunk needs a list of VLANs");
		return -EINVAL;
	}
	if (vms_is_set(req, VMS_A_PORT_PVID))
		pol->pvid = req->port.pvid;
	else if (vms_is_set(req, VMS_A_PORT_VLAN_MODE))
		pol->pvid = 0;
	if (pol->pvid)
		__set_bit(pol->pvid, pol->members);
	if (bitmap_empty(pol->members, VMS_N_VID)) {
		vms_refuse(extack, req, VMS_A_PORT_VLANS,
			   "a trunk needs at least one VLAN");
		return -EINVAL;
	}
	return 0;
}

static void vms_policy_edit_macs(struct vms_policy *pol,
				 const struct vms_policy *old,
				 const struct vms_req *req)
{
	u32 i;

	for (i = 0; i < pol->n_macs; i++)
		pol->macs[i] = vms_is_set(req, VMS_A_PORT_MACS) ?
			       vms_mac_u64(req->port.macs + i * ETH_ALEN) :
			       old->macs[i];
}

/* The flags that the data path tests follow from the settings. */
static void vms_policy_derive(struct vms_policy *pol, u8 kind)
{
	bool uplink = kind == VMS_NIC_EXTERNAL;
	u32 flags = 0;

	if (pol->vlan_mode == VMS_VLAN_TRUNK)
		flags |= VMS_PF_TRUNK;
	if (pol->mac_guard && pol->n_macs)
		flags |= VMS_PF_GUARD;
	if (pol->learning == VMS_ON ||
	    (pol->learning == VMS_AUTO && !uplink && !pol->n_macs))
		flags |= VMS_PF_LEARN;
	if (pol->learning == VMS_AUTO && uplink)
		flags |= VMS_PF_LEARN_AUTO;
	if (pol->unknown_flood == VMS_ON ||
	    (pol->unknown_flood == VMS_AUTO && (uplink || !pol->n_macs)))
		flags |= VMS_PF_UNKNOWN;
	if (pol->mcast_flood)
		flags |= VMS_PF_MCAST;
	if (pol->bcast_flood)
		flags |= VMS_PF_BCAST;
	if (uplink)
		flags |= VMS_PF_EVICT;
	pol->flags = flags;
}

/**
 * vms_policy_edit() - make a policy from an old one and a request
 * @old: the port's policy, or NULL for a new port
 * @kind: &enum vms_nic_kind of the port
 * @req: the request, or NULL for the defaults
 * @extack: where a refusal is explained
 *
 * Return: the policy, not yet published, or an ERR_PTR().
 */
struct vms_policy *vms_policy_edit(const struct vms_policy *old, u8 kind,
				   const struct vms_req *req,
				   struct netlink_ext_ack *extack)
{
	struct vms_policy *pol;
	u8 vlan_mode = kind == VMS_NIC_EXTERNAL ? VMS_VLAN_TRUNK :
						  VMS_VLAN_ACCESS;
	u32 n_macs = old ? old->n_macs : 0;
	int err;

	if (old)
		vlan_mode = old->vlan_mode;
	if (vms_is_set(req, VMS_A_PORT_VLAN_MODE))
		vlan_mode = req->port.vlan_mode;
	if (vms_is_set(req, VMS_A_PORT_MACS))
		n_macs = req->port.n_macs;
	if (kind == VMS_NIC_INTERNAL && !n_macs) {
		vms_refuse(extack, req, VMS_A_PORT_MACS,
			   "an internal port has at least one address");
		return ERR_PTR(-EINVAL);
	}
	if (kind != VMS_NIC_EXTERNAL && vms_uplink_attr(req)) {
		vms_refuse(extack, req, vms_uplink_attr(req),
			   "only an uplink has that setting");
		return ERR_PTR(-EINVAL);
	}

	pol = vms_policy_alloc(n_macs, vlan_mode);
	if (!pol)
		return ERR_PTR(-ENOMEM);
	if (old)
		vms_policy_copy(pol, old);
	else
		vms_policy_defaults(pol, kind);
	vms_policy_edit_macs(pol, old, req);
	if (req) {
		vms_policy_edit_flags(pol, req);
		err = vlan_mode == VMS_VLAN_TRUNK ?
		      vms_policy_edit_trunk(pol, req, extack) :
		      vms_policy_edit_access(pol, req, extack);
		if (!err)
			err = vms_policy_check_cpus(pol, req, extack);
		if (err) {
			kfree(pol);
			return ERR_PTR(err);
		}
	}
	vms_policy_derive(pol, kind);
	return pol;
}

/**
 * vms_policies_overlap() - whether two policies are members of one VLAN
 * @a: a policy
 * @b: another
 *
 * Return: true if they are.
 */
bool vms_policies_overlap(const struct vms_policy *a,
			  const struct vms_policy *b)
{
	if (!a->members)
		return vms_policy_member(b, a->pvid);
	if (!b->members)
		return vms_policy_member(a, b->pvid);
	return bitmap_intersects(a->members, b->members, VMS_N_VID);
}

/**
 * vms_policy_owns() - whether an address is in a policy's list
 * @pol: the policy, or NULL
 * @mac: the address
 *
 * Return: true if it is.
 */
bool vms_policy_owns(const struct vms_policy *pol, u64 mac)
{
	unsigned int i;

	for (i = 0; pol && i < pol->n_macs; i++)
		if (pol->macs[i] == mac)
			return true;
	return false;
}
