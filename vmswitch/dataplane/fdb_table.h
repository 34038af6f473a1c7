/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inside of the forwarding database: shared by its data path and control path.
 */
#ifndef _VMSWITCH_FDB_TABLE_H
#define _VMSWITCH_FDB_TABLE_H

#include "../vmswitch.h"

/* Buckets that a sweep looks at before it lets others run. */
#define VMS_FDB_CHUNK		64

/* The MAC, multiplied, in the upper 48 bits.  The secret is odd, so no two
 * addresses become one.
 */
static inline u64 vms_fdb_mix(const struct vms_fdb_table *table, u64 mac)
{
	return mac * table->secret;
}

static inline struct vms_fdb_bucket *
vms_fdb_bucket(const struct vms_fdb_table *table, u64 mixed)
{
	return &table->bucket[mixed >> table->shift];
}

/* vms_fdb_bucket.word of an entry, without its port. */
static inline u64 vms_fdb_want(u64 mixed, u32 fid)
{
	return mixed << 12 | fid << 16;
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

static inline bool vms_fdb_may_go(u32 val)
{
	return vms_fdb_is_dynamic(val) && !(val & VMS_FDB_V_HELD);
}

static inline struct vms_fdb_table *
vms_fdb_table_rcu(const struct vms_switch *sw)
{
	return rcu_dereference_bh_check(sw->fdb.table, rcu_read_lock_held());
}

/* The slot of the entry @word in @b, or VMS_FDB_WAYS.  Without a loop: the
 * compiler would keep it.
 */
static inline unsigned int vms_fdb_way(const struct vms_fdb_bucket *b, u64 word)
{
	if (READ_ONCE(b->word[0]) == word)
		return 0;
	if (READ_ONCE(b->word[1]) == word)
		return 1;
	if (READ_ONCE(b->word[2]) == word)
		return 2;
	if (READ_ONCE(b->word[3]) == word)
		return 3;
	return VMS_FDB_WAYS;
}

/* The port of the entry @want in @b; 0: there is none, or it is not visible. */
static inline unsigned long
vms_fdb_match(const struct vms_fdb_bucket *b, u64 want)
{
	unsigned long diff;

	diff = READ_ONCE(b->word[0]) ^ want;
	if (diff <= VMS_FDB_V_PORT)
		return diff;
	diff = READ_ONCE(b->word[1]) ^ want;
	if (diff <= VMS_FDB_V_PORT)
		return diff;
	diff = READ_ONCE(b->word[2]) ^ want;
	if (diff <= VMS_FDB_V_PORT)
		return diff;
	diff = READ_ONCE(b->word[3]) ^ want;
	if (diff <= VMS_FDB_V_PORT)
		return diff;
	return 0;
}

/* Likewise of those for all VLANs of a port, of which an address may have
 * several: one that is not visible yet does not hide another.
 */
static inline unsigned long
vms_fdb_match_any(const struct vms_fdb_bucket *b, u64 want)
{
	unsigned long diff;
	unsigned int i;

	for (i = 0; i < VMS_FDB_WAYS; i++) {
		diff = READ_ONCE(b->word[i]) ^ want;
		if (diff - 1 < VMS_FDB_V_PORT)
			return diff;
	}
	return 0;
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

static inline bool vms_fdb_in_use(struct vms_fdb_pos pos)
{
	return pos.b->word[pos.i];
}

static inline u16 vms_fdb_fid(struct vms_fdb_pos pos)
{
	return pos.b->word[pos.i] >> 16 & VLAN_VID_MASK;
}

static inline u32 vms_fdb_val_at(struct vms_fdb_pos pos)
{
	return (READ_ONCE(pos.b->word[pos.i]) & VMS_FDB_V_PORT) |
	       READ_ONCE(pos.b->flags[pos.i]) << 16;
}

/* &vms_fdb.lock held for all of these. */
struct vms_fdb_table *vms_fdb_table_locked(const struct vms_switch *sw);
struct vms_fdb_pos vms_fdb_find_key(struct vms_fdb_table *table, u64 mac,
				    u16 fid, u16 port);
struct vms_fdb_pos vms_fdb_find_free(struct vms_fdb_table *table, u64 mac);
u64 vms_fdb_mac(const struct vms_fdb_table *table, struct vms_fdb_pos pos);
void vms_fdb_set_val(struct vms_fdb_pos pos, u32 val);
void vms_fdb_set(struct vms_fdb_pos pos, u64 word, u32 val, u16 used);
void vms_fdb_clear(struct vms_switch *sw, struct vms_fdb_pos pos);
void vms_fdb_expire(struct vms_switch *sw, struct vms_fdb_pos pos);

/* fdb_evict.c; likewise, but for the last */
bool vms_fdb_evict(struct vms_switch *sw, const struct vms_port *port);
void vms_fdb_note(struct vms_switch *sw, u64 mac, u16 vid);
struct vms_fdb_pos vms_fdb_evict_near(struct vms_switch *sw, u64 mac,
				      const struct vms_port *port);
struct vms_fdb_pos vms_fdb_claim(struct vms_switch *sw, u64 mac);
void vms_fdb_make_way(struct vms_switch *sw, u32 below);

/* fdb_walk.c */
void vms_fdb_age_work(struct work_struct *work);

#endif /* _VMSWITCH_FDB_TABLE_H */
