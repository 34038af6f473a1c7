// SPDX-License-Identifier: GPL-2.0
/*
 * Which ports want a queue of the uplink, and which filters that takes.
 */
#include <linux/bsearch.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "vmq.h"

/**
 * struct vmq_macs - the addresses of all ports of a switch
 * @list: them, sorted; an address of two ports is in it twice
 * @n: how many
 */
struct vmq_macs {
	u64 *list;
	size_t n;
};

static int mac_compare(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Returns false if there is no memory. */
static bool macs_collect(struct vms_switch *sw, struct vmq_macs *macs)
{
	const struct vms_policy *pol;
	struct vms_port *port;
	size_t n = 0;

	list_for_each_entry(port, &sw->port_list, node) {
		pol = vms_port_policy(port);
		n += pol ? pol->n_macs : 0;
	}
	macs->n = 0;
	macs->list = kvcalloc(n + 1, sizeof(*macs->list), GFP_KERNEL);
	if (!macs->list)
		return false;
	list_for_each_entry(port, &sw->port_list, node) {
		pol = vms_port_policy(port);
		for (n = 0; pol && n < pol->n_macs; n++)
			macs->list[macs->n++] = pol->macs[n];
		cond_resched();
	}
	sort(macs->list, macs->n, sizeof(*macs->list), mac_compare, NULL);
	return true;
}

static bool macs_shared(const struct vmq_macs *macs, u64 mac)
{
	const u64 *found, *end = macs->list + macs->n;

	found = bsearch(&mac, macs->list, macs->n, sizeof(mac), mac_compare);
	if (!found)
		return false;
	return (found > macs->list && found[-1] == mac) ||
	       (found + 1 < end && found[1] == mac);
}

/* The VID by which frames for a port can be told from others to the same
 * address; 0: they can not, because they come untagged or with more than one.
 */
static u16 port_wire_vid(const struct vms_switch *sw,
			 const struct vms_policy *pol)
{
	const struct vms_policy *up = sw->uplink ?
				      vms_port_policy(sw->uplink) : NULL;

	if (!up || pol->vlan_mode != VMS_VLAN_ACCESS ||
	    up->vlan_mode != VMS_VLAN_TRUNK || up->pvid == pol->pvid)
		return 0;
	return pol->pvid;
}

static bool plan_differs(const struct vms_vmq_port *vp,
			 const struct vms_vmq_filter *plan, u32 n)
{
	u32 i;

	if (n != vp->n_filters)
		return true;
	for (i = 0; i < n; i++)
		if (plan[i].mac != vp->filters[i].mac ||
		    plan[i].vid != vp->filters[i].vid)
			return true;
	return false;
}

/* Which filters the port needs; none if they can not be made, because what it had
 * before may be another port's by now.  Returns &enum vms_vmq_reason then, else 0.
 */
static u8 port_plan(struct vms_vmq_port *vp, const struct vms_switch *sw,
		    const struct vms_policy *pol, const struct vmq_macs *macs)
{
	struct vms_vmq_filter *plan;
	u32 i, n = pol->n_macs;
	u8 reason = 0;

	/* An array of none is not NULL. */
	plan = kcalloc(n, sizeof(*plan), GFP_KERNEL_ACCOUNT);
	if (!plan)
		return VMS_VMQ_R_NO_MEMORY;
	for (i = 0; i < n; i++) {
		plan[i].mac = pol->macs[i];
		if (!macs_shared(macs, pol->macs[i]))
			continue;
		plan[i].vid = port_wire_vid(sw, pol);
		if (!plan[i].vid) {
			reason = VMS_VMQ_R_MAC_SHARED;
			n = 0;
		}
	}
	kfree(vp->plan);
	vp->plan = NULL;
	if (!plan_differs(vp, plan, n)) {
		kfree(plan);
		return reason;
	}
	vp->plan = plan;
	vp->n_plan = n;
	return reason;
}

static u8 port_excuse(const struct vms_port *port,
		      const struct vms_policy *pol)
{
	if (!pol->n_macs)
		return VMS_VMQ_R_NO_MAC;
	if (!rcu_access_pointer(port->nic))
		return VMS_VMQ_R_UNPLUGGED;
	return 0;
}

static bool port_wants(const struct vms_port *port)
{
	const struct vms_policy *pol = vms_port_policy(port);

	return pol && pol->vmq && port->kind != VMS_NIC_EXTERNAL;
}

static struct vms_vmq_port *port_new(struct vms_vmq *vmq,
				     struct vms_port *port)
{
	struct vms_vmq_port *vp;
	int cpu;

	vp = kzalloc(struct_size(vp, cpus, nr_cpu_ids), GFP_KERNEL_ACCOUNT);
	if (!vp)
		return NULL;
	vp->seen = alloc_percpu_gfp(struct vms_vmq_seen,
				    GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!vp->seen) {
		kfree(vp);
		return NULL;
	}
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(vp->seen, cpu)->syncp);
	vp->vmq = vmq;
	vp->port = port;
	vp->queue = VMS_VMQ_NO_QUEUE;
	vp->next_queue = VMS_VMQ_NO_QUEUE;
	vp->steered = VMS_VMQ_NO_QUEUE;
	vp->cpu = -1;
	vp->tx_queue = VMS_VMQ_NO_QUEUE;
	vp->by = VMS_VMQ_NO_QUEUE;
	vp->next_cpu = -1;
	vp->pin = -1;
	vp->wish = -1;
	vp->soft_cpu = -1;
	vp->soft.cpu = -1;
	vms_vmq_place_init(&vp->place);
	vp->shown = vp->place;
	port->vmq = vp;
	list_add_tail(&vp->node, &vmq->ports);
	return vp;
}

/**
 * vms_vmq_port_free() - free what a port has of VMQ
 * @vp: it, without filters; no reader sees it any more
 */
void vms_vmq_port_free(struct vms_vmq_port *vp)
{
	list_del(&vp->node);
	free_percpu(vp->seen);
	kfree(vp->filters);
	kfree(vp->plan);
	kfree(vp);
}

/* What of the port's settings matters here; &vms_net.lock is held. */
static void port_collect(struct vms_vmq *vmq, struct vms_port *port,
			 const struct vmq_macs *macs)
{
	const struct vms_policy *pol = vms_port_policy(port);
	struct vms_vmq_port *vp = port->vmq;
	u8 unplanned;
	int pin;

	if (!port_wants(port)) {
		vms_vmq_port_gone(port);
		return;
	}
	if (!vp)
		vp = port_new(vmq, port);
	if (!vp)
		return;
	vp->weight = pol->vmq_weight;
	pin = pol->vmq_cpu == VMS_VMQ_CPU_ANY ? -1 : (int)pol->vmq_cpu;
	if (vp->pin != pin)
		vms_vmq_place_forgive(&vp->place);
	vp->pin = pin;
	unplanned = port_plan(vp, port->sw, pol, macs);
	vp->excuse = port_excuse(port, pol) ?: unplanned ?:
		     pol->vmq_weight ? 0 : VMS_VMQ_R_WEIGHT_ZERO;
	if (vp->excuse)
		vp->ticket = 0;
	else if (!vp->ticket)
		vp->ticket = ++vmq->ticket;
}

/* Settings of the uplink's port; &vms_net.lock is held. */
static void collect_spread(struct vms_vmq *vmq)
{
	const struct vms_policy *pol = vms_port_policy(vmq->nic->sw->uplink);
	struct vms_vmq_spread spread = {
		.dynamic = pol->vmq_dynamic,
		.base_cpu = pol->vmq_base_cpu,
		.max_cpu = pol->vmq_max_cpu,
	};
	struct vms_vmq_port *vp;

	if (spread.dynamic == vmq->spread.dynamic &&
	    spread.base_cpu == vmq->spread.base_cpu &&
	    spread.max_cpu == vmq->spread.max_cpu)
		return;
	vmq->spread = spread;
	list_for_each_entry(vp, &vmq->ports, node)
		vms_vmq_place_forgive(&vp->place);
}

/* A port with other addresses has to have its old filters removed first, which
 * the mutex forbids.  Returns whether there was one.
 */
static bool collect_replan(struct vms_vmq *vmq)
{
	struct vms_net *vn = vmq->nic->sw->vn;
	struct vms_vmq_port *vp;
	bool changed = false;

	list_for_each_entry(vp, &vmq->ports, node) {
		if (!vp->plan)
			continue;
		vms_vmq_uninstall(vp, NULL);
		mutex_lock(&vn->lock);
		swap(vp->filters, vp->plan);
		vp->n_filters = vp->n_plan;
		mutex_unlock(&vn->lock);
		kfree(vp->plan);
		vp->plan = NULL;
		/* What was wrong with the old ones says nothing of these. */
		vp->barred = 0;
		vp->patience = 0;
		vp->by = VMS_VMQ_NO_QUEUE;
		vp->alone = 0;
		changed = true;
	}
	return changed;
}

/**
 * vms_vmq_wanted() - whether a port of a switch wants a queue
 * @sw: the switch
 *
 * Context: RTNL is held, &vms_net.lock is not.
 * Return: true if one does.
 */
bool vms_vmq_wanted(const struct vms_switch *sw)
{
	struct vms_net *vn = sw->vn;
	struct vms_port *port;
	bool wanted = false;

	mutex_lock(&vn->lock);
	list_for_each_entry(port, &sw->port_list, node) {
		wanted = port_wants(port);
		if (wanted)
			break;
	}
	mutex_unlock(&vn->lock);
	return wanted;
}

/**
 * vms_vmq_collect() - take over which ports want a queue
 * @vmq: VMQ of the uplink
 *
 * Context: RTNL is held, &vms_net.lock is not.
 * Return: whether addresses have changed.
 */
bool vms_vmq_collect(struct vms_vmq *vmq)
{
	struct vms_switch *sw = vmq->nic->sw;
	struct vms_net *vn = sw->vn;
	struct vmq_macs macs;
	struct vms_port *port;

	mutex_lock(&vn->lock);
	if (sw->uplink)
		collect_spread(vmq);
	/* Without memory all stays as it is until the next look. */
	if (macs_collect(sw, &macs))
		list_for_each_entry(port, &sw->port_list, node) {
			port_collect(vmq, port, &macs);
			cond_resched();
		}
	mutex_unlock(&vn->lock);
	kvfree(macs.list);
	return collect_replan(vmq);
}
