// SPDX-License-Identifier: GPL-2.0
/*
 * Feeders: threads at the far end of a NIC's wire, each on a CPU of its own
 * choice, that send it what it is to receive.  Unlike those of the generator
 * their frames pass all of the NIC's hardware.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/seq_file.h>

#include "labnic.h"

/**
 * struct labnic_feed - a feeder
 * @list: in labnic_feeds; RTNL
 * @nic: the NIC that it feeds
 * @gen: what it sends
 * @maker: makes the frames
 * @task: the thread
 * @made: frames sent
 * @failed: frames for which there was no memory
 * @time: how long it took, in ns
 * @finished: it is done
 */
struct labnic_feed {
	struct list_head list;
	struct labnic *nic;
	struct labnic_gen gen;
	struct labnic_maker maker;
	struct task_struct *task;
	u32 made;
	u32 failed;
	u64 time;
	bool finished;
};

/* All feeders; RTNL. */
static LIST_HEAD(labnic_feeds);

static struct sk_buff *labnic_feed_frame(struct labnic_feed *feed)
{
	const struct labnic_gen *gen = &feed->gen;
	u32 n = feed->made;
	struct sk_buff *skb;

	skb = alloc_skb(NET_SKB_PAD + VLAN_HLEN + gen->linear, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD + VLAN_HLEN);
	labnic_gen_fill(&feed->maker, gen, skb_put(skb, gen->linear));
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (gen->mss)
		labnic_gen_gso(gen, skb);
	if (gen->vid)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q),
				       (gen->vid + n % gen->nvid) |
				       gen->pcp << VLAN_PRIO_SHIFT);
	return skb;
}

/* How many frames to send now; waits if there are none yet. */
static u32 labnic_feed_due(const struct labnic_feed *feed, u64 start)
{
	u32 frames = min(feed->gen.burst, feed->gen.count - feed->made);
	u64 due;

	if (feed->gen.pause && labnic_queues_congested(feed->nic)) {
		usleep_range(50, 100);
		return 0;
	}
	if (!feed->gen.rate)
		return frames;
	due = mul_u64_u32_div(ktime_get_ns() - start, feed->gen.rate,
			      NSEC_PER_SEC) + 1;
	if (due <= feed->made) {
		usleep_range(50, 500);
		return 0;
	}
	return min_t(u64, frames, due - feed->made);
}

static void labnic_feed_burst(struct labnic_feed *feed, u32 frames)
{
	struct sk_buff *skb;

	local_bh_disable();
	rcu_read_lock();
	while (frames--) {
		skb = labnic_feed_frame(feed);
		feed->made++;
		if (skb)
			labnic_receive(feed->nic, skb);
		else
			feed->failed++;
	}
	rcu_read_unlock();
	local_bh_enable();
}

static int labnic_feed_thread(void *data)
{
	u64 start = ktime_get_ns();
	struct labnic_feed *feed = data;

	while (feed->made < feed->gen.count && !kthread_should_stop()) {
		labnic_feed_burst(feed, labnic_feed_due(feed, start));
		cond_resched();
	}
	feed->time = ktime_get_ns() - start;
	/* Pairs with labnic_feeds_busy(): the frames are on their way by then. */
	smp_store_release(&feed->finished, true);

	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static void labnic_feed_free(struct labnic_feed *feed)
{
	labnic_gen_unprepare(&feed->gen);
	kfree(feed->maker.seq);
	kfree(feed);
}

/* A feeder's flows are none that another feeder of the NIC has. */
static u32 labnic_feed_first_flow(const struct labnic *nic)
{
	const struct labnic_feed *feed;
	u32 first = 0;

	list_for_each_entry(feed, &labnic_feeds, list)
		if (feed->nic == nic)
			first = max(first, feed->maker.first + feed->gen.flows);
	return first;
}

/**
 * labnic_feed_start() - have a NIC fed
 * @nic: the NIC
 * @gen: with what; copied
 *
 * Context: RTNL.
 * Return: 0 or an error.
 */
int labnic_feed_start(struct labnic *nic, const struct labnic_gen *gen)
{
	struct labnic_feed *feed;
	int err;

	if (gen->cpu >= nr_cpu_ids || !cpu_online(gen->cpu))
		return -EINVAL;
	feed = kzalloc(sizeof(*feed), GFP_KERNEL_ACCOUNT);
	if (!feed)
		return -ENOMEM;
	feed->nic = nic;
	feed->gen = *gen;
	err = labnic_gen_prepare(&feed->gen);
	if (err) {
		kfree(feed);
		return err;
	}
	err = -ENOMEM;
	feed->maker.random = gen->seed;
	feed->maker.first = labnic_feed_first_flow(nic);
	feed->maker.seq = labnic_alloc_apart(gen->flows * sizeof(u32));
	if (!feed->maker.seq)
		goto err_free;
	feed->task = kthread_create(labnic_feed_thread, feed, "labnic-feed/%s",
				    nic->dev->name);
	if (IS_ERR(feed->task)) {
		err = PTR_ERR(feed->task);
		goto err_free;
	}
	kthread_bind(feed->task, gen->cpu);
	list_add_tail(&feed->list, &labnic_feeds);
	wake_up_process(feed->task);
	return 0;

err_free:
	labnic_feed_free(feed);
	return err;
}

/**
 * labnic_feeds_busy() - tell whether a NIC is being fed
 * @nic: the NIC
 *
 * Context: RTNL.
 * Return: true while a feeder has frames left.
 */
bool labnic_feeds_busy(const struct labnic *nic)
{
	const struct labnic_feed *feed;

	list_for_each_entry(feed, &labnic_feeds, list) {
		/* Pairs with the end of labnic_feed_thread(). */
		if (feed->nic == nic && !smp_load_acquire(&feed->finished))
			return true;
	}
	return false;
}

/**
 * labnic_feeds_stop() - end the feeders of a NIC
 * @nic: the NIC
 *
 * Context: RTNL.
 */
void labnic_feeds_stop(struct labnic *nic)
{
	struct labnic_feed *feed, *next;

	list_for_each_entry_safe(feed, next, &labnic_feeds, list) {
		if (feed->nic != nic)
			continue;
		list_del(&feed->list);
		kthread_stop(feed->task);
		labnic_feed_free(feed);
	}
}

/**
 * labnic_feeds_show() - print a line for each feeder
 * @m: where: NIC, CPU, frames sent, frames that could not be made, ns
 *
 * Context: RTNL.
 */
void labnic_feeds_show(struct seq_file *m)
{
	const struct labnic_feed *feed;

	list_for_each_entry(feed, &labnic_feeds, list)
		seq_printf(m, "%s %u %u %u %llu\n", feed->nic->dev->name,
			   feed->gen.cpu, READ_ONCE(feed->made),
			   READ_ONCE(feed->failed), READ_ONCE(feed->time));
}
