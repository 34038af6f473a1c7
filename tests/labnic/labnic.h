/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A simulated NIC with several queues.  What it transmits goes into a sink, or
 * over a wire to another NIC of its kind; what it receives comes from there,
 * from feeders at the far end of the wire, or from generators that stand in for
 * the hardware altogether.
 */
#ifndef _LABNIC_H
#define _LABNIC_H

#include <linux/bitmap.h>
#include <linux/completion.h>
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/smp.h>
#include <linux/u64_stats_sync.h>
#include <linux/udp.h>

#define LABNIC_KIND		"labnic"
/* Frames that wait in a receive queue until its NAPI comes round. */
#define LABNIC_RING_SIZE	1024
#define LABNIC_RING_MAX		8192
/* Entries of the RSS indirection table. */
#define LABNIC_INDIR_SIZE	128
/* Locations for rules that can be asked for. */
#define LABNIC_RULES_MAX	1024
/* Buckets of the latency histogram: 64 for each power of two. */
#define LABNIC_LATENCY_SHIFT	6
#define LABNIC_LATENCY_BUCKETS	(40 << LABNIC_LATENCY_SHIFT)

/**
 * struct labnic_stamp - what a generated frame carries behind its headers
 * @id: see labnic_stamp_id()
 * @time: when it was made, by labnic_ticks(); 0 if latency is not measured
 * @magic: LABNIC_MAGIC once more
 *
 * It fits into the 18 bytes of payload that the shortest UDP frame has.
 */
struct labnic_stamp {
	__le64 id;
	__be64 time;
	__be16 magic;
} __packed;

#define LABNIC_MAGIC		0x6c61

/* Zeroed memory on lines of its own: what a CPU counts there with each frame must
 * not cost the other CPU, which counts in the next piece, anything.
 */
static inline void *labnic_alloc_apart(size_t size)
{
	return kzalloc(ALIGN(size, SMP_CACHE_BYTES), GFP_KERNEL_ACCOUNT);
}

/**
 * labnic_stamp_id() - what tells a generated frame from all others
 * @flow: number of the flow
 * @seq: number of the frame in its flow
 *
 * Return: the id; that of the next frame of the flow is one more.
 */
static inline u64 labnic_stamp_id(u16 flow, u32 seq)
{
	return (u64)LABNIC_MAGIC << 48 | (u64)flow << 32 | seq;
}

/**
 * struct labnic_gen - what the generator of a NIC makes
 * @src: first source address
 * @dst: first destination address
 * @nsrc: number of source addresses
 * @ndst: number of destination addresses
 * @step: how far one address is from the next
 * @seed: choose addresses at random, beginning with this; 0: one by one
 * @flows: number of flows, at most LABNIC_FLOWS_MAX
 * @vid: VID of the tag; 0 for none
 * @nvid: number of VIDs, from that one on; feeders only
 * @pcp: priority in the tag; feeders only
 * @size: bytes of a frame, without the tag
 * @mss: the frames are GSO frames with segments of this size; 0 if not
 * @burst: frames in one round of NAPI
 * @gap: time between the begins of two rounds, in ns; 0 for none
 * @count: frames of each queue
 * @queues: number of queues that generate
 * @stamp: measure latency
 * @hash: frames have a RX hash; the generator only
 * @rate: frames in a second; 0: as fast as it goes; feeders only
 * @cpu: where they are made; feeders only
 * @pause: wait while a queue of the NIC is more than half full; feeders only
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
	u32 step;
	u32 seed;
	u32 flows;
	u32 vid;
	u32 nvid;
	u32 pcp;
	u32 size;
	u32 mss;
	u32 burst;
	u32 gap;
	u32 count;
	u32 queues;
	u32 stamp;
	u32 hash;
	u32 rate;
	u32 cpu;
	u32 pause;

	unsigned int linear;
	unsigned int stamp_offset;
	u8 *template;
	struct page *pages;
};

#define LABNIC_FLOWS_MAX	1024

/**
 * struct labnic_maker - how far the making of frames has come
 * @random: state of the random numbers
 * @turn: number of the next address
 * @first: number of its first flow
 * @seq: number of the next frame of each flow
 */
struct labnic_maker {
	u32 random;
	u32 turn;
	u32 first;
	u32 *seq;
};

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
 * @csd: takes the interrupt to @cpu
 * @irq: the interrupt; 0 if there is none
 * @irq_name: its name
 * @busy_until: until when a sticky NAPI waits for frames, in jiffies; poll only
 * @armed: bit 0: the next frame raises the interrupt
 * @ring: frames from the wire, @data at the network header
 * @dropped: frames that found the ring full
 * @served: frames handed up, by CPU; only poll writes it
 * @run: the run that it generates for; NULL if it does not
 * @left: frames still to be generated; poll only
 * @stop: generate no more of them
 * @maker: makes them; poll only
 * @next: when the next round may begin; poll only
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
	int irq;
	char irq_name[IFNAMSIZ + 16];
	unsigned long busy_until;
	unsigned long armed;
	struct sk_buff_head ring;
	atomic_t dropped;
	u64 *served;

	struct labnic_run *run;
	u32 left;
	bool stop;
	struct labnic_maker maker;
	u64 next;
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
 * struct labnic_sink - a transmit queue, or CPU, that ends in the sink
 * @packets: frames transmitted
 * @bytes: bytes of them
 * @tagged: those of them that had a tag
 * @offset: where the last frame had its stamp
 * @expected: id of the frame that comes after it; 0 if nothing is checked
 * @syncp: protects @packets and @bytes on 32 bits
 * @flows: sequence numbers; flows do not change their transmit queue.  That of
 *	@expected is newer than its flow's.
 * @base: the same counters when it was reset
 * @alien: frames without a stamp since then
 * @lost: frames missing so far
 * @late: frames that came behind one with a higher number
 * @twice: frames that came more than once
 * @latency: how often a latency of this bucket was seen; NULL before the first
 *
 * Written under the lock of the transmit queue, or by its CPU.
 */
struct labnic_sink {
	u64_stats_t packets;
	u64_stats_t bytes;
	u64 tagged;
	u64 expected;
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
 * struct labnic_frame - what the hardware reads from a frame
 * @mac: destination, as ether_addr_to_u64() has it
 * @tag: LABNIC_TAGGED and the TCI; 0 without a tag
 */
struct labnic_frame {
	u64 mac;
	u32 tag;
};

#define LABNIC_TAGGED		BIT(16)

/**
 * struct labnic_rule - a rule that steers frames to a queue
 * @fs: what ethtool was told
 * @by_mac: whether @mac must match
 * @mac: destination
 * @tag: what the tag must be under @tag_mask, like struct labnic_frame
 * @tag_mask: 0: whether there is a tag is all the same
 * @queue: where the hardware delivers; LABNIC_DISCARD: nowhere
 * @silent: the hardware does not look at it
 */
struct labnic_rule {
	struct ethtool_rx_flow_spec fs;
	bool by_mac;
	bool silent;
	u64 mac;
	u32 tag;
	u32 tag_mask;
	u32 queue;
};

#define LABNIC_DISCARD		U32_MAX

/**
 * struct labnic_rules - the rules of a NIC; replaced as a whole
 * @rcu: to free it
 * @count: how many there are
 * @rule: the rules, in the order of their locations
 */
struct labnic_rules {
	struct rcu_head rcu;
	unsigned int count;
	struct labnic_rule rule[];
};

/**
 * struct labnic_filter - which destinations a NIC accepts besides its own
 * @rcu: to free it
 * @promisc: any
 * @allmulti: any multicast
 * @count: how many there are in @mac
 * @mac: addresses
 */
struct labnic_filter {
	struct rcu_head rcu;
	bool promisc;
	bool allmulti;
	unsigned int count;
	u64 mac[];
};

/**
 * struct labnic_knobs - how a NIC behaves; see README.md
 * @rules_max: locations for rules
 * @matches: what a rule may match: 1: MAC, 2: tag, 4: both at once
 * @vlan_masks: which masks of the tag: 1: VID, 2: all of it, 4: priority
 * @loc_any: only rules without a location of the user's choice
 * @fail_next: so many rules will be refused
 * @fail_delete: so many times a rule will not be deleted
 * @fail_read: so many times a rule will not be told
 * @fail_list: so many times it will not be told which rules there are
 * @fail_errno: the error of all these
 * @context: rules are told to lead to an RSS context
 * @silent: rules are taken but have no effect
 * @lose_on_down: the rules do not survive that the NIC is down
 * @uc_overwrites: a new unicast address takes its rules' queue away
 * @uc_max: more unicast or multicast addresses make it promiscuous
 * @vlans_max: VIDs in the VLAN filter
 * @vlan_strict: the VLAN filter is good for a promiscuous NIC, too
 * @no_record: frames do not say which queue they came from
 * @verify: frames tell whether their checksum is right, not the sum over them
 * @sticky: NAPI goes on at its CPU until it has seen none for so many ms
 * @irq: queues have interrupts where that is possible
 * @no_napi: what NAPI does not tell: LABNIC_NAPI_*
 * @ops_lock: have the kernel take the device's own lock for its operations
 * @lltx: transmit without the lock of a queue if there is no discipline
 * @stopped: the transmit queues are stopped
 */
struct labnic_knobs {
	u32 rules_max;
	u32 matches;
	u32 vlan_masks;
	u32 loc_any;
	u32 fail_next;
	u32 fail_delete;
	u32 fail_read;
	u32 fail_list;
	u32 fail_errno;
	u32 context;
	u32 silent;
	u32 lose_on_down;
	u32 uc_overwrites;
	u32 uc_max;
	u32 vlans_max;
	u32 vlan_strict;
	u32 no_record;
	u32 verify;
	u32 sticky;
	u32 irq;
	u32 no_napi;
	u32 ops_lock;
	u32 lltx;
	u32 stopped;
};

#define LABNIC_NAPI_NO_IRQ	BIT(0)
#define LABNIC_NAPI_NO_QUEUE	BIT(1)
#define LABNIC_NAPI_SHARED	BIT(2)

#define LABNIC_MATCH_MAC	BIT(0)
#define LABNIC_MATCH_TAG	BIT(1)
#define LABNIC_MATCH_BOTH	BIT(2)

#define LABNIC_MASK_VID		BIT(0)
#define LABNIC_MASK_TCI		BIT(1)
#define LABNIC_MASK_PCP		BIT(2)

/* Counters of a NIC; labnic_counter_names has their names. */
enum labnic_counter {
	LABNIC_RX_BY_RULE,
	LABNIC_RX_BY_HASH,
	LABNIC_RX_BY_DEFAULT,
	LABNIC_RX_DISCARDED,
	LABNIC_RX_NOT_MINE,
	LABNIC_RX_NOT_MY_GROUP,
	LABNIC_RX_NOT_MY_VLAN,
	LABNIC_RX_BAD,
	LABNIC_TX_GSO,
	LABNIC_TX_CSUM,
	LABNIC_TX_TAG,
	LABNIC_TX_BAD,
	LABNIC_COUNTERS
};

/**
 * struct labnic_counts - the counters of a NIC, of one CPU
 * @n: the counters
 */
struct labnic_counts {
	unsigned long n[LABNIC_COUNTERS];
};

/**
 * struct labnic - a NIC
 * @dev: its netdev
 * @list: in labnic_list; RTNL
 * @queues: its receive queues
 * @sinks: its transmit queues; one for each CPU, if they are not locked
 * @n_sinks: their number
 * @gen: what its generator makes; NULL if nothing; RTNL
 * @wire: the other end of the wire; NULL: the sink.  RTNL, RCU
 * @knobs: how it behaves; RTNL, or read without a lock
 * @ring_size: frames that a receive queue holds
 * @indir: the queue for each hash value; READ_ONCE
 * @lock: for changes of @rules and @filter
 * @rules: the rules; @lock, RCU
 * @filter: addresses; @lock, RCU
 * @vlans: VIDs of the VLAN filter; RTNL, read without a lock
 * @vlans_count: how many they are; RTNL
 * @counts: counters
 */
struct labnic {
	struct net_device *dev;
	struct list_head list;
	struct labnic_queue *queues;
	struct labnic_sink *sinks;
	unsigned int n_sinks;
	struct labnic_gen *gen;
	struct labnic __rcu *wire;

	struct labnic_knobs knobs;
	unsigned int ring_size;
	u16 indir[LABNIC_INDIR_SIZE];
	spinlock_t lock; /* protects rules and filter */
	struct labnic_rules __rcu *rules;
	struct labnic_filter __rcu *filter;
	DECLARE_BITMAP(vlans, VLAN_N_VID);
	unsigned int vlans_count;
	struct labnic_counts __percpu *counts;
};

static inline void labnic_count(struct labnic *nic, enum labnic_counter counter)
{
	this_cpu_inc(nic->counts->n[counter]);
}

struct seq_file;

extern struct list_head labnic_list;

/* main.c: the device that all NICs are of, as a card's are of that. */
extern struct device *labnic_card;

/* link.c */
extern struct rtnl_link_ops labnic_link_ops;
struct labnic *labnic_of(const struct net_device *dev);
int labnic_connect(struct labnic *nic, struct labnic *other);

/* wire.c */
void labnic_wire(struct labnic *nic, struct labnic *other, struct sk_buff *skb);

/* ethtool.c */
extern const struct ethtool_ops labnic_ethtool_ops;

/* queue.c */
int labnic_queue_init(struct labnic *nic, unsigned int index);
void labnic_queues_open(struct labnic *nic);
void labnic_queues_close(struct labnic *nic);
void labnic_queues_spread(struct labnic *nic);
void labnic_queue_raise(struct labnic_queue *rq);
unsigned int labnic_queue_waiting(const struct labnic_queue *rq);
bool labnic_queues_congested(const struct labnic *nic);
void labnic_queue_put(struct labnic *nic, unsigned int index,
		      struct sk_buff *skb);

/* irq.c */
int labnic_irq_request(struct labnic_queue *rq);
void labnic_irq_free(struct labnic_queue *rq);
int labnic_irq_move(struct labnic_queue *rq, int cpu);
void labnic_irq_raise(struct labnic_queue *rq);

/* receive.c */
extern const char labnic_counter_names[LABNIC_COUNTERS][ETH_GSTRING_LEN];
void labnic_receive(struct labnic *nic, struct sk_buff *skb);
void labnic_spread(struct labnic *nic);

/* rules.c */
const struct labnic_rule *labnic_rule_find(const struct labnic *nic,
					   const struct labnic_frame *frame);
int labnic_get_rxnfc(struct net_device *dev, struct ethtool_rxnfc *info,
		     u32 *locations);
int labnic_set_rxnfc(struct net_device *dev, struct ethtool_rxnfc *info);
int labnic_rule_delete(struct labnic *nic, u32 location);
int labnic_rules_delete(struct labnic *nic);
void labnic_rules_overwrite(struct labnic *nic, u64 mac);
bool labnic_rules_beyond(struct labnic *nic, unsigned int queues);

/* filter.c */
bool labnic_accepts(struct labnic *nic, const struct labnic_frame *frame);
void labnic_set_rx_mode(struct net_device *dev);
int labnic_set_rx_mode_async(struct net_device *dev,
			     struct netdev_hw_addr_list *uc,
			     struct netdev_hw_addr_list *mc);
int labnic_vlan_add(struct net_device *dev, __be16 proto, u16 vid);
int labnic_vlan_kill(struct net_device *dev, __be16 proto, u16 vid);

/* knobs.c */
void labnic_knobs_init(struct labnic *nic);
int labnic_knobs_set(struct labnic *nic, const char *key, u32 value);
void labnic_knobs_reset(void);
void labnic_knobs_show(struct seq_file *m, const struct labnic *nic);

/* generator.c */
int labnic_gen_prepare(struct labnic_gen *gen);
void labnic_gen_unprepare(struct labnic_gen *gen);
void labnic_gen_fill(struct labnic_maker *maker, const struct labnic_gen *gen,
		     u8 *data);
void labnic_gen_gso(const struct labnic_gen *gen, struct sk_buff *skb);
int labnic_gen_set(struct labnic *nic, const struct labnic_gen *gen);
void labnic_gen_free(struct labnic *nic);
int labnic_gen_start(struct labnic *nic, struct labnic_run *run);
void labnic_gen_stop(struct labnic *nic, const struct labnic_run *run);
void labnic_gen_end(struct labnic_queue *rq);
int labnic_gen_poll(struct labnic_queue *rq, int budget);

/* clock.c */
u64 labnic_clock(void);
u64 labnic_clock_process(void);
u64 labnic_ticks(void);
u64 labnic_ticks_to_ns(u64 ticks);
void labnic_clock_init(void);

/* feed.c */
int labnic_feed_start(struct labnic *nic, const struct labnic_gen *gen);
bool labnic_feeds_busy(const struct labnic *nic);
void labnic_feeds_stop(struct labnic *nic);
void labnic_feeds_show(struct seq_file *m);

/* sink.c */
void labnic_sink_unexpected(struct labnic_sink *sink,
			    const struct sk_buff *skb);
void labnic_sink_latency(struct labnic_sink *sink, u64 time);
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

/**
 * labnic_sink() - a frame leaves the NIC
 * @nic: the NIC
 * @skb: the frame; not consumed
 *
 * It costs a frame little more than a driver would take to count it and to write
 * a descriptor, as long as frames come in order: what is measured is a switch.
 *
 * Context: Under the lock of the transmit queue, if it has one.  Bottom halves
 * are off.
 */
static inline void labnic_sink(struct labnic *nic, struct sk_buff *skb)
{
	struct labnic_sink *sink = &nic->sinks[nic->knobs.lltx ?
		smp_processor_id() : skb_get_queue_mapping(skb)];
	const struct labnic_stamp *stamp = (void *)(skb->data + sink->offset);

	u64_stats_update_begin(&sink->syncp);
	u64_stats_inc(&sink->packets);
	u64_stats_add(&sink->bytes, skb->len);
	u64_stats_update_end(&sink->syncp);

	if (unlikely(skb_headlen(skb) < sink->offset + sizeof(*stamp) ||
		     le64_to_cpu(stamp->id) != sink->expected)) {
		labnic_sink_unexpected(sink, skb);
		return;
	}
	sink->expected++;
	sink->tagged += skb_vlan_tag_present(skb);
	if (unlikely(stamp->time))
		labnic_sink_latency(sink, be64_to_cpu(stamp->time));
}

#endif /* _LABNIC_H */
