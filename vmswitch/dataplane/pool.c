// SPDX-License-Identifier: GPL-2.0
/*
 * Socket buffer heads in reserve, for copies of a frame when memory is short.
 *
 * A copy of a flooded frame needs a head and shares the data.  skb_clone() is
 * as fast as a pool could be, so the pool is asked only when that has failed:
 * it keeps floods going until memory is there again, and costs nothing before.
 */
#include <linux/debugfs.h>
#include <linux/fault-inject.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "../vmswitch.h"
#include "pool.h"

/* Heads of a CPU: 64 of 232 bytes; a refill is due at half of it. */
#define VMS_POOL_HEADS	64

/**
 * struct vms_pool_cpu - the heads of one CPU
 * @lock: spinlock of all below, bottom halves off: taken when memory is short,
 *	by a refill and by readers of the counters
 * @n: used length of @head
 * @low: least @n since the last time that it was full
 * @hits: see &struct vms_pool_sum
 * @misses: see &struct vms_pool_sum
 * @refills: see &struct vms_pool_sum
 * @head: zeroed heads
 */
struct vms_pool_cpu {
	spinlock_t lock; /* all below */
	unsigned int n;
	unsigned int low;
	u64 hits;
	u64 misses;
	u64 refills;
	void *head[VMS_POOL_HEADS];
};

/**
 * struct vms_pool - the heads of one switch: no other can use them up
 * @cpu: those of each CPU
 * @work: puts back what was taken
 */
struct vms_pool {
	struct vms_pool_cpu __percpu *cpu;
	struct delayed_work work;
};

#ifdef CONFIG_FAULT_INJECTION_DEBUG_FS
static DECLARE_FAULT_ATTR(vms_fault);
static struct dentry *vms_fault_dir;

/**
 * vms_faults_init() - let tests make allocations of the switch fail
 *
 * Only in kernels for debugging: /sys/kernel/debug/fail_vmswitch.
 */
void vms_faults_init(void)
{
	vms_fault_dir = fault_create_debugfs_attr("fail_vmswitch", NULL,
						  &vms_fault);
}

/**
 * vms_faults_exit() - undo vms_faults_init()
 */
void vms_faults_exit(void)
{
	if (!IS_ERR(vms_fault_dir))
		debugfs_remove_recursive(vms_fault_dir);
}

/**
 * vms_alloc_fails() - whether a test wants an allocation of the switch to fail
 *
 * Context: any.
 * Return: true if it does.
 */
bool vms_alloc_fails(void)
{
	return should_fail(&vms_fault, 1);
}
#endif

/* Fill up the pool of a CPU.  False if there is no memory. */
static bool vms_pool_fill(struct vms_pool_cpu *pc)
{
	void *head[VMS_POOL_HEADS];
	unsigned int want, got, i;

	want = VMS_POOL_HEADS - READ_ONCE(pc->n);
	if (!want)
		return true;
	if (vms_alloc_fails())
		return false;
	got = vms_skb_heads_alloc(head, want);

	spin_lock_bh(&pc->lock);
	for (i = 0; i < got && pc->n < VMS_POOL_HEADS; i++)
		pc->head[pc->n++] = head[i];
	pc->refills += i;
	if (pc->n == VMS_POOL_HEADS)
		pc->low = pc->n;
	spin_unlock_bh(&pc->lock);

	for (; i < got; i++)
		vms_skb_head_free(head[i]);
	return got == want;
}

static void vms_pool_work(struct work_struct *work)
{
	struct vms_pool *pool = container_of(work, struct vms_pool, work.work);
	bool full = true;
	int cpu;

	for_each_possible_cpu(cpu)
		full &= vms_pool_fill(per_cpu_ptr(pool->cpu, cpu));
	if (!full)
		queue_delayed_work(vms_wq, &pool->work, HZ / 10);
}

/**
 * vms_pool_alloc() - make a pool, full if there is memory
 *
 * Return: the pool or NULL.
 */
struct vms_pool *vms_pool_alloc(void)
{
	struct vms_pool_cpu *pc;
	struct vms_pool *pool;
	int cpu;

	pool = kzalloc(sizeof(*pool), GFP_KERNEL_ACCOUNT);
	if (!pool)
		return NULL;
	pool->cpu = alloc_percpu_gfp(struct vms_pool_cpu, GFP_KERNEL_ACCOUNT);
	if (!pool->cpu) {
		kfree(pool);
		return NULL;
	}
	INIT_DELAYED_WORK(&pool->work, vms_pool_work);
	for_each_possible_cpu(cpu) {
		pc = per_cpu_ptr(pool->cpu, cpu);
		spin_lock_init(&pc->lock);
		vms_pool_fill(pc);
		pc->refills = 0;
	}
	return pool;
}

/**
 * vms_pool_free() - free a pool
 * @pool: the pool, or NULL; nobody uses it any more
 *
 * Context: may sleep.
 */
void vms_pool_free(struct vms_pool *pool)
{
	struct vms_pool_cpu *pc;
	int cpu;

	if (!pool)
		return;
	cancel_delayed_work_sync(&pool->work);
	for_each_possible_cpu(cpu) {
		pc = per_cpu_ptr(pool->cpu, cpu);
		while (pc->n)
			vms_skb_head_free(pc->head[--pc->n]);
	}
	free_percpu(pool->cpu);
	kfree(pool);
}

/**
 * vms_pool_read() - read the counters of a pool
 * @pool: the pool
 * @sum: overwritten
 */
void vms_pool_read(struct vms_pool *pool, struct vms_pool_sum *sum)
{
	struct vms_pool_cpu *pc;
	int cpu;

	*sum = (struct vms_pool_sum){ .low = VMS_POOL_HEADS };
	for_each_possible_cpu(cpu) {
		pc = per_cpu_ptr(pool->cpu, cpu);
		spin_lock_bh(&pc->lock);
		sum->hits += pc->hits;
		sum->misses += pc->misses;
		sum->refills += pc->refills;
		sum->heads += pc->n;
		sum->low = min_t(u64, sum->low, pc->low);
		spin_unlock_bh(&pc->lock);
	}
}

/**
 * vms_pool_clone() - skb_clone() with a head of the pool
 * @pool: the pool
 * @skb: the frame
 *
 * Context: bottom halves off.
 * Return: the clone, or NULL if the pool is empty.
 */
struct sk_buff *vms_pool_clone(struct vms_pool *pool, struct sk_buff *skb)
{
	struct vms_pool_cpu *pc = this_cpu_ptr(pool->cpu);
	struct sk_buff *head = NULL;
	bool refill;

	/* Data of user space that the frame refers to would have to be copied
	 * first, which needs memory.
	 */
	if (skb_zcopy(skb))
		return NULL;

	spin_lock(&pc->lock);
	if (pc->n) {
		head = pc->head[--pc->n];
		pc->low = min(pc->low, pc->n);
		pc->hits++;
	} else {
		pc->misses++;
	}
	refill = pc->n < VMS_POOL_HEADS / 2;
	spin_unlock(&pc->lock);

	if (refill)
		queue_delayed_work(vms_wq, &pool->work, 0);
	if (!head)
		return NULL;
	refcount_set(&head->users, 1);
	return skb_morph(head, skb);
}
