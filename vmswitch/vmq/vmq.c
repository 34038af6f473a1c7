// SPDX-License-Identifier: GPL-2.0
/*
 * VMQ of an uplink: looked at when settings or devices change, and each second.
 *
 * A look has these steps.  Which ports want a queue is taken over (mutex).  The
 * filters that are set are judged, the pool of queues is read, queues are given
 * and filters set (RTNL, no mutex).  The result is published (mutex).
 */
#include <linux/log2.h>
#include <linux/slab.h>

#include "../event.h"
#include "../dataplane/trace.h"
#include "../nic/lower.h"
#include "vmq.h"

#define VMQ_PERIOD		HZ
/* ... while it is not known whether a new filter works. */
#define VMQ_PERIOD_WATCHED	(HZ / 4)
/* Before a look is repeated passes this multiple of the time that it took. */
#define VMQ_REST		9

static struct vms_vmq *vmq_new(struct vms_nic *nic)
{
	struct vms_vmq *vmq;
	u32 queues = min_t(u32, nic->dev->num_rx_queues, VMS_VMQ_QUEUES_MAX);

	vmq = kzalloc(sizeof(*vmq), GFP_KERNEL_ACCOUNT);
	if (!vmq)
		return NULL;
	vmq->nic = nic;
	vmq->budget = U32_MAX;
	INIT_LIST_HEAD(&vmq->ports);
	/* Index 0 is of frames without a recorded queue. */
	vmq->mask = roundup_pow_of_two(queues + 1) - 1;
	vmq->counts = vms_vmq_counts_new(vmq->mask + 1);
	if (!vmq->counts) {
		kfree(vmq);
		return NULL;
	}
	vms_vmq_tx_init(vmq);
	return vmq;
}

/* No port is left in it, and no reader sees it. */
static void vmq_free(struct vms_vmq *vmq)
{
	vms_vmq_dynamic_free(vmq);
	vms_vmq_rules_free(vmq);
	free_percpu(vmq->counts);
	kfree(vmq);
}

/* What was refused is tried again after a while, and at once if something has
 * happened to the device.
 */
static void vmq_forgive(struct vms_vmq *vmq)
{
	struct vms_vmq_port *vp;

	if (vmq->fresh || time_after(jiffies, vmq->budget_until))
		vmq->budget = U32_MAX;
	list_for_each_entry(vp, &vmq->ports, node) {
		if (vmq->fresh || time_after(jiffies, vp->retry))
			vp->barred = 0;
		if (vmq->fresh) {
			vp->patience = 0;
			vms_vmq_place_forgive(&vp->place);
		}
	}
	if (vmq->fresh)
		vmq->rules.known = false;
	vmq->fresh = false;
}

/* The counters of a queue, or of frames in software, go on; those that are
 * shown begin here.
 */
static void vmq_rebase(struct vms_vmq_port *vp)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		u64 now = vms_vmq_served(vp, vp->next_queue, cpu);

		vp->cpus[cpu].base = now;
		vp->cpus[cpu].last = now;
		vp->cpus[cpu].sampled = now;
	}
	vp->next_cpu = -1;
}

/* Returns whether the data path has to know; both locks are held. */
static bool vmq_publish_port(struct vms_vmq_port *vp)
{
	bool moved = vp->queue != vp->next_queue;
	int soft_cpu = vp->soft.cpu;
	bool steered = vp->soft_cpu != soft_cpu;
	bool told = moved || steered || vp->reason != vp->next_reason ||
		    vp->error != vp->next_error;
	bool seen;

	if (vp->next_queue < 0)
		vp->next_verified = false;
	seen = moved || vp->verified != vp->next_verified;
	if (moved)
		vms_vmq_place_init(&vp->place);
	if ((moved && vp->next_queue >= 0) || (steered && vp->soft_cpu < 0))
		vmq_rebase(vp);
	if (told && vp->port)
		trace_vms_vmq_change(vp->port, vp->queue, vp->next_queue,
				     vp->next_reason);
	vp->moves += moved || (steered && vp->soft_cpu >= 0 && soft_cpu >= 0);
	WRITE_ONCE(vp->queue, vp->next_queue);
	vp->soft_cpu = soft_cpu;
	vms_vmq_tx_set(vp);
	vp->mode = vp->queue >= 0 ? VMS_VMQ_HARDWARE :
		   soft_cpu >= 0 ? VMS_VMQ_SOFTWARE : VMS_VMQ_DEFAULT;
	vp->reason = vp->next_reason;
	vp->error = vp->next_error;
	vp->verified = vp->next_verified;
	vp->cpu = vp->mode == VMS_VMQ_DEFAULT ? -1 : vp->next_cpu;
	if (vp->queue < 0 || netif_running(vp->vmq->nic->dev))
		vp->lost = false;
	vp->shown = vp->place;
	if ((told || vp->place.news) && vp->port)
		vms_event_vmq(vp->port);
	vp->place.news = false;
	return seen;
}

static bool vmq_publish_ports(struct vms_vmq *vmq,
			      const struct vms_vmq_pool *pool)
{
	struct vms_net *vn = vmq->nic->sw->vn;
	struct vms_vmq_port *vp;
	bool changed = false;
	u32 held = 0;

	mutex_lock(&vn->lock);
	list_for_each_entry(vp, &vmq->ports, node) {
		changed |= vmq_publish_port(vp);
		vp->gone = !vp->port && vp->queue < 0 &&
			   vms_vmq_soft_is_idle(vp);
		changed |= vp->gone;
		held += vp->queue >= 0;
	}
	if (pool) {
		vmq->n_queues = pool->n_queues;
		vmq->n_pool = bitmap_weight(pool->queues, VMS_VMQ_QUEUES_MAX);
	}
	vmq->n_free = vmq->n_pool - min(held, vmq->n_pool);
	mutex_unlock(&vn->lock);
	return changed;
}

/* Until readers were waited for, one more frame may have been handed over: then it
 * has time until the next look.
 */
static void vmq_free_gone(struct vms_vmq *vmq)
{
	struct vms_vmq_port *vp, *tmp;

	list_for_each_entry_safe(vp, tmp, &vmq->ports, node)
		if (vp->gone && vms_vmq_soft_is_idle(vp))
			vms_vmq_port_free(vp);
}

/* Give the data path a new table, and wait until nobody sees the old one.
 * Without memory for one it has none: then nothing is counted.
 */
static void vmq_replace_rx(struct vms_nic *nic, struct vms_vmq_rx *new)
{
	struct vms_vmq_rx *old;

	old = rcu_replace_pointer(nic->vmq, new, lockdep_rtnl_is_held());
	if (!old)
		return;
	synchronize_net();
	vms_vmq_rx_free(old);
}

/* Look again, also for what could not be done now. */
static void vmq_retry(struct vms_net *vn)
{
	queue_delayed_work(vms_wq, &vn->vmq_work, VMQ_PERIOD);
}

static void vmq_schedule(struct vms_vmq *vmq)
{
	struct vms_net *vn = vmq->nic->sw->vn;
	struct vms_vmq_port *vp;
	bool watch = false;

	list_for_each_entry(vp, &vmq->ports, node)
		watch |= vp->queue >= 0 && !vp->verified &&
			 (vp->strikes || time_before(jiffies, vp->watched));
	if (watch)
		mod_delayed_work(vms_wq, &vn->vmq_work, VMQ_PERIOD_WATCHED);
	else
		vmq_retry(vn);
}

/* While its driver resets it, a device that is up can not be asked. */
static bool vmq_is_ready(struct net_device *dev)
{
	if (!netif_running(dev))
		return true;
	if (vms_vmq_device_begin(dev))
		return false;
	vms_vmq_device_end(dev);
	return true;
}

/* Returns false if it is not known what there is to give. */
static bool vmq_decide(struct vms_vmq *vmq, struct vms_vmq_pool *pool)
{
	int err = vms_vmq_pool_read(vmq, pool);

	/* What ports have is theirs until the driver has time to tell. */
	if (vms_vmq_is_transient(err))
		return false;
	if (err && !pool->reason)
		pool->reason = VMS_VMQ_R_UNSUPPORTED;
	vms_vmq_decide(vmq, pool);
	vms_vmq_adopt(vmq, pool);
	return true;
}

static void vmq_look(struct vms_vmq *vmq)
{
	struct vms_nic *nic = vmq->nic;
	struct vms_vmq_pool *pool;
	bool changed, known;

	/* When that is over it has all again, filters too, so all stays as it is. */
	if (!vmq_is_ready(nic->dev))
		return;
	pool = kvzalloc(sizeof(*pool), GFP_KERNEL);
	if (!pool)
		return;
	vms_vmq_left_retry(nic->sw->vn);
	changed = vms_vmq_collect(vmq);
	vmq_forgive(vmq);
	vms_vmq_judge(vmq);
	known = vmq_decide(vmq, pool);
	vms_vmq_dynamic(vmq);
	vms_vmq_steer(vmq);
	changed |= vmq_publish_ports(vmq, known ? pool : NULL);
	if (changed || !rcu_access_pointer(nic->vmq)) {
		vmq_replace_rx(nic, vms_vmq_rx_new(vmq));
		vmq_free_gone(vmq);
	}
	vms_vmq_pool_free(pool);
	kvfree(pool);
}

static void vmq_set(struct vms_lower *lower, struct vms_vmq *vmq)
{
	struct vms_net *vn = lower->nic.sw->vn;

	mutex_lock(&vn->lock);
	lower->vmq = vmq;
	mutex_unlock(&vn->lock);
}

/**
 * vms_vmq_sync() - make queues and filters what ports want, as far as it goes
 * @nic: an uplink's NIC, attached
 *
 * Context: RTNL is held, &vms_net.lock is not.
 */
void vms_vmq_sync(struct vms_nic *nic)
{
	struct vms_lower *lower = vms_lower(nic);
	struct vms_net *vn = nic->sw->vn;
	struct vms_vmq *vmq;

	ASSERT_RTNL();
	if (!vms_nic_port_rtnl(nic))
		return;
	if (!lower->vmq) {
		if (!vms_vmq_wanted(nic->sw))
			return;
		vmq = vmq_new(nic);
		if (!vmq) {
			netdev_warn_once(nic->dev, "no memory to give ports their own queues\n");
			vmq_retry(vn);
			return;
		}
		vmq_set(lower, vmq);
	}
	vmq_look(lower->vmq);
	if (list_empty(&lower->vmq->ports)) {
		vms_vmq_detach(nic);
		/* There was no memory for them, or the device was not ready. */
		if (vms_vmq_wanted(nic->sw))
			vmq_retry(vn);
		return;
	}
	vms_vmq_tx_watch(lower->vmq);
	vmq_schedule(lower->vmq);
}

/* Ports keep the wish, but there is no NIC to fulfil it. */
static void vmq_forget_ports(struct vms_vmq *vmq)
{
	struct vms_net *vn = vmq->nic->sw->vn;
	struct vms_vmq_port *vp;
	struct vms_port *port;

	mutex_lock(&vn->lock);
	list_for_each_entry(vp, &vmq->ports, node) {
		port = vp->port;
		if (!port)
			continue;
		vms_vmq_port_gone(port);
		vms_event_vmq(port);
	}
	mutex_unlock(&vn->lock);
}

/**
 * vms_vmq_detach() - remove all that VMQ has done to an uplink's NIC
 * @nic: the NIC
 *
 * Context: RTNL is held, &vms_net.lock is not.
 */
void vms_vmq_detach(struct vms_nic *nic)
{
	struct vms_lower *lower = vms_lower(nic);
	struct vms_vmq *vmq = lower->vmq;
	struct vms_vmq_port *vp, *tmp;

	ASSERT_RTNL();
	if (!vmq)
		return;
	list_for_each_entry(vp, &vmq->ports, node)
		vms_vmq_uninstall(vp, NULL);
	vmq_replace_rx(nic, NULL);
	vms_vmq_soft_stop(vmq);
	vmq_forget_ports(vmq);
	vmq_set(lower, NULL);
	vms_vmq_tx_exit(vmq);
	list_for_each_entry_safe(vp, tmp, &vmq->ports, node)
		vms_vmq_port_free(vp);
	vmq_free(vmq);
}

/**
 * vms_vmq_port_gone() - a port is deleted, or wants no queue any more
 * @port: the port; &vms_net.lock is held
 *
 * Its filters are removed by the next vms_vmq_sync().
 */
void vms_vmq_port_gone(struct vms_port *port)
{
	lockdep_assert_held(&port->sw->vn->lock);

	if (!port->vmq)
		return;
	WRITE_ONCE(port->txq, 0);
	WRITE_ONCE(port->vmq->port, NULL);
	port->vmq->ticket = 0;
	port->vmq = NULL;
}

/**
 * vms_vmq_kick() - look at all uplinks of a namespace soon
 * @vn: the namespace
 *
 * Context: Any but hard interrupts.
 */
void vms_vmq_kick(struct vms_net *vn)
{
	mod_delayed_work(vms_wq, &vn->vmq_work, 0);
}

/**
 * vms_vmq_event() - something happened to a device
 * @dev: any device
 *
 * Context: A notifier: RTNL is held, maybe the instance lock of @dev too.
 */
void vms_vmq_event(const struct net_device *dev)
{
	struct vms_nic *nic = vms_lower_of_dev(dev);
	struct vms_vmq *vmq = nic ? vms_lower(nic)->vmq : NULL;

	if (!vmq)
		return;
	vmq->fresh = true;
	vms_vmq_kick(nic->sw->vn);
}

static struct vms_nic *vmq_uplink_nic(struct vms_switch *sw)
{
	struct vms_nic *nic = NULL;

	mutex_lock(&sw->vn->lock);
	if (sw->uplink)
		nic = vms_port_nic(sw->uplink);
	mutex_unlock(&sw->vn->lock);
	return nic;
}

/**
 * vms_vmq_work() - look at all uplinks of a namespace
 * @work: &vms_net.vmq_work
 */
void vms_vmq_work(struct work_struct *work)
{
	struct vms_net *vn = container_of(to_delayed_work(work),
					  struct vms_net, vmq_work);
	struct vms_switch *sw;
	struct vms_nic *nic;
	unsigned long rest;

	rtnl_lock();
	rest = jiffies;
	if (!vn->exiting) {
		vms_vmq_left_retry(vn);
		list_for_each_entry(sw, &vn->switches, node) {
			nic = vmq_uplink_nic(sw);
			if (nic)
				vms_vmq_sync(nic);
		}
	}
	/* Thousands of ports with many addresses take long: looks that repeat
	 * themselves must leave RTNL to others for most of the time.
	 */
	rest = VMQ_REST * (jiffies - rest);
	if (rest > VMQ_PERIOD && delayed_work_pending(&vn->vmq_work))
		mod_delayed_work(vms_wq, &vn->vmq_work, rest);
	rtnl_unlock();
}

/**
 * vms_vmq_of() - VMQ of a switch's uplink
 * @sw: the switch; &vms_net.lock is held
 *
 * Return: it, or NULL if no port wants a queue or no uplink is plugged.
 */
const struct vms_vmq *vms_vmq_of(const struct vms_switch *sw)
{
	struct vms_nic *nic = sw->uplink ? vms_port_nic(sw->uplink) : NULL;

	return nic ? vms_lower(nic)->vmq : NULL;
}

/**
 * vms_vmq_reason() - why a port has a queue, or none
 * @port: a port that wants one; &vms_net.lock is held
 *
 * Return: &enum vms_vmq_reason.
 */
u8 vms_vmq_reason(const struct vms_port *port)
{
	const struct vms_switch *sw = port->sw;

	if (port->vmq)
		return port->vmq->reason;
	if (!sw->uplink || !vms_port_nic(sw->uplink))
		return VMS_VMQ_R_NO_UPLINK;
	return VMS_VMQ_R_PENDING;
}
