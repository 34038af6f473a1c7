/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Socket buffer heads in reserve, for copies of a frame when memory is short.
 */
#ifndef _VMSWITCH_POOL_H
#define _VMSWITCH_POOL_H

#include <linux/skbuff.h>

struct vms_pool;

/**
 * struct vms_pool_sum - the counters of a pool, all CPUs
 * @hits: copies that came from the pool
 * @misses: copies that did not come about, as the pool was empty
 * @refills: heads that were put back into the pool
 * @heads: heads that are in it now
 * @low: least number of heads that a CPU has had since it was full
 */
struct vms_pool_sum {
	u64 hits;
	u64 misses;
	u64 refills;
	u64 heads;
	u64 low;
};

struct vms_pool *vms_pool_alloc(void);
void vms_pool_free(struct vms_pool *pool);
void vms_pool_read(struct vms_pool *pool, struct vms_pool_sum *sum);
struct sk_buff *vms_pool_clone(struct vms_pool *pool, struct sk_buff *skb);

#ifdef CONFIG_FAULT_INJECTION_DEBUG_FS
void vms_faults_init(void);
void vms_faults_exit(void);
bool vms_alloc_fails(void);
#else
static inline void vms_faults_init(void) {}
static inline void vms_faults_exit(void) {}

/* Whether a test wants an allocation of the switch to fail. */
static inline bool vms_alloc_fails(void)
{
	return false;
}
#endif

#endif /* _VMSWITCH_POOL_H */
