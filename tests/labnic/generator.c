// SPDX-License-Identifier: GPL-2.0
/*
 * The generator: frames made in the NIC's own poll function and handed up as a
 * driver does it.
 */
#include <linux/tcp.h>
#include <net/ip.h>

#include "labnic.h"

#define LABNIC_PAGES_ORDER	3
#define LABNIC_PORT		4096

static void labnic_gen_ip(struct labnic_gen *gen, u8 protocol)
{
	struct iphdr *iph = (struct iphdr *)(gen->template + ETH_HLEN);

	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tot_len = htons(gen->size - ETH_HLEN);
	iph->frag_off = htons(IP_DF);
	iph->ttl = 64;
	iph->protocol = protocol;
	iph->saddr = htonl(0x0a000001);
	iph->daddr = htonl(0x0a000002);
	iph->check = ip_fast_csum(iph, iph->ihl);
}

static void labnic_gen_udp(struct labnic_gen *gen)
{
	unsigned int offset = ETH_HLEN + sizeof(struct iphdr);
	struct udphdr *udp = (struct udphdr *)(gen->template + offset);

	udp->source = htons(LABNIC_PORT);
	udp->dest = htons(LABNIC_PORT);
	udp->len = htons(gen->size - offset);
}

static void labnic_gen_tcp(struct labnic_gen *gen)
{
	unsigned int offset = ETH_HLEN + sizeof(struct iphdr);
	struct tcphdr *tcp = (struct tcphdr *)(gen->template + offset);
	struct iphdr *iph = (struct iphdr *)(gen->template + ETH_HLEN);

	tcp->source = htons(LABNIC_PORT);
	tcp->dest = htons(LABNIC_PORT);
	tcp->doff = sizeof(*tcp) / 4;
	tcp->ack = 1;
	tcp->window = htons(0xffff);
	tcp->check = ~csum_tcpudp_magic(iph->saddr, iph->daddr,
					gen->size - offset, IPPROTO_TCP, 0);
}

static void labnic_gen_template(struct labnic_gen *gen)
{
	struct labnic_stamp *stamp;
	struct ethhdr *eth = (struct ethhdr *)gen->template;

	ether_addr_copy(eth->h_dest, gen->dst);
	ether_addr_copy(eth->h_source, gen->src);
	eth->h_proto = htons(ETH_P_IP);
	labnic_gen_ip(gen, gen->mss ? IPPROTO_TCP : IPPROTO_UDP);
	if (gen->mss)
		labnic_gen_tcp(gen);
	else
		labnic_gen_udp(gen);
	stamp = (struct labnic_stamp *)(gen->template + gen->stamp_offset);
	stamp->magic = htons(LABNIC_MAGIC);
}

/**
 * labnic_gen_unprepare() - free what labnic_gen_prepare() has made
 * @gen: what to make frames of
 */
void labnic_gen_unprepare(struct labnic_gen *gen)
{
	if (gen->pages)
		__free_pages(gen->pages, LABNIC_PAGES_ORDER);
	kfree(gen->template);
}

/**
 * labnic_gen_free() - have a NIC generate nothing any more
 * @nic: the NIC
 */
void labnic_gen_free(struct labnic *nic)
{
	unsigned int i;

	if (nic->gen)
		labnic_gen_unprepare(nic->gen);
	kfree(nic->gen);
	nic->gen = NULL;
	if (!nic->queues)
		return;
	for (i = 0; i < nic->dev->num_rx_queues; i++) {
		kfree(nic->queues[i].maker.seq);
		nic->queues[i].maker.seq = NULL;
	}
}

static bool labnic_gen_busy(const struct labnic *nic)
{
	unsigned int i;

	for (i = 0; i < nic->dev->num_rx_queues; i++)
		if (READ_ONCE(nic->queues[i].run))
			return true;
	return false;
}

/**
 * labnic_gen_prepare() - check what is to be made, and build a template of it
 * @gen: what to make; the members from @linear on are set
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int labnic_gen_prepare(struct labnic_gen *gen)
{
	unsigned int offset = ETH_HLEN + sizeof(struct iphdr);

	offset += gen->mss ? sizeof(struct tcphdr) : sizeof(struct udphdr);
	if (gen->size < offset + sizeof(struct labnic_stamp) ||
	    gen->size > (gen->mss ? IP_MAX_MTU : PAGE_SIZE) ||
	    !gen->nsrc || !gen->ndst || !gen->burst || !gen->flows ||
	    gen->flows > LABNIC_FLOWS_MAX || !gen->nvid ||
	    gen->nvid > VLAN_VID_MASK || gen->pcp > 7 ||
	    gen->vid > VLAN_VID_MASK - gen->nvid + 1)
		return -EINVAL;

	gen->stamp_offset = offset;
	gen->linear = gen->mss ? offset + sizeof(struct labnic_stamp) :
				 gen->size;
	gen->template = kzalloc(gen->linear, GFP_KERNEL);
	if (!gen->template)
		return -ENOMEM;
	if (gen->mss) {
		gen->pages = alloc_pages(GFP_KERNEL | __GFP_COMP | __GFP_ZERO,
					 LABNIC_PAGES_ORDER);
		if (!gen->pages) {
			kfree(gen->template);
			return -ENOMEM;
		}
	}
	labnic_gen_template(gen);
	return 0;
}

/**
 * labnic_gen_set() - say what a NIC generates
 * @nic: the NIC
 * @given: what; copied
 *
 * Context: RTNL.
 * Return: 0, -EINVAL, -EBUSY or -ENOMEM.
 */
int labnic_gen_set(struct labnic *nic, const struct labnic_gen *given)
{
	struct labnic_gen *gen;
	unsigned int i;
	int err;

	if (given->queues > nic->dev->real_num_rx_queues || !given->queues)
		return -EINVAL;
	if (labnic_gen_busy(nic))
		return -EBUSY;
	gen = kmemdup(given, sizeof(*gen), GFP_KERNEL);
	if (!gen)
		return -ENOMEM;
	err = labnic_gen_prepare(gen);
	if (err) {
		kfree(gen);
		return err;
	}
	labnic_gen_free(nic);
	nic->gen = gen;
	for (i = 0; i < gen->queues; i++) {
		nic->queues[i].maker.seq =
			labnic_alloc_apart(gen->flows * sizeof(u32));
		if (!nic->queues[i].maker.seq) {
			labnic_gen_free(nic);
			return -ENOMEM;
		}
	}
	return 0;
}

/* xorshift32 */
static u32 labnic_gen_random(struct labnic_maker *maker)
{
	maker->random ^= maker->random << 13;
	maker->random ^= maker->random >> 17;
	maker->random ^= maker->random << 5;
	return maker->random;
}

/* An address counted from @base by its last four bytes. */
static void labnic_gen_address(u8 *addr, const u8 *base, u32 n)
{
	u32 low = (u32)base[2] << 24 | base[3] << 16 | base[4] << 8 | base[5];

	low += n;
	addr[2] = low >> 24;
	addr[3] = low >> 16;
	addr[4] = low >> 8;
	addr[5] = low;
}

/**
 * labnic_gen_fill() - make the linear part of the next frame
 * @maker: knows which it is
 * @gen: what to make
 * @data: where
 *
 * Flow n has addresses and a sequence of its own.
 */
void labnic_gen_fill(struct labnic_maker *maker, const struct labnic_gen *gen,
		     u8 *data)
{
	unsigned int offset = ETH_HLEN + sizeof(struct iphdr);
	struct labnic_stamp *stamp = (void *)(data + gen->stamp_offset);
	struct ethhdr *eth = (struct ethhdr *)data;
	u32 n = 0, flow = 0, seq;

	memcpy(data, gen->template, gen->linear);
	if (gen->nsrc > 1 || gen->ndst > 1 || gen->flows > 1) {
		n = gen->seed ? labnic_gen_random(maker) : maker->turn++;
		/* Flow and address go together: the order of the frames of a
		 * flow must not depend on the way that they take.
		 */
		flow = n % gen->flows;
	}
	if (gen->nsrc > 1)
		labnic_gen_address(eth->h_source, gen->src,
				   n % gen->nsrc * gen->step);
	if (gen->ndst > 1)
		labnic_gen_address(eth->h_dest, gen->dst,
				   n % gen->ndst * gen->step);
	seq = maker->seq[flow]++;
	flow += maker->first;
	stamp->id = cpu_to_le64(labnic_stamp_id(flow, seq));
	*(__be16 *)(data + offset) = cpu_to_be16(LABNIC_PORT + flow);
	if (gen->stamp)
		stamp->time = cpu_to_be64(labnic_ticks());
}

/**
 * labnic_gen_gso() - make a frame a GSO frame, with its payload
 * @gen: what to make
 * @skb: the frame, data at the MAC header
 */
void labnic_gen_gso(const struct labnic_gen *gen, struct sk_buff *skb)
{
	unsigned int len, left = gen->size - gen->linear;
	unsigned int transport = ETH_HLEN + sizeof(struct iphdr);
	unsigned int headers = transport + sizeof(struct tcphdr);
	int i = 0;

	while (left) {
		len = min_t(unsigned int, left,
			    PAGE_SIZE << LABNIC_PAGES_ORDER);
		get_page(gen->pages);
		skb_add_rx_frag(skb, i++, gen->pages, 0, len, len);
		left -= len;
	}
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + transport;
	skb->csum_offset = offsetof(struct tcphdr, check);
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	skb_shinfo(skb)->gso_size = gen->mss;
	skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(gen->size - headers,
						 gen->mss);
}

static struct sk_buff *labnic_gen_frame(struct labnic_queue *rq,
					const struct labnic_gen *gen)
{
	struct net_device *dev = rq->nic->dev;
	struct sk_buff *skb;

	skb = napi_alloc_skb(&rq->napi, gen->linear);
	if (unlikely(!skb))
		return NULL;
	labnic_gen_fill(&rq->maker, gen, skb_put(skb, gen->linear));
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (gen->mss)
		labnic_gen_gso(gen, skb);
	if (gen->vid)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), gen->vid);
	if (gen->hash)
		skb_set_hash(skb, LABNIC_PORT + rq->index, PKT_HASH_TYPE_L4);
	skb_record_rx_queue(skb, rq->index);
	skb->protocol = eth_type_trans(skb, dev);
	if (gen->mss)
		skb_set_transport_header(skb, sizeof(struct iphdr));
	return skb;
}

/**
 * labnic_gen_end() - a queue stops generating
 * @rq: the queue; its poll function is the caller, or does not run any more
 */
void labnic_gen_end(struct labnic_queue *rq)
{
	struct labnic_run *run = rq->run;

	if (!run)
		return;
	rq->time = labnic_clock() - rq->started;
	WRITE_ONCE(rq->run, NULL);
	if (atomic_dec_and_test(&run->pending))
		complete(&run->done);
}

/* Whether the time for the next round has come. */
static noinline bool labnic_gen_due(struct labnic_queue *rq, u32 gap)
{
	u64 time = ktime_get_ns();

	if (time < rq->next)
		return false;
	rq->next = time + gap;
	return true;
}

/**
 * labnic_gen_poll() - generate the frames of one round of NAPI
 * @rq: the queue
 * @budget: of the round
 *
 * Return: the number of frames.
 */
int labnic_gen_poll(struct labnic_queue *rq, int budget)
{
	const struct labnic_gen *gen = rq->nic->gen;
	u32 i, frames;

	if (unlikely(gen->gap) && !labnic_gen_due(rq, gen->gap))
		return 0;
	if (unlikely(!rq->started))
		rq->started = labnic_clock();
	frames = min3((u32)budget, gen->burst, rq->left);
	if (unlikely(READ_ONCE(rq->stop)))
		frames = 0;
	for (i = 0; i < frames; i++) {
		struct sk_buff *skb = labnic_gen_frame(rq, gen);

		if (unlikely(!skb)) {
			rq->failed++;
			continue;
		}
		if (gen->mss)
			netif_receive_skb(skb);
		else
			napi_gro_receive(&rq->napi, skb);
	}
	u64_stats_update_begin(&rq->syncp);
	u64_stats_add(&rq->packets, frames);
	u64_stats_add(&rq->bytes, frames * gen->size);
	u64_stats_update_end(&rq->syncp);
	rq->served[smp_processor_id()] += frames;
	rq->made += frames;
	rq->left -= frames;
	/* GRO may hold the last frames until the round ends. */
	if (!frames)
		labnic_gen_end(rq);
	return frames;
}

/**
 * labnic_gen_start() - have a NIC generate its frames
 * @nic: the NIC
 * @run: is told when all are made
 *
 * Context: RTNL.
 * Return: 0, -EINVAL without a generator, -ENETDOWN or -EBUSY.
 */
int labnic_gen_start(struct labnic *nic, struct labnic_run *run)
{
	const struct labnic_gen *gen = nic->gen;
	unsigned int i;

	if (!gen || gen->queues > nic->dev->real_num_rx_queues)
		return -EINVAL;
	if (!netif_running(nic->dev))
		return -ENETDOWN;
	if (labnic_gen_busy(nic))
		return -EBUSY;
	for (i = 0; i < gen->queues; i++) {
		struct labnic_queue *rq = &nic->queues[i];

		rq->left = gen->count;
		rq->stop = false;
		rq->maker.random = gen->seed + i;
		rq->maker.turn = 0;
		rq->maker.first = i * gen->flows;
		rq->next = 0;
		rq->started = 0;
		rq->time = 0;
		rq->made = 0;
		rq->failed = 0;
		memset(rq->maker.seq, 0, gen->flows * sizeof(u32));
		atomic_inc(&run->pending);
		local_bh_disable();
		/* Pairs with the lock in napi_schedule(). */
		smp_store_release(&rq->run, run);
		labnic_queue_raise(rq);
		local_bh_enable();
	}
	return 0;
}

/**
 * labnic_gen_stop() - have a run come to an end early
 * @nic: a NIC that may take part in it
 * @run: the run
 */
void labnic_gen_stop(struct labnic *nic, const struct labnic_run *run)
{
	unsigned int i;

	for (i = 0; i < nic->dev->num_rx_queues; i++)
		if (READ_ONCE(nic->queues[i].run) == run)
			WRITE_ONCE(nic->queues[i].stop, true);
}
