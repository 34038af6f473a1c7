/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Forwarding database: which port a MAC address lives at.
 */
#ifndef _VMSWITCH_FDB_H
#define _VMSWITCH_FDB_H

#include <linux/cache.h>
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

/* Fields of vms_fdb_bucket.val. */
#define VMS_FDB_V_PORT		0x0000ffffU	/* port id; 0: not visible */
#define VMS_FDB_V_TYPE		0x00030000U	/* enum vms_fdb_type */
#define VMS_FDB_V_HELD		0x00040000U	/* reserved: never aged or evicted */

/**
 * struct vms_fdb_bucket - four entries, one cache line
 * @key: MAC (vms_mac_u64()) << 16 | FID; 0: free
 * @val: VMS_FDB_V_* fields
 * @used: dynamic: &vms_fdb.tick at which the address was last seen; reserved
 *	but not visible yet: the port id that it is reserved for
 * @seq: odd while a writer changes @key or @val; writers hold &vms_fdb.lock
 * @next: index of the overflow bucket that continues this one; 0: none
 *
 * Buckets are chosen by the MAC alone, so that one walk finds the entry of the
 * VLAN and the one for all VLANs.  Entries never move within a table: the
 * position of an entry is the number by which dumps resume.
 */
struct vms_fdb_bucket {
	u64 key[VMS_FDB_WAYS];
	u32 val[VMS_FDB_WAYS];
	u16 used[VMS_FDB_WAYS];
	u32 seq;
	u32 next;
} __aligned(64);

/**
 * struct vms_fdb_table - the buckets
 * @rcu: frees the table after the last reader
 * @secret: odd random factor of the hash, so that guests can not choose
 *	addresses that collide
 * @shift: 64 - log2 of the number of hashed buckets
 * @n_hashed: buckets that the hash selects
 * @n_buckets: all buckets; those from @n_hashed on are for overflow
 * @free_overflow: first overflow bucket that was never used; under
 *	&vms_fdb.lock
 * @bucket: the buckets
 */
struct vms_fdb_table {
	struct rcu_head rcu;
	u64 secret;
	u32 shift;
	u32 n_hashed;
	u32 n_buckets;
	u32 free_overflow;
	struct vms_fdb_bucket *bucket;
};

/**
 * struct vms_fdb - forwarding database of a switch
 * @table: the buckets; replaced under &vms_net.lock and @lock
 * @tick: counts 32nds of the ageing time; written by @work only
 * @lock: spinlock of all writers, bottom halves off
 * @count: entries; under @lock, READ_ONCE() elsewhere
 * @max: bound of @count; under @lock, READ_ONCE() elsewhere
 * @hand: where the search for an entry to evict begins; under @lock
 * @gen: changes when @table is replaced; under &vms_net.lock
 * @work: the ageing sweep
 */
struct vms_fdb {
	struct vms_fdb_table __rcu *table;
	u16 tick;
	spinlock_t lock; /* all writers */
	u32 count;
	u32 max;
	u32 hand;
	u32 gen;
	struct delayed_work work;
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
void vms_fdb_forget(struct vms_switch *sw, u64 mac);
void vms_fdb_delete(struct vms_switch *sw, u64 mac, u16 vid);
void vms_fdb_conform(struct vms_port *port, const struct vms_policy *pol);
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
