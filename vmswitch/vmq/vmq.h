/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VMQ: the frames for a port arrive on a receive queue of its own.
 *
 * A filter of the uplink's NIC, set by the driver's ethtool operations as
 * "ethtool -N" sets one, sends frames with the port's address to its queue.
 * Whatever no filter matches comes by the queues that RSS uses, as ever, and
 * no frame skips a check of the switch because of the queue it came by.
 */
#ifndef _VMSWITCH_VMQ_H
#define _VMSWITCH_VMQ_H

#include <linux/if_vlan.h>
#include <linux/u64_stats_sync.h>

#include "../vmswitch.h"
#include "alloc.h"
#include "balance.h"
#include "mover.h"
#include "software.h"

/* Queues of a NIC that are looked at. */
#define VMS_VMQ_QUEUES_MAX	1024

/**
 * struct vms_vmq_filter - a filter of the uplink's NIC
 * @mac: destination address, as vms_mac_u64()
 * @vid: VID of the tag, 0: any tag or none
 * @location: where the driver keeps the rule, if @installed
 * @installed: the driver has the rule
 * @listed: the address is in the device's list of addresses
 */
struct vms_vmq_filter {
	u64 mac;
	u16 vid;
	u32 location;
	bool installed;
	bool listed;
};

/**
 * struct vms_vmq_seen - frames for a port that were looked at, of one CPU
 * @syncp: for 32 bits
 * @own: on the port's queue, counted only until its filter is known to work
 * @elsewhere: on another queue
 * @soft: by &enum vms_vmq_soft_stat, of a port with a CPU but no queue
 * @turns: that came by another queue than the one before
 * @by: queue of the last one, plus 1; 0: the driver has not told
 */
struct vms_vmq_seen {
	struct u64_stats_sync syncp;
	u64_stats_t own;
	u64_stats_t elsewhere;
	u64_stats_t soft[VMS_VMQ_SOFT_STATS];
	u64_stats_t turns;
	u16 by;
};

/**
 * struct vms_vmq_cpu - what a CPU has received from a port's queue, or run for a
 *	port that has none
 * @base: frames when the port was given the queue, or its first CPU
 * @last: frames when it was last looked at
 * @sampled: frames when the load was last looked at
 * @looked: frames for the port, of &struct vms_vmq_seen, when it was last looked
 *	at how they come
 * @turns: likewise
 */
struct vms_vmq_cpu {
	u64 base;
	u64 last;
	u64 sampled;
	u64 looked;
	u64 turns;
};

/**
 * struct vms_vmq_port - a port that wants a queue of an uplink
 * @node: in &vms_vmq.ports; RTNL
 * @port: the port; NULL: it is gone, or wants none any more.  Written under
 *	&vms_net.lock, READ_ONCE() by the data path
 * @vmq: the uplink's part
 * @mode: &enum vms_vmq_mode; this to @cpu are written under RTNL and
 *	&vms_net.lock, read under either
 * @reason: &enum vms_vmq_reason
 * @error: errno of VMS_VMQ_R_REFUSED
 * @queue: the port's queue, or VMS_VMQ_NO_QUEUE
 * @verified: frames for the port were seen on its queue
 * @moves: changes of @queue, and of the CPU that frames are handed over to
 * @filters: what the port needs; the array changes under both locks, what is in
 *	it under RTNL
 * @n_filters: length of @filters
 * @cpu: the CPU that served the queue, or ran the port's frames, most when it
 *	was last looked at, or -1
 * @tx_queue: transmit queue that a frame of the port was last seen on, or
 *	VMS_VMQ_NO_QUEUE; written with WRITE_ONCE() by who sees one
 * @shown: what of @place others may see
 * @ticket: orders ports by when they first could have a queue, 0: they can
 *	not; this and all below under RTNL
 * @weight: of the port, 0..100
 * @pin: the CPU that the admin wants the port to have, or -1
 * @wish: the CPU that it was moved to without that, or -1
 * @soft_cpu: the CPU that its frames were handed over to at the last look, or -1
 * @excuse: &enum vms_vmq_reason why it can have no queue by itself, 0: it can
 * @steered: queue that the filters send to, VMS_VMQ_NO_QUEUE: there are none
 * @next_queue: what @queue is about to be
 * @next_reason: what @reason is about to be
 * @next_error: what @error is about to be
 * @next_verified: what @verified is about to be
 * @next_cpu: what @cpu is about to be
 * @gone: it is about to be freed
 * @lost: a filter was lost since the last look
 * @plan: filters that the port needs instead of @filters, or NULL
 * @n_plan: length of @plan
 * @settled: at least one look has passed since the filters were set
 * @watched: jiffies until which it is looked at often
 * @strikes: looks in a row at which frames came, but none on its queue
 * @barred: &enum vms_vmq_reason why it is not tried before @retry, 0: it is
 * @bar_error: errno of @barred
 * @retry: jiffies
 * @patience: jiffies for which it is barred the next time
 * @by: queue that all frames of the last look at which some came were on, or
 *	VMS_VMQ_NO_QUEUE; without filters only
 * @by_total: frames of that queue at that look
 * @alone: looks in a row at which hardly any others were on it
 * @last_own: own frames at the last look
 * @last_elsewhere: frames elsewhere at the last look
 * @place: which CPU serves the queue
 * @napi_id: of the NAPI that frames came by, as long as they were looked at
 * @seen: counters of the data path
 * @soft: where frames are handed over to
 * @cpus: by number of the CPU; RTNL and &vms_net.lock
 */
struct vms_vmq_port {
	struct list_head node;
	struct vms_port *port;
	struct vms_vmq *vmq;

	u8 mode;
	u8 reason;
	u32 error;
	int queue;
	bool verified;
	u64 moves;
	struct vms_vmq_filter *filters;
	u32 n_filters;
	int cpu;
	int tx_queue;
	struct vms_vmq_place shown;

	u64 ticket;
	u8 weight;
	int pin;
	int wish;
	int soft_cpu;
	u8 excuse;
	int steered;
	int next_queue;
	u8 next_reason;
	u32 next_error;
	bool next_verified;
	int next_cpu;
	bool gone;
	bool lost;
	struct vms_vmq_filter *plan;
	u32 n_plan;
	bool settled;
	unsigned long watched;
	u8 strikes;
	u8 barred;
	u32 bar_error;
	unsigned long retry;
	unsigned long patience;
	int by;
	u64 by_total;
	int alone;
	u64 last_own;
	u64 last_elsewhere;
	struct vms_vmq_place place;
	u32 napi_id;

	struct vms_vmq_seen __percpu *seen;
	struct vms_vmq_soft_port soft;
	struct vms_vmq_cpu cpus[];
};

/**
 * struct vms_vmq_counts - frames that one CPU has received, by queue
 * @syncp: for 32 bits
 * @rx: by recorded queue plus 1; 0: no queue was recorded
 */
struct vms_vmq_counts {
	struct u64_stats_sync syncp;
	u64_stats_t rx[];
};

/**
 * struct vms_vmq_slot - where the data path finds a port by address
 * @key: vms_vmq_key()
 * @port: the port, NULL: the slot is free
 */
struct vms_vmq_slot {
	u64 key;
	struct vms_vmq_port *port;
};

/**
 * struct vms_vmq_rx - what the data path has of VMQ; immutable
 * @counts: counters, those of &vms_vmq.counts
 * @mask: of indices into @counts and @settled: one less than a power of two
 * @bits: of the number of @slots
 * @vlans: some addresses are told apart by VLAN
 * @slots: hash table of addresses
 * @settled: by index into @counts: frames of the queue need no look, because
 *	its owner's filter is known to work
 *
 * Exists only while a port wants a queue.
 */
struct vms_vmq_rx {
	struct vms_vmq_counts __percpu *counts;
	u32 mask;
	u8 bits;
	bool vlans;
	struct vms_vmq_slot *slots;
	u8 settled[];
};

/**
 * struct vms_vmq_tx - how transmit queues are seen in use
 * @nic: the uplink's NIC
 * @watch: gets the packets of its device while @open
 * @close: ends that
 * @load: what @watch has cost since it was opened
 * @lock: mutex of @open, below RTNL
 * @open: @watch is in use; under @lock
 */
struct vms_vmq_tx {
	struct vms_nic *nic;
	struct packet_type watch;
	struct delayed_work close;
	atomic_t load;
	struct mutex lock; /* open */
	bool open;
};

/**
 * struct vms_vmq_time - what a CPU has done
 * @busy: ns of interrupts, hard and soft
 * @frames: frames that it has received from the uplink
 * @sample_busy: ns since the last sample
 * @sample_frames: frames of queues since the last sample
 */
struct vms_vmq_time {
	u64 busy;
	u64 frames;
	u64 sample_busy;
	u64 sample_frames;
};

/**
 * struct vms_vmq_rules - rules of an uplink's NIC that others have set
 * @locations: all of them, in the driver's order
 * @n: how many
 * @macs: vms_vmq_key() of those that are for one address, sorted
 * @n_macs: how many
 * @queues: bitmap of the queues that they lead to
 * @unknown: where one leads to is not known
 * @read: jiffies when they were read
 * @known: they were, and nothing has happened to the device since
 */
struct vms_vmq_rules {
	u32 *locations;
	u32 n;
	u64 *macs;
	u32 n_macs;
	DECLARE_BITMAP(queues, VMS_VMQ_QUEUES_MAX);
	bool unknown;
	unsigned long read;
	bool known;
};

/**
 * struct vms_vmq - VMQ of an uplink
 * @nic: the uplink's NIC
 * @ports: all &vms_vmq_port by node; RTNL
 * @ticket: the last one that was given; RTNL
 * @fresh: something happened to the device: refusals count no more; RTNL
 * @budget: filters that fit, as the driver's refusal has taught; RTNL
 * @budget_until: jiffies until which that holds; RTNL
 * @rules: rules that others have set; RTNL
 * @spread: settings for the CPUs of queues; this to @sampled under RTNL
 * @table: loads; its arrays are there once they have been needed
 * @times: by number of the CPU, as the arrays
 * @sampled: ns, when loads were last looked at, 0: never
 * @counts: counters of the data path
 * @mask: of indices into @counts
 * @tx: watches transmit queues
 * @soft: queues in software, NULL: no port ever had a CPU; RTNL
 * @n_queues: queues of the device; this and below under RTNL and
 *	&vms_net.lock
 * @n_pool: queues that ports may have
 * @n_free: queues that no port has
 */
struct vms_vmq {
	struct vms_nic *nic;
	struct list_head ports;
	u64 ticket;
	bool fresh;
	u32 budget;
	unsigned long budget_until;
	struct vms_vmq_rules rules;
	struct vms_vmq_spread spread;
	struct vms_vmq_load_table table;
	struct vms_vmq_time *times;
	u64 sampled;
	struct vms_vmq_counts __percpu *counts;
	u32 mask;
	struct vms_vmq_tx tx;
	struct vms_vmq_soft *soft;
	u32 n_queues;
	u32 n_pool;
	u32 n_free;
};

/**
 * struct vms_vmq_pool - queues and filters that ports may be given
 * @queues: bitmap of them
 * @n_queues: receive queues that the device uses
 * @reason: &enum vms_vmq_reason why there are none, 0: there are
 * @any: the driver chooses locations itself
 * @slots: locations, if not @any
 * @room: filters that the switch may have
 * @used: bitmap of locations in use, if not @any; NULL if there are none
 */
struct vms_vmq_pool {
	DECLARE_BITMAP(queues, VMS_VMQ_QUEUES_MAX);
	u32 n_queues;
	u8 reason;
	bool any;
	u32 slots;
	u32 room;
	unsigned long *used;
};

/* Whether an error of the driver says nothing about what it can do. */
static inline bool vms_vmq_is_transient(int err)
{
	return err == -ENOMEM || err == -EBUSY || err == -EAGAIN ||
	       err == -ENODEV;
}

/* Below the address there is room for a VID. */
static inline u64 vms_vmq_key(u64 mac, u16 vid)
{
	return mac | vid;
}

/* observe.c */
struct vms_vmq_port *vms_vmq_rx_find(const struct vms_vmq_rx *rx, u64 mac,
				     u16 vid);
bool vms_vmq_look(const struct vms_vmq_rx *rx, struct sk_buff *skb);
struct vms_vmq_rx *vms_vmq_rx_new(const struct vms_vmq *vmq);
void vms_vmq_rx_free(struct vms_vmq_rx *rx);
void vms_vmq_sum_seen(const struct vms_vmq_port *vp, u64 *own,
		      u64 *elsewhere);
u64 vms_vmq_served(const struct vms_vmq_port *vp, int queue, int cpu);
u64 vms_vmq_received(const struct vms_vmq *vmq, int cpu);
u64 vms_vmq_soft_sum(const struct vms_vmq_port *vp, enum vms_vmq_soft_stat what);
struct vms_vmq_counts __percpu *vms_vmq_counts_new(u32 n);

/**
 * vms_vmq_observe() - count a frame by queue and CPU
 * @rx: of the NIC that it came by
 * @skb: the frame
 *
 * Context: Data path: RCU, bottom halves off.
 * Return: whether it was consumed, because it is to run on another CPU.
 */
static inline bool vms_vmq_observe(const struct vms_vmq_rx *rx,
				   struct sk_buff *skb)
{
	struct vms_vmq_counts *counts = this_cpu_ptr(rx->counts);
	u32 index = skb->queue_mapping & rx->mask;

	u64_stats_update_begin(&counts->syncp);
	u64_stats_inc(&counts->rx[index]);
	u64_stats_update_end(&counts->syncp);
	return unlikely(!rx->settled[index]) && vms_vmq_look(rx, skb);
}

/* Whether a device may have filters at all. */
static inline bool vms_vmq_takes_rules(const struct net_device *dev)
{
	const struct ethtool_ops *ops = dev->ethtool_ops;

	return ops && ops->get_rxnfc && ops->set_rxnfc;
}

/* filter.c; RTNL held, &vms_net.lock not. */
int vms_vmq_device_begin(struct net_device *dev);
void vms_vmq_device_end(struct net_device *dev);
int vms_vmq_install(struct vms_vmq_port *vp, int queue,
		    struct vms_vmq_pool *pool);
bool vms_vmq_uninstall(struct vms_vmq_port *vp, struct vms_vmq_pool *pool);
int vms_vmq_filter_delete(struct net_device *dev,
			  const struct vms_vmq_filter *filter, int queue);
bool vms_vmq_check(struct vms_vmq_port *vp);

/* left.c; likewise. */
void vms_vmq_leave(struct vms_vmq_port *vp, const struct vms_vmq_filter *filter,
		   int err);
bool vms_vmq_is_left(const struct vms_vmq *vmq, u64 mac);
void vms_vmq_left_retry(struct vms_net *vn);
void vms_vmq_left_free(struct vms_net *vn);

/* rules.c; likewise. */
int vms_vmq_rules_read(struct vms_vmq *vmq, u32 n, struct vms_vmq_pool *pool);
bool vms_vmq_rules_cover(const struct vms_vmq *vmq,
			 const struct vms_vmq_filter *filter);
void vms_vmq_rules_free(struct vms_vmq *vmq);

/* pool.c; likewise. */
int vms_vmq_pool_read(struct vms_vmq *vmq, struct vms_vmq_pool *pool);
void vms_vmq_pool_free(struct vms_vmq_pool *pool);

/* collect.c; likewise. */
bool vms_vmq_wanted(const struct vms_switch *sw);
bool vms_vmq_collect(struct vms_vmq *vmq);
void vms_vmq_port_free(struct vms_vmq_port *vp);

/* judge.c; likewise. */
void vms_vmq_judge(struct vms_vmq *vmq);
void vms_vmq_bar(struct vms_vmq_port *vp, u8 reason, int err);
void vms_vmq_bar_briefly(struct vms_vmq_port *vp, u8 reason, int err);

/* decide.c; likewise. */
void vms_vmq_decide(struct vms_vmq *vmq, struct vms_vmq_pool *pool);

/* adopt.c; likewise. */
void vms_vmq_adopt(struct vms_vmq *vmq, const struct vms_vmq_pool *pool);

/* steer.c; likewise. */
void vms_vmq_steer(struct vms_vmq *vmq);

/* transmit.c */
void vms_vmq_tx_init(struct vms_vmq *vmq);
void vms_vmq_tx_exit(struct vms_vmq *vmq);
void vms_vmq_tx_watch(struct vms_vmq *vmq);
void vms_vmq_tx_set(struct vms_vmq_port *vp);

/* vmq.c */
void vms_vmq_sync(struct vms_nic *nic);
void vms_vmq_detach(struct vms_nic *nic);
void vms_vmq_port_gone(struct vms_port *port);
void vms_vmq_event(const struct net_device *dev);
void vms_vmq_kick(struct vms_net *vn);
void vms_vmq_work(struct work_struct *work);
const struct vms_vmq *vms_vmq_of(const struct vms_switch *sw);
u8 vms_vmq_reason(const struct vms_port *port);

#endif /* _VMSWITCH_VMQ_H */
