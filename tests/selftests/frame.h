/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the frame helper share; see frame.c for what it does.
 */
#ifndef FRAME_H
#define FRAME_H

#include <linux/if_ether.h>
#include <linux/virtio_net.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_ENDPOINTS	64
#define MAX_TAGS	4
#define MAX_FRAME	(70 * 1024)
/* A local experimental EtherType (IEEE Std 802, 9.2.4). */
#define TEST_TYPE	0x88b5
#define TEST_MAGIC	0x766d7354
/* VIRTIO_NET_HDR_GSO_UDP_L4 and TUN_F_USO4 | TUN_F_USO6 are newer than some headers. */
#define GSO_UDP_L4	5
#define OFFLOAD_USO	0x60

struct tag {
	uint16_t tpid;
	uint16_t tci;
};

/* Frames of one look that an endpoint got of what was sent last. */
struct sighting {
	struct tag tags[MAX_TAGS];
	int ntags;
	unsigned int copies;
	unsigned int bytes;
	uint32_t last_seq;
	bool gso;
	bool csum;
	bool valid;
	bool bad;
	bool disorder;
};

struct endpoint {
	char name[32];
	int fd;
	bool used;
	bool is_tap;
	bool vnet;
	bool all;
	bool valid;
	struct sighting seen[4];
	int nseen;
};

struct frame {
	uint8_t src[ETH_ALEN];
	uint8_t dst[ETH_ALEN];
	struct tag tags[MAX_TAGS];
	int ntags;
	unsigned int len;
	unsigned int count;
	unsigned int srcs;
	unsigned int tcp;
	unsigned int udp;
	bool ip6;
	unsigned int gso;
	const char *hex;
};

/* A frame as it came from an endpoint; a tag beside it is in the slot. */
struct incoming {
	uint8_t *data;
	size_t len;
	struct virtio_net_hdr vnet;
	struct tag slot;
	bool has_slot;
};

/* frame_bytes.c: a frame's bytes, made and read */
size_t make_frame(uint8_t *at, const struct frame *frame, uint32_t id, uint32_t seq);
size_t parse_tags(const struct incoming *in, struct sighting *what);
bool parse_test_frame(const struct incoming *in, const struct frame *frame, uint32_t id,
		      uint32_t *seq, struct sighting *what);
uint8_t pattern(uint32_t id, uint32_t offset);
void put16(uint8_t *at, uint16_t value);
void put32(uint8_t *at, uint32_t value);
uint16_t get16(const uint8_t *at);
uint32_t get32(const uint8_t *at);

/* frame_ip.c: TCP segments and UDP datagrams */
unsigned int payload_of(const struct frame *frame);
uint16_t type_of(const struct frame *frame);
void ask_offload(const struct frame *frame, unsigned int head, struct virtio_net_hdr *vnet);
size_t put_segment(uint8_t *ip, const struct frame *frame, uint32_t id, uint32_t seq);
bool parse_segment(const uint8_t *ip, size_t len, uint32_t id, const struct frame *frame,
		   const struct incoming *in, uint32_t *seq, struct sighting *what);

/* frame_ends.c: taps and packet sockets */
enum { RECEIVE_NONE, RECEIVE_FRAME, RECEIVE_OTHER };

extern struct endpoint endpoints[MAX_ENDPOINTS];
extern int nendpoints;

struct endpoint *endpoint_of(const char *name);
int enter_netns(const char *path);
void leave_netns(int here);
int open_tap(const char *dev, bool vnet, bool offload);
int open_packet(const char *dev, bool vnet, uint16_t proto);
int want_hash(int fd);
struct endpoint *new_endpoint(const char *name);
int transmit(struct endpoint *endpoint, const struct frame *frame, uint32_t id, uint32_t seq);
int receive(struct endpoint *endpoint, struct incoming *in);
void wait_input(int ms);

/* frame_seen.c: who got what */
void drain(struct endpoint *endpoint, const struct frame *frame, uint32_t id);
void drain_all(const struct frame *frame, uint32_t id);
void report(char *text, size_t size, bool loose);

#endif
