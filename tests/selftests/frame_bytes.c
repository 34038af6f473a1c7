// SPDX-License-Identifier: GPL-2.0
/*
 * The bytes of test frames: how they are made, and how they are known again.
 * Every frame carries the number of the command that sent it and a pattern
 * that depends on it, so that neither a stray frame nor a wrong byte passes.
 */
#include <stdio.h>
#include <string.h>

#include "frame.h"

#define MIN_PAYLOAD	12

void put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

uint16_t get16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

uint32_t get32(const uint8_t *at)
{
	return (uint32_t)get16(at) << 16 | get16(at + 2);
}

uint8_t pattern(uint32_t id, uint32_t offset)
{
	return (uint8_t)(id * 31 + offset * 7 + (offset >> 8));
}

static size_t put_payload(uint8_t *at, const struct frame *frame, uint32_t id,
			  uint32_t seq)
{
	unsigned int i;

	if (frame->len < MIN_PAYLOAD) {
		memset(at, 0, frame->len);
		return frame->len;
	}
	put32(at, TEST_MAGIC);
	put32(at + 4, id);
	put32(at + 8, seq);
	for (i = MIN_PAYLOAD; i < frame->len; i++)
		at[i] = pattern(id, i);
	return frame->len;
}

static size_t put_hex(uint8_t *at, const char *hex)
{
	size_t n = 0;
	unsigned int byte;

	while (n < MAX_FRAME && sscanf(hex, "%2x", &byte) == 1) {
		at[n++] = byte;
		hex += 2;
		if (!hex[-1] || !*hex)
			break;
	}
	return n;
}

size_t make_frame(uint8_t *at, const struct frame *frame, uint32_t id, uint32_t seq)
{
	uint8_t *p = at;
	int i;

	if (frame->hex)
		return put_hex(at, frame->hex);
	memcpy(p, frame->dst, ETH_ALEN);
	memcpy(p + ETH_ALEN, frame->src, ETH_ALEN);
	put32(p + 8, get32(p + 8) + seq % frame->srcs);
	p += 2 * ETH_ALEN;
	for (i = 0; i < frame->ntags; i++, p += 4) {
		put16(p, frame->tags[i].tpid);
		put16(p + 2, frame->tags[i].tci);
	}
	put16(p, type_of(frame));
	p += 2;
	p += payload_of(frame) ? put_segment(p, frame, id, seq) :
				  put_payload(p, frame, id, seq);
	return p - at;
}

/* Tags into the sighting; the result is the offset of the EtherType. */
size_t parse_tags(const struct incoming *in, struct sighting *what)
{
	const uint8_t *data = in->data;
	size_t at = 2 * ETH_ALEN;
	uint16_t type;

	what->ntags = 0;
	if (in->has_slot)
		what->tags[what->ntags++] = in->slot;
	while (at + 6 <= in->len && what->ntags < MAX_TAGS) {
		type = get16(data + at);
		if (type != ETH_P_8021Q && type != ETH_P_8021AD)
			break;
		what->tags[what->ntags].tpid = type;
		what->tags[what->ntags++].tci = get16(data + at + 2);
		at += 4;
	}
	return at;
}

/* Is this a test frame with that id?  Its sequence number and health. */
static bool parse_payload(const uint8_t *at, size_t len, uint32_t id, const struct frame *frame,
			  uint32_t *seq, bool *bad)
{
	unsigned int i;

	if (len < MIN_PAYLOAD || get32(at) != TEST_MAGIC || get32(at + 4) != id)
		return false;
	*seq = get32(at + 8);
	/* Padding may follow what was sent, but nothing may be cut off. */
	*bad = len < frame->len;
	for (i = MIN_PAYLOAD; i < frame->len && i < len; i++)
		*bad |= at[i] != pattern(id, i);
	return true;
}

/* Is it the frame that was sent last?  Then its look, and its place in order. */
bool parse_test_frame(const struct incoming *in, const struct frame *frame, uint32_t id,
		      uint32_t *seq, struct sighting *what)
{
	size_t at;

	memset(what, 0, sizeof(*what));
	at = parse_tags(in, what);
	if (at + 2 > in->len || get16(in->data + at) != type_of(frame))
		return false;
	at += 2;
	what->gso = in->vnet.gso_type != VIRTIO_NET_HDR_GSO_NONE;
	if (!payload_of(frame))
		return parse_payload(in->data + at, in->len - at, id, frame, seq, &what->bad);
	what->csum = in->vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
	what->valid = in->vnet.flags & VIRTIO_NET_HDR_F_DATA_VALID;
	return parse_segment(in->data + at, in->len - at, id, frame, in, seq, what);
}
