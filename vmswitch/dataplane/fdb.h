/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Forwarding database: which port a MAC address lives at.
 */
#ifndef _VMSWITCH_FDB_H
#define _VMSWITCH_FDB_H

#include <linux/cache.h>
#include <linux/rbtree.h>
#include <linux/types.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <uapi/linux/vmswitch.h>

struct vms_net;
struct vms_policy;
struct vms_port;
struct vms_switch;

/* The FID of an entry that is valid in all VLANs of its port. */
#define VMS_FID_ANY		0xfffU
#define VMS_FDB_WAYS		4
#define VMS_FDB_RECENT		64
#define VMS_FDB_HOMELESS	U32_MAX

/* What an entry says, as one number: the port of vms_fdb_bucket.word, and
 * vms_fdb_bucket.flags in the bits above it.
 */
#define VMS_FDB_V_PORT		0x0000ffffU	/* port id; 0: not visible */
#define VMS_FDB_V_TYPE		0x00030000U	/* enum vms_fdb_type */
#define VMS_FDB_V_HELD		0x00040000U	/* reserved: never aged or evicted */

/**
 * struct vms_fdb_bucket - one cache line of entries
 * @word: an entry: 36 bits of the mixed MAC (vms_fdb_mix()), the FID in 12, the
 *	port id in 16; 0: free
 * @used: dynamic: &vms_fdb.tick at which the address was last seen; written
 *	without a lock, maybe after another entry has taken the slot
 * @owner: reserved but not visible yet: the port id that it is reserved for;
 *	under &vms_fdb.lock
 * @flags: type and "held", VMS_FDB_V_* without the port; under &vms_fdb.lock,
 *	a hint without it
 * @next: index of the overflow bucket that continues this one, or of the next
 *	free one; 0: none
 * @home: index of the bucket that the hash selects: this one, or the one that
 *	this one continues; of an overflow bucket its own: it was taken out of
 *	its chain; %VMS_FDB_HOMELESS: it is free again
 *
 * Address, VLAN and port of an entry are one word, so a reader that finds the
 * address has its port: there is nothing to order or to repeat.  The 12 bits of
 * the mixed MAC that the word has no room for are those that select the bucket.
 *
 * Buckets are chosen by the MAC alone, so that one walk finds the entry of the
 * VLAN and the one for all VLANs.  Entries never move within a table: the
 * position of an entry is the number by which dumps resume.
 */
struct vms_fdb_bucket {
	u64 word[VMS_FDB_WAYS];
	u16 used[VMS_FDB_WAYS];
	u16 owner[VMS_FDB_WAYS];
	u8 flags[VMS_FDB_WAYS];
	u32 next;
	u32 home;
} __aligned(64);

/**
 * struct vms_fdb_table - the buckets
 * @rcu: frees the table after the last reader
 * @secret: odd random factor of the hash, so that guests can not choose
 *	addresses that collide
 * @inverse: of @secret, modulo 2 to the power of 64
 * @shift: 64 - log2 of the number of hashed buckets, which is 12 at least
 * @n_hashed: buckets that the hash selects
 * @n_buckets: all buckets; those from @n_hashed on are for overflow
 * @free_overflow: first overflow bucket that was never used; under
 *	&vms_fdb.lock
 * @bucket: the buckets
 * @free: first one that is free again, 0: none; under &vms_fdb.lock
 * @n_leaving: buckets that were taken out of their chains but may still be read;
 *	under &vms_net.lock
 * @leaving: the grace period for that, as of start_poll_synchronize_rcu(); under
 *	&vms_net.lock
 */
struct vms_fdb_table {
	struct rcu_head rcu;
	u64 secret;
	u64 inverse;
	u32 shift;
	u32 n_hashed;
	u32 n_buckets;
	u32 free_overflow;
	struct vms_fdb_bucket *bucket;
	u32 free;
	u32 n_leaving;
	unsigned long leaving;
};

/**
 * struct vms_fdb - forwarding database of a switch
 * @table: the buckets; replaced under &vms_net.lock and @lock
 * @tick: counts 32nds of the ageing time; written by @work only
 * @gen: changes when @table is replaced; under &vms_net.lock
 * @work: the ageing sweep
 * @lock: spinlock of all writers, bottom halves off
 * @frozen: @table is being copied: nothing is learned; under @lock
 * @count: entries; under @lock, READ_ONCE() elsewhere
 * @max: bound of @count; under @lock, READ_ONCE() elsewhere
 * @n_fixed: entries that nothing but a request removes: those that are not
 *	dynamic, and reserved ones; written under &vms_net.lock and @lock
 * @hand: where the search for an entry to evict begins; under @lock
 * @recent: addresses, as vms_mac_u64(), and below their VLANs, that a port which
 *	evicts has learned last; under @lock
 * @recent_at: the one that is replaced next; under @lock
 * @staged: &vms_fdb_staged by key, what a running transaction does to entries;
 *	under &vms_net.lock
 * @stale: there may be entries for vms_fdb_conform() to remove; under
 *	&vms_net.lock
 *
 * Each frame reads @table and @tick, and what stands before them in &struct
 * vms_switch.  @work, which is more than a cache line, keeps them apart from
 * what is written when an address is learned.
 */
struct vms_fdb {
	struct vms_fdb_table __rcu *table;
	u16 tick;
	u32 gen;
	struct delayed_work work;
	spinlock_t lock; /* all writers */
	bool frozen;
	u32 count;
	u32 max;
	u32 n_fixed;
	u32 hand;
	u64 recent[VMS_FDB_RECENT];
	u32 recent_at;
	struct rb_root staged;
	bool stale;
};

/* An age in ticks at which an entry is removed. */
#define VMS_FDB_TICKS		32

/**
 * struct vms_fdb_entry - what a dump tells of one entry
 * @mac: the address
 * @vid: its VLAN, or VMS_FID_ANY
 * @port: id of its port
 * @type: &enum vms_fdb_type
 * @ticks: age of a dynamic entry
 */
struct vms_fdb_entry {
	u64 mac;
	u16 vid;
	u16 port;
	u8 type;
	u16 ticks;
};

/**
 * struct vms_fdb_filter - which entries are meant
 * @mac: only this address; 0: all
 * @vid: only this VLAN; 0: all
 * @port: only this port id; 0: all
 * @type: bits (1 << &enum vms_fdb_type) of the types that are meant
 */
struct vms_fdb_filter {
	u64 mac;
	u16 vid;
	u16 port;
	u8 type;
};

int vms_fdb_init(struct vms_switch *sw, u32 max);
void vms_fdb_destroy(struct vms_switch *sw);
int vms_fdb_resize(struct vms_switch *sw, u32 max);
void vms_fdb_lower(struct vms_switch *sw, u32 max);
void vms_fdb_start_ageing(struct vms_switch *sw);

/* The data path's part is in fdb_lookup.h.  Of it, what vms_fdb_learn() would
 * do; *@where: the port where the address is.
 */
enum vms_learn_result vms_fdb_learn_verdict(const struct vms_port *port,
					    const struct vms_policy *pol,
					    u64 mac, u16 vid,
					    struct vms_port **where);

/* Control path, &vms_net.lock held. */
int vms_fdb_reserve(struct vms_port *port, u64 mac, u16 vid);
void vms_fdb_unreserve(struct vms_port *port, u64 mac, u16 vid);
void vms_fdb_fill(struct vms_port *port, u64 mac, u16 vid, u8 type);
void vms_fdb_remove(struct vms_port *port, u64 mac, u16 vid, u8 type);
void vms_fdb_forget(struct vms_port *port, u64 mac,
		    const struct vms_policy *pol);
void vms_fdb_delete(struct vms_switch *sw, u64 mac, u16 vid);
void vms_fdb_vids(struct vms_switch *sw, u64 mac, unsigned long *vids);
void vms_fdb_doubt(struct vms_port *port);
void vms_fdb_conform(struct vms_switch *sw);
u32 vms_fdb_flush(struct vms_switch *sw, const struct vms_fdb_filter *filter);
bool vms_fdb_find(struct vms_switch *sw, u64 mac, u16 vid,
		  struct vms_fdb_entry *entry);
struct vms_port *vms_fdb_conflict(struct vms_port *port, u64 mac,
				  const struct vms_policy *pol);
bool vms_fdb_taken(struct vms_port *port, u64 mac, u16 vid);
bool vms_fdb_next(struct vms_switch *sw, u32 *slot,
		  const struct vms_fdb_filter *filter,
		  struct vms_fdb_entry *entry);
u32 vms_fdb_ticks_to_secs(const struct vms_switch *sw, u16 ticks);

#endif /* _VMSWITCH_FDB_H */
