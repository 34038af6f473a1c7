/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A simulated NIC with several queues.  What it transmits goes into a sink, or
 * over a wire to another NIC of its kind; what it receives comes from there, or
 * from a generator.
 */
#ifndef _LABNIC_H
#define _LABNIC_H

#include <linux/completion.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/smp.h>
#include <linux/u64_stats_sync.h>
#include <linux/udp.h>

#define LABNIC_KIND		"labnic"
/* Frames that wait in a receive queue until its NAPI comes round. */
#define LABNIC_RING_SIZE	1024
/* Buckets of the latency histogram: 8 for each power of two. */
#define LABNIC_LATENCY_SHIFT	3
#define LABNIC_LATENCY_BUCKETS	(40 << LABNIC_LATENCY_SHIFT)

/**
 * struct labnic_stamp - what a generated frame carries behind its headers
 * @magic: LABNIC_MAGIC
 * @flow: number of the flow
 * @seq: number of the frame in its flow
 * @time: when it was handed up, in ns; 0 if latency is not measured
 *
 * It fits into the 18 bytes of payload that the shortest UDP frame has.
 */
struct labnic_stamp {
	__be32 magic;
	__be16 flow;
	__be32 seq;
	__be64 time;
} __packed;

#define LABNIC_MAGIC		0x6c616273

/**
 * struct labnic_gen - what the generator of a NIC makes
 * @src: first source address
 * @dst: first destination address
 * @nsrc: number of source addresses
 * @ndst: number of destination addresses
 * @seed: choose addresses at random, beginning with this; 0: one by one
 * @flows: number of flows, at most LABNIC_FLOWS_MAX
 * @vid: VID of the tag; 0 for none
 * @size: bytes of a frame, without the tag
 * @mss: the frames are GSO frames with segments of this size; 0 if not
 * @burst: frames in one round of NAPI
 * @count: frames of each queue
 * @queues: number of queues that generate
 * @stamp: measure latency
 * @linear: bytes of the frame that are not in pages
 * @stamp_offset: where the stamp is
 * @template: the linear part
 * @pages: payload of GSO frames
 */
struct labnic_gen {
	u8 src[ETH_ALEN];
	u8 dst[ETH_ALEN];
	u32 nsrc;
	u32 ndst;
	u32 seed;
	u32 flows;
	u32 vid;
	u32 size;
	u32 mss;
	u32 burst;
	u32 count;
	u32 queues;
	u32 stamp;

	unsigned int linear;
	unsigned int stamp_offset;
	u8 *template;
	struct page *pages;
};

#define LABNIC_FLOWS_MAX	1024

/**
 * struct labnic_run - generators that were started together
 * @pending: queues that are not done yet
 * @done: completed when none is left
 */
struct labnic_run {
	atomic_t pending;
	struct completion done;
};

/**
 * struct labnic_queue - a receive queue
 * @napi: its poll function's context
 * @nic: the NIC
 * @index: its number
 * @cpu: where it is served
 * @csd: stands for the interrupt
 * @ring: frames from the wire
 * @dropped: frames that found the ring full
 * @run: the run that it generates for; NULL if it does not
 * @left: frames still to be generated; poll only
 * @stop: generate no more of them
 * @random: state of the random numbers; poll only
 * @turn: number of the next address; poll only
 * @seq: number of the next frame of each flow; poll only
 * @started: when the run began, by labnic_clock()
 * @time: how long it took
 * @made: frames of the last run
 * @failed: frames of it for which there was no memory
 * @syncp: protects @packets and @bytes on 32 bits
 * @packets: frames handed up
 * @bytes: bytes of them
 */
struct labnic_queue {
	struct napi_struct napi;
	struct labnic *nic;
	unsigned int index;
	int cpu;
	call_single_data_t csd;
	struct sk_buff_head ring;
	atomic_t dropped;

	struct labnic_run *run;
	u32 left;
	bool stop;
	u32 random;
	u32 turn;
	u32 *seq;
	u64 started;
	u64 time;
	u32 made;
	u32 failed;

	struct u64_stats_sync syncp;
	u64_stats_t packets;
	u64_stats_t bytes;
} ____cacheline_aligned_in_smp;

/**
 * struct labnic_flow - what a sink remembers of a flow
 * @next: number that the next frame should have
 * @known: the @next that @missing belongs to
 * @missing: bit n is set if frame @known - 1 - n has not been seen
 */
struct labnic_flow {
	u32 next;
	u32 known;
	u64 missing;
};

/**
 * struct labnic_sink - a transmit queue that ends in the sink
 * @packets: frames transmitted
 * @bytes: bytes of them
 * @tagged: those of them that had a tag
 * @offset: where the last frame had its stamp
 * @syncp: protects @packets and @bytes on 32 bits
 * @flows: sequence numbers; flows do not change their transmit queue
 * @base: the same counters when it was reset
 * @alien: frames without a stamp since then
 * @lost: frames missing so far
 * @late: frames that came behind one with a higher number
 * @twice: frames that came more than once
 * @latency: how often a latency of this bucket was seen; NULL before the first
 *
 * Written under the lock of the transmit queue.
 */
struct labnic_sink {
	u64_stats_t packets;
	u64_stats_t bytes;
	u64 tagged;
	unsigned int offset;
	struct u64_stats_sync syncp;
	struct labnic_flow *flows;

	struct {
		u64 packets;
		u64 tagged;
	} base;
	u64 alien;
	u64 lost;
	u64 late;
	u64 twice;
	u32 *latency;
} ____cacheline_aligned_in_smp;

/**
 * struct labnic - a NIC
 * @dev: its netdev
 * @list: in labnic_list; RTNL
 * @queues: its receive queues
 * @sinks: its transmit queues
 * @gen: what its generator makes; NULL if nothing; RTNL
 * @wire: the other end of the wire; NULL: the sink.  RTNL, RCU
 */
struct labnic {
	struct net_device *dev;
	struct list_head list;
	struct labnic_queue *queues;
	struct labnic_sink *sinks;
	struct labnic_gen *gen;
	struct labnic __rcu *wire;
};

extern struct list_head labnic_list;

/* link.c */
extern struct rtnl_link_ops labnic_link_ops;
struct labnic *labnic_of(const struct net_device *dev);
int labnic_connect(struct labnic *nic, struct labnic *other);

/* ethtool.c */
extern const struct ethtool_ops labnic_ethtool_ops;

/* queue.c */
void labnic_queue_init(struct labnic *nic, unsigned int index);
void labnic_queue_open(struct labnic_queue *rq);
void labnic_queue_close(struct labnic_queue *rq);
void labnic_queue_raise(struct labnic_queue *rq);
void labnic_queue_put(struct labnic *nic, struct sk_buff *skb);

/* generator.c */
int labnic_gen_set(struct labnic *nic, const struct labnic_gen *gen);
void labnic_gen_free(struct labnic *nic);
int labnic_gen_start(struct labnic *nic, struct labnic_run *run);
void labnic_gen_stop(struct labnic *nic, const struct labnic_run *run);
void labnic_gen_end(struct labnic_queue *rq);
int labnic_gen_poll(struct labnic_queue *rq, int budget);
u64 labnic_clock(void);

/* sink.c */
void labnic_sink(struct labnic *nic, struct sk_buff *skb);
int labnic_sink_reset(struct labnic *nic);
u64 labnic_latency_percentile(const struct labnic *nic, unsigned int percent);

/* hook.c */
enum labnic_hook_mode {
	LABNIC_HOOK_FREE,
	LABNIC_HOOK_DIRECT,
	LABNIC_HOOK_QUEUE,
};

int labnic_hook_add(struct net_device *from, struct net_device *to,
		    enum labnic_hook_mode mode);
int labnic_hook_del(struct net_device *from);
int labnic_hook_init(void);
void labnic_hook_exit(void);

/* control.c */
int labnic_control_init(void);
void labnic_control_exit(void);

#endif /* _LABNIC_H */
