/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The three objects of the switch and their accessors.
 */
#ifndef _VMSWITCH_H
#define _VMSWITCH_H

#include <linux/hashtable.h>
#include <linux/if_vlan.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include "compat.h"
#include <uapi/linux/vmswitch.h>

#include "dataplane/fdb.h"
#include "dataplane/stats.h"

/**
 * DOC: Locking
 *
 * RTNL -> instance lock of a lower device (7.x) -> &vms_net.lock -> spinlocks
 * (bottom halves off), of which none is taken under another:
 * &vms_port.state_lock, &vms_fdb.lock, &vms_switch.flags_lock,
 * &vms_switch.gone_lock, &vms_net.link_lock, and those of the pool, of software
 * VMQ and of vNICs' rings.
 *
 * &vms_net.lock is the mutex of all control paths: one for each network
 * namespace, because a transaction may span the switches of a namespace.  A
 * request that may touch a device takes RTNL first; all others take the mutex
 * only.  No dev_*() function and no ethtool op of a foreign device is called
 * under the mutex, so a transaction attaches devices before it takes it and
 * detaches them after it has released it.
 *
 * The data path runs under RCU with bottom halves off.  Unicast takes no lock of
 * the switch, but for &vms_fdb.lock when an address is learned or moves.
 *
 * Notifiers for a device that goes up or down or changes its carrier may hold
 * that device's instance lock: they take &vms_port.state_lock only and queue
 * the rest as work.
 */

struct nlattr;
struct vms_nic;
struct vms_port;
struct vms_switch;

#define VMS_N_VID	4096

/* A MAC address as a number: the six bytes in memory order in the upper 48
 * bits, zero below.
 */
static inline u64 vms_mac_u64(const u8 *addr)
{
	return (u64)get_unaligned((const u32 *)addr) << 16 |
	       (u64)get_unaligned((const u16 *)(addr + 4)) << 48;
}

/* The group bit, the lowest of the first byte, in such a number. */
#ifdef __LITTLE_ENDIAN
#define VMS_MAC_GROUP	BIT_ULL(16)
#else
#define VMS_MAC_GROUP	BIT_ULL(40)
#endif

static inline void vms_u64_mac(u64 mac, u8 *addr)
{
	put_unaligned((u32)(mac >> 16), (u32 *)addr);
	put_unaligned((u16)(mac >> 48), (u16 *)(addr + 4));
}

/**
 * struct vms_net - what one network namespace holds
 * @net: the namespace
 * @lock: mutex of all control paths of this namespace, see DOC: Locking
 * @switches: all &vms_switch by &vms_switch.node; under RTNL and @lock, read
 *	under either
 * @bindings: &vms_port by &vms_port.bind_node, keyed by the name of the device
 *	that the port is bound to; under @lock
 * @bind_work: plugs devices that appeared under a bound name, and looks again
 *	at devices that have changed
 * @link_work: follows up link changes that a notifier saw
 * @link_pending: &vms_port by &vms_port.link_node for @link_work; under
 *	@link_lock
 * @link_lock: spinlock of @link_pending, bottom halves off
 * @n_switches: length of @switches; under RTNL
 * @vmq_work: looks at the receive queues of uplinks
 * @vmq_left: filters that NICs still have to be rid of; under RTNL
 * @exiting: the namespace is going: nothing is plugged any more; under RTNL
 */
struct vms_net {
	struct net *net;
	struct mutex lock; /* all control paths */
	struct list_head switches;
	DECLARE_HASHTABLE(bindings, 10);
	struct work_struct bind_work;
	struct work_struct link_work;
	struct list_head link_pending;
	spinlock_t link_lock; /* link_pending */
	unsigned int n_switches;
	struct delayed_work vmq_work;
	struct list_head vmq_left;
	bool exiting;
};

/* Bits of vms_switch.flags, read by the data path. */
#define VMS_SW_UP		BIT(0)	/* the netdev is up */
#define VMS_SW_UPLINK_LEARNS	BIT(1)	/* an uplink on learning auto learns */

/**
 * struct vms_port_table - ports of a switch by id
 * @rcu: for kfree_rcu()
 * @size: number of slots
 * @port: the ports; slot 0 is never used, so that id 0 means none
 */
struct vms_port_table {
	struct rcu_head rcu;
	unsigned long size;
	struct vms_port __rcu *port[] __counted_by(size);
};

/**
 * struct vms_switch - one switch; the private data of its netdev
 * @flags: VMS_SW_* bits; written under @flags_lock, read anywhere
 * @dev: the switch's netdev ("vs0")
 * @ports: ports by id; written under &vms_net.lock
 * @vlans: VMS_N_VID pointers by VID; written under &vms_net.lock
 * @no_vlan: in @vlans where no port is a member, for the switch's life: so that
 *	a frame whose VLAN has lost its last member finds one all the same
 * @fdb: forwarding database
 * @pool: heads for copies of frames, for the switch's life
 * @type: &enum vms_switch_type; under &vms_net.lock
 * @ageing: seconds; under &vms_net.lock
 * @vn: the namespace, for the switch's life
 * @node: in &vms_net.switches
 * @port_list: all ports by &vms_port.node; under &vms_net.lock
 * @port_names: all ports by &vms_port.name_node; under &vms_net.lock
 * @uplink: the port of kind external, or NULL; under &vms_net.lock
 * @n_ports: length of @port_list; under &vms_net.lock
 * @n_unknown: ports but the uplink that take unknown unicast; under
 *	&vms_net.lock
 * @n_ids: port ids in use, those of ports that are going included; under
 *	&vms_net.lock
 * @id_hint: where the search for a free port id begins; under &vms_net.lock
 * @members_hint: where in &vms_vlan.members the last port was that left one;
 *	under &vms_net.lock
 * @unknown_hint: likewise in &vms_vlan.unknown
 * @gone: counters of deleted ports; under @gone_lock
 * @gone_lock: spinlock of @gone, bottom halves off
 * @registered: the netdev is registered; under &vms_net.lock
 * @dead: being deleted: no verb finds it any more; under &vms_net.lock
 * @flags_lock: spinlock of writers of @flags, bottom halves off
 */
struct vms_switch {
	u32 flags;
	struct net_device *dev;
	struct vms_port_table __rcu *ports;
	struct vms_vlan __rcu **vlans;
	struct vms_vlan *no_vlan;
	struct vms_fdb fdb;
	struct vms_pool *pool;

	u8 type;
	u32 ageing;
	struct vms_net *vn;
	struct list_head node;
	struct list_head port_list;
	DECLARE_HASHTABLE(port_names, 8);
	struct vms_port *uplink;
	u32 n_ports;
	u32 n_unknown;
	u32 n_ids;
	u32 id_hint;
	u32 members_hint;
	u32 unknown_hint;
	struct vms_stats_sum gone;
	spinlock_t gone_lock; /* gone */
	bool registered;
	bool dead;
	spinlock_t flags_lock; /* writers of flags */
};

/* Bits of vms_policy.flags. */
#define VMS_PF_TRUNK		BIT(0)	/* members is a bitmap */
#define VMS_PF_GUARD		BIT(1)	/* source addresses are checked */
#define VMS_PF_LEARN		BIT(2)	/* learns */
#define VMS_PF_LEARN_AUTO	BIT(3)	/* learns while VMS_SW_UPLINK_LEARNS */
#define VMS_PF_UNKNOWN		BIT(4)	/* takes unknown unicast */
#define VMS_PF_MCAST		BIT(5)	/* takes multicast */
#define VMS_PF_BCAST		BIT(6)	/* takes broadcast */
#define VMS_PF_EVICT		BIT(7)	/* at its MAC limit the oldest goes */

/* Where in vms_port.untagged a TCI begins; VMS_PF_* bits are below. */
#define VMS_UNTAGGED_TCI	16

/**
 * struct vms_policy - the configuration of a port; immutable once published
 * @flags: VMS_PF_* bits: what follows from the settings below
 * @pvid: VLAN of untagged frames, which leaves untagged; 0: none
 * @pcp_dei: PCP of frames that come untagged, in the bits of a TCI
 * @n_macs: length of @macs
 * @mac_limit: dynamic FDB entries, U32_MAX: no limit
 * @members: trunk: bitmap of VMS_N_VID bits, in the tail of this allocation;
 *	access: NULL
 * @vlan_mode: &enum vms_vlan_mode
 * @admin: administratively up
 * @learning: &enum vms_tristate
 * @mac_guard: setting
 * @mac_change: setting
 * @unknown_flood: &enum vms_tristate
 * @mcast_flood: setting
 * @bcast_flood: setting
 * @qdisc: &enum vms_qdisc
 * @autoup: setting
 * @down_mode: &enum vms_down_mode
 * @link_follow: setting
 * @uplink_filter: setting, of an uplink
 * @vmq: setting: the port wants a receive queue of the uplink
 * @vmq_weight: setting, 0..100
 * @vmq_dynamic: setting, of an uplink
 * @vmq_cpu: setting: CPU that is to serve the port's queue, or VMS_VMQ_CPU_ANY
 * @vmq_base_cpu: setting, of an uplink: first CPU that queues may be moved to
 * @vmq_max_cpu: setting, of an uplink: last such CPU, or VMS_VMQ_CPU_ANY
 * @rcu: for kfree_rcu()
 * @macs: addresses that live at the port, as vms_mac_u64()
 *
 * Made by vms_policy_edit(), published by vms_port_publish().
 */
struct vms_policy {
	u32 flags;
	u16 pvid;
	u16 pcp_dei;
	u32 mac_limit;
	u8 n_macs;
	unsigned long *members;

	u8 vlan_mode;
	u8 admin;
	u8 learning;
	u8 mac_guard;
	u8 mac_change;
	u8 unknown_flood;
	u8 mcast_flood;
	u8 bcast_flood;
	u8 qdisc;
	u8 autoup;
	u8 down_mode;
	u8 link_follow;
	u8 uplink_filter;
	u8 vmq;
	u8 vmq_weight;
	u8 vmq_dynamic;
	u32 vmq_cpu;
	u32 vmq_base_cpu;
	u32 vmq_max_cpu;
	struct rcu_head rcu;
	u64 macs[];
};

/**
 * struct vms_port - a port of a switch
 * @policy: its configuration; published under &vms_net.lock and @state_lock
 * @nic: the plugged NIC or NULL; written under &vms_net.lock (and RTNL)
 * @stats: counters, per CPU
 * @sw: the switch, for the port's life
 * @state: &enum vms_port_state bits but LEARNING and UNKNOWN; written under
 *	@state_lock, read anywhere with READ_ONCE()
 * @access: while the port is an access port with link its VLAN, else 0: a
 *	digest of @state and @policy, so that most frames need look at neither;
 *	written under @state_lock, read anywhere with READ_ONCE()
 * @untagged: while the port is up and takes untagged frames the TCI that they
 *	get, with the policy's flags, else 0: a digest as @access
 * @id: 1..VMS_PORTS_MAX, for the port's life
 * @kind: &enum vms_nic_kind, for the port's life
 * @txq: transmit queue of the uplink that its frames should leave by, plus 1,
 *	0: any; written under &vms_net.lock, READ_ONCE() by the data path
 * @n_dynamic: dynamic FDB entries of the port; under &vms_fdb.lock
 * @n_static: static FDB entries of the port; under &vms_fdb.lock
 * @state_lock: spinlock of @state, @access, @untagged and writers of
 *	@policy, bottom halves off
 * @name: NUL-terminated, for the port's life
 * @dev_name: name of the device that the port is bound to, or empty; under
 *	&vms_net.lock
 * @node: in &vms_switch.port_list
 * @name_node: in &vms_switch.port_names
 * @bind_node: in &vms_net.bindings
 * @link_node: in &vms_net.link_pending
 * @staged: what a running transaction does to the port, or NULL; under
 *	&vms_net.lock
 * @vmq: what it has of the uplink's queues, or NULL; under &vms_net.lock
 * @rcu: frees the port after the last reader
 */
struct vms_port {
	struct vms_policy __rcu *policy;
	struct vms_nic __rcu *nic;
	struct vms_stats __percpu *stats;
	struct vms_switch *sw;
	u32 state;
	u32 untagged;
	u16 access;
	u16 id;
	u8 kind;
	u16 txq;

	u32 n_dynamic;
	u32 n_static;
	spinlock_t state_lock; /* writers of state */
	char name[VMS_PORT_NAME_MAX + 1];
	char dev_name[IFNAMSIZ];
	struct list_head node;
	struct hlist_node name_node;
	struct hlist_node bind_node;
	struct list_head link_node;
	struct vms_port_staged *staged;
	struct vms_vmq_port *vmq;
	struct rcu_head rcu;
};

/**
 * struct vms_nic_ops - a NIC kind
 * @kind: &enum vms_nic_kind
 * @check: whether @dev may be plugged into @sw; RTNL is held, &vms_net.lock
 *	is not.  NULL for a kind that makes its own device
 * @attach: make the device's frames come to nic->port (while that is NULL they
 *	go on to the stack); RTNL is held, &vms_net.lock is not
 * @detach: undo @attach; nic->port is NULL already; RTNL is held,
 *	&vms_net.lock is not.  Frees @nic after the last reader.  A device that
 *	is unregistered is queued on @kill
 * @plugged: a port was given the NIC: what follows from the port's settings
 *	(open the device, its filters, address); RTNL is held, &vms_net.lock is
 *	not.  Also called when settings of the plugged port changed.  What can
 *	not be had is told as a warning in @extack, which may be NULL
 * @link: the port's link state changed to @up; process context or a notifier,
 *	RTNL may be held.  May be NULL
 * @xmit: transmit to the device.  Data path: RCU, bottom halves off.  Consumes
 *	the frame, whose data points to the MAC header and whose tag, if any, is
 *	in the hardware slot.  Returns &enum vms_drop_reason, 0 if delivered.
 *	NULL for a kind that is always @direct
 */
struct vms_nic_ops {
	u8 kind;
	int (*check)(struct vms_switch *sw, struct net_device *dev,
		     struct netlink_ext_ack *extack);
	int (*attach)(struct vms_nic *nic, struct netlink_ext_ack *extack);
	void (*detach)(struct vms_nic *nic, struct list_head *kill);
	void (*plugged)(struct vms_nic *nic, struct netlink_ext_ack *extack);
	void (*link)(struct vms_nic *nic, bool up);
	enum vms_drop_reason (*xmit)(struct vms_nic *nic, struct sk_buff *skb);
};

/**
 * struct vms_nic - the binding of a port to one netdev
 * @ops: the NIC kind
 * @dev: the netdev; a reference is held for a foreign one, a vNIC is embedded
 *	in its own
 * @port: the port, NULL before it is plugged and after it is unplugged;
 *	written under &vms_net.lock (and RTNL)
 * @vmq: of an uplink of which ports want queues, else NULL; written under RTNL
 * @sw: the switch, while attached; RTNL
 * @dev_tracker: of the reference to @dev
 * @node: in lists of a transaction; RTNL
 * @attached: between @ops->attach and @ops->detach; RTNL
 * @stale: something has changed at the device that @ops->plugged has to see;
 *	RTNL
 * @direct: frames go to it by vms_lower_xmit(), not by @ops->xmit; written under
 *	RTNL, READ_ONCE() by the data path
 * @is_tap: the netdev is a tap, which drops rather than stops its queue; for
 *	the NIC's life
 * @qdisc: &enum vms_qdisc of the port, READ_ONCE() by the data path
 * @rcu: frees the NIC after the last reader
 */
struct vms_nic {
	const struct vms_nic_ops *ops;
	struct net_device *dev;
	struct vms_port __rcu *port;
	struct vms_vmq_rx __rcu *vmq;
	struct vms_switch *sw;
	netdevice_tracker dev_tracker;
	struct list_head node;
	bool attached;
	bool stale;
	bool direct;
	bool is_tap;
	u8 qdisc;
	struct rcu_head rcu;
};

/**
 * struct vms_uplink_state - what became of the filters of an uplink's device
 * @filter: &enum vms_filter_state
 * @vids_refused: VIDs that its VLAN filter has refused
 * @macs_refused: addresses that could not be added to its filter
 */
struct vms_uplink_state {
	u8 filter;
	u32 vids_refused;
	u32 macs_refused;
};

/* Accessors, by context. */

static inline struct vms_policy *vms_port_policy_rcu(const struct vms_port *port)
{
	return rcu_dereference_bh_check(port->policy, rcu_read_lock_held());
}

#define vms_locked(vn) lockdep_is_held(&(vn)->lock)

static inline struct vms_policy *vms_port_policy(const struct vms_port *port)
{
	return rcu_dereference_protected(port->policy,
					 vms_locked(port->sw->vn));
}

static inline struct vms_nic *vms_port_nic_rcu(const struct vms_port *port)
{
	return rcu_dereference_bh_check(port->nic, rcu_read_lock_held());
}

/* @nic changes only with both RTNL and the mutex held: either is enough. */
static inline struct vms_nic *vms_port_nic(const struct vms_port *port)
{
	return rcu_dereference_protected(port->nic,
					 vms_locked(port->sw->vn) ||
					 lockdep_rtnl_is_held());
}

static inline struct vms_port *vms_nic_port_rcu(const struct vms_nic *nic)
{
	return rcu_dereference_bh_check(nic->port, rcu_read_lock_held());
}

static inline struct vms_port *vms_nic_port_rtnl(const struct vms_nic *nic)
{
	return rcu_dereference_rtnl(nic->port);
}

static inline struct vms_port *vms_switch_port_rcu(const struct vms_switch *sw,
						   unsigned long id)
{
	struct vms_port_table *table;

	table = rcu_dereference_bh_check(sw->ports, rcu_read_lock_held());
	if (unlikely(id >= table->size))
		return NULL;
	return rcu_dereference_bh_check(table->port[id], rcu_read_lock_held());
}

#define VMS_VERSION	"0.1.0"

/* main.c */
struct vms_net *vms_net(const struct net *net);
extern struct workqueue_struct *vms_wq;

/* switch.c */
extern struct rtnl_link_ops vms_switch_link_ops;
bool vms_is_switch(const struct net_device *dev);
struct vms_switch *vms_switch_alloc(struct net *net, const char *name);
int vms_switch_check_room(struct vms_net *vn, unsigned int n_more,
			  struct netlink_ext_ack *extack);
int vms_switch_register(struct vms_switch *sw, struct netlink_ext_ack *extack);
void vms_switch_unregister(struct vms_switch *sw, struct list_head *kill);
struct vms_switch *vms_switch_find(struct vms_net *vn, const char *name);
void vms_switch_count_unknown(struct vms_switch *sw, int by);
void vms_switch_set_flag(struct vms_switch *sw, u32 flag, bool on);
int vms_switch_new_port_id(struct vms_switch *sw, struct vms_port *port);
void vms_switch_free_port_id(struct vms_switch *sw, struct vms_port *port);

/* The device of exactly this name, to which ports are bound: an alternative one
 * does not count.  RTNL is held.
 */
static inline struct net_device *vms_dev_by_name(struct net *net,
						 const char *name)
{
	struct net_device *dev = __dev_get_by_name(net, name);

	return dev && !strcmp(dev->name, name) ? dev : NULL;
}

static inline const char *vms_switch_name(const struct vms_switch *sw)
{
	return sw->dev->name;
}

/* policy.c */
bool vms_policy_owns(const struct vms_policy *pol, u64 mac);

/* port.c */
bool vms_port_name_valid(const char *name);
struct vms_port *vms_port_alloc(struct vms_switch *sw, const char *name,
				u8 kind);
void vms_port_free(struct vms_port *port);
struct vms_port *vms_port_find(struct vms_switch *sw, const char *name);
struct vms_port *vms_port_find_binding(struct vms_net *vn, const char *dev);
void vms_port_bind(struct vms_port *port, const char *dev);
void vms_port_unhash(struct vms_port *port);
void vms_port_rehash(struct vms_port *port);
int vms_port_reserve(struct vms_port *port, const struct vms_policy *pol,
		     struct netlink_ext_ack *extack);
void vms_port_unreserve(struct vms_port *port, const struct vms_policy *pol);
void vms_port_publish(struct vms_port *port, struct vms_policy *pol);
void vms_port_withdraw(struct vms_port *port);
void vms_port_plug(struct vms_port *port, struct vms_nic *nic);
struct vms_nic *vms_port_unplug(struct vms_port *port);
void vms_port_set_state(struct vms_port *port, u32 clear, u32 set);
u32 vms_port_state(const struct vms_port *port);
struct vms_port *vms_port_next(struct vms_switch *sw, u32 id);
int vms_port_move_mac(struct vms_port *port, const u8 *addr,
		      struct netlink_ext_ack *extack);

/* nic.c */
int vms_nic_init(void);
void vms_nic_exit(void);
int vms_nic_check(struct vms_switch *sw, u8 kind, struct net_device *dev,
		  bool given_up, struct netlink_ext_ack *extack);
struct vms_nic *vms_nic_attach(struct vms_switch *sw, u8 kind,
			       struct net_device *dev,
			       struct netlink_ext_ack *extack);
void vms_nic_detach(struct vms_nic *nic, struct list_head *kill);
void vms_nic_plug_bound(struct vms_net *vn, const char *name,
			struct netlink_ext_ack *extack);
void vms_nic_bind_work(struct work_struct *work);
void vms_nic_link_work(struct work_struct *work);
void vms_nic_link_changed(struct vms_port *port);
struct vms_nic *vms_nic_of_dev(const struct net_device *dev);
bool vms_nic_carrier(const struct vms_nic *nic);

/* nic/lower.c */
void vms_nic_vids_taken(const struct vms_nic *nic, unsigned long *vids);

/* nic/external.c */
void vms_uplink_state(const struct vms_nic *nic,
		      struct vms_uplink_state *state);

/* nic/vnic.c */
extern struct rtnl_link_ops vms_vnic_link_ops;
bool vms_is_vnic(const struct net_device *dev);
struct vms_nic *vms_vnic_create(struct vms_switch *sw, struct net *net,
				const char *name, const u8 *addr, u32 mtu,
				struct netlink_ext_ack *extack);

#endif /* _VMSWITCH_H */
