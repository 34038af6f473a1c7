/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inside of the forwarding database: shared by its data path and control path.
 */
#ifndef _VMSWITCH_FDB_TABLE_H
#define _VMSWITCH_FDB_TABLE_H

#include "../vmswitch.h"

static inline u64 vms_fdb_key(u64 mac, u16 fid)
{
	return mac << 16 | fid;
}

static inline struct vms_fdb_bucket *
vms_fdb_hash(const struct vms_fdb_table *table, u64 mac)
{
	return &table->bucket[(mac * table->secret) >> table->shift];
}

static inline u8 vms_fdb_val_type(u32 val)
{
	return (val & VMS_FDB_V_TYPE) >> 16;
}

static inline u32 vms_fdb_val(u16 port, u8 type)
{
	return port | (u32)type << 16;
}

static inline bool vms_fdb_is_dynamic(u32 val)
{
	return (val & VMS_FDB_V_PORT) &&
	       vms_fdb_val_type(val) == VMS_FDB_DYNAMIC;
}

/* A bucket is read like a seqcount: its writers hold &vms_fdb.lock. */
static inline u32 vms_fdb_read_begin(const struct vms_fdb_bucket *b)
{
	u32 seq;

	/* Pairs with the barriers in vms_fdb_write_begin() and _end(). */
	while (unlikely((seq = smp_load_acquire(&b->seq)) & 1))
		cpu_relax();
	return seq;
}

static inline bool vms_fdb_read_retry(const struct vms_fdb_bucket *b, u32 seq)
{
	smp_rmb(); /* what was read must not be newer than the check */
	return unlikely(READ_ONCE(b->seq) != seq);
}

static inline struct vms_fdb_table *
vms_fdb_table_rcu(const struct vms_switch *sw)
{
	return rcu_dereference_bh_check(sw->fdb.table, rcu_read_lock_held());
}

/* The slot of @key in @b, or VMS_FDB_WAYS.  Without a loop: the compiler would
 * keep it as one.
 */
static inline unsigned int vms_fdb_way(const struct vms_fdb_bucket *b, u64 key)
{
	if (READ_ONCE(b->key[0]) == key)
		return 0;
	if (READ_ONCE(b->key[1]) == key)
		return 1;
	if (READ_ONCE(b->key[2]) == key)
		return 2;
	if (READ_ONCE(b->key[3]) == key)
		return 3;
	return VMS_FDB_WAYS;
}

/**
 * struct vms_fdb_pos - a slot of the table
 * @b: its bucket; NULL: none
 * @i: its place in the bucket
 */
struct vms_fdb_pos {
	struct vms_fdb_bucket *b;
	unsigned int i;
};

/* &vms_fdb.lock held for all of these. */
struct vms_fdb_table *vms_fdb_table_locked(const struct vms_switch *sw);
struct vms_fdb_pos vms_fdb_find_key(struct vms_fdb_table *table, u64 mac,
				    u16 fid, u16 port);
struct vms_fdb_pos vms_fdb_find_free(struct vms_fdb_table *table, u64 mac);
void vms_fdb_set(struct vms_fdb_pos pos, u64 key, u32 val, u16 used);
void vms_fdb_clear(struct vms_switch *sw, struct vms_fdb_pos pos);
bool vms_fdb_evict(struct vms_switch *sw, const struct vms_port *port);
void vms_fdb_expire(struct vms_switch *sw, struct vms_fdb_pos pos);

/* fdb_walk.c */
void vms_fdb_age_work(struct work_struct *work);

#endif /* _VMSWITCH_FDB_TABLE_H */
