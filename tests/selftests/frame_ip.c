// SPDX-License-Identifier: GPL-2.0
/*
 * TCP segments and UDP datagrams over IPv4 and IPv6, for what is to be cut and
 * summed.  The destination port and the payload depend on the command that sent
 * them.  A TCP segment tells its place by its sequence number; of UDP each piece
 * of the size that was asked for begins with its place.
 */
#include <netinet/in.h>
#include <string.h>

#include "frame.h"

#define TEST_SPORT	0x5654

static uint32_t sum16(const uint8_t *data, size_t len, uint32_t sum)
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += get16(data + i);
	if (len & 1)
		sum += data[len - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static unsigned int ip_len(const struct frame *frame)
{
	return frame->ip6 ? 40 : 20;
}

static unsigned int header_len(const struct frame *frame)
{
	return frame->udp ? 8 : 20;
}

static uint8_t protocol(const struct frame *frame)
{
	return frame->udp ? IPPROTO_UDP : IPPROTO_TCP;
}

static uint32_t pseudo_sum(const uint8_t *ip, const struct frame *frame, uint16_t len)
{
	return frame->ip6 ? sum16(ip + 8, 32, protocol(frame) + len) :
			    sum16(ip + 12, 8, protocol(frame) + len);
}

unsigned int payload_of(const struct frame *frame)
{
	return frame->udp ? frame->udp : frame->tcp;
}

uint16_t type_of(const struct frame *frame)
{
	if (!payload_of(frame))
		return TEST_TYPE;
	return frame->ip6 ? ETH_P_IPV6 : ETH_P_IP;
}

/* How it asks to be cut, and where its checksum goes. */
void ask_offload(const struct frame *frame, unsigned int head, struct virtio_net_hdr *vnet)
{
	vnet->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	vnet->csum_start = head + ip_len(frame);
	vnet->csum_offset = frame->udp ? 6 : 16;
	vnet->hdr_len = head + ip_len(frame) + header_len(frame);
	vnet->gso_type = VIRTIO_NET_HDR_GSO_NONE;
	if (payload_of(frame) <= frame->gso)
		return;
	vnet->gso_size = frame->gso;
	vnet->gso_type = frame->udp ? GSO_UDP_L4 :
			 frame->ip6 ? VIRTIO_NET_HDR_GSO_TCPV6 : VIRTIO_NET_HDR_GSO_TCPV4;
}

static void put_ip(uint8_t *ip, const struct frame *frame, uint16_t len)
{
	memset(ip, 0, ip_len(frame));
	if (frame->ip6) {
		ip[0] = 0x60;
		put16(ip + 4, len);
		ip[6] = protocol(frame);
		ip[7] = 64;
		put16(ip + 8, 0xfd00);
		ip[23] = 1;
		put16(ip + 24, 0xfd00);
		ip[39] = 2;
		return;
	}
	ip[0] = 0x45;
	put16(ip + 2, 20 + len);
	put16(ip + 6, 0x4000);
	ip[8] = 64;
	ip[9] = protocol(frame);
	put32(ip + 12, 0x0a000001);
	put32(ip + 16, 0x0a000002);
	put16(ip + 10, ~sum16(ip, 20, 0));
}

static uint8_t byte_at(const struct frame *frame, uint32_t id, uint32_t offset)
{
	uint32_t inside = frame->gso ? offset % frame->gso : offset;

	if (frame->udp && inside < 4)
		return (offset - inside) >> (24 - 8 * inside);
	return pattern(id, offset);
}

size_t put_segment(uint8_t *ip, const struct frame *frame, uint32_t id, uint32_t seq)
{
	unsigned int payload = payload_of(frame), header = header_len(frame), i;
	uint8_t *at = ip + ip_len(frame), *check = at + (frame->udp ? 6 : 16);
	uint32_t first = frame->udp ? 0 : seq * payload;
	uint16_t len = header + payload;

	put_ip(ip, frame, len);
	memset(at, 0, header);
	put16(at, TEST_SPORT);
	put16(at + 2, id);
	if (frame->udp) {
		put16(at + 4, len);
	} else {
		put32(at + 4, 1 + first);
		put32(at + 8, 1);
		at[12] = 5 << 4;
		at[13] = 0x10;
		put16(at + 14, 0xffff);
	}
	for (i = 0; i < payload; i++)
		at[header + i] = byte_at(frame, id, first + i);
	if (frame->gso)
		put16(check, pseudo_sum(ip, frame, len));
	else
		put16(check, ~sum16(at, len, pseudo_sum(ip, frame, len)));
	return ip_len(frame) + len;
}

/* What the IP header tells of the length behind it; 0 if it can not be. */
static unsigned int length_of(const uint8_t *ip, size_t len, const struct frame *frame)
{
	unsigned int total = frame->ip6 ? get16(ip + 4) + 40 : get16(ip + 2);

	if (total < ip_len(frame) + header_len(frame) || total > len)
		return 0;
	return total - ip_len(frame);
}

/* A whole frame must be as it was sent; of a cut one each piece has the size
 * that was asked for, but for the last.
 */
static bool good_size(const struct frame *frame, const struct incoming *in, uint32_t offset,
		      unsigned int bytes)
{
	if (in->vnet.gso_type)
		return bytes == payload_of(frame) && in->vnet.gso_size == frame->gso;
	return !frame->gso || bytes == frame->gso || offset + bytes == payload_of(frame);
}

bool parse_segment(const uint8_t *ip, size_t len, uint32_t id, const struct frame *frame,
		   const struct incoming *in, uint32_t *seq, struct sighting *what)
{
	const uint8_t *at = ip + ip_len(frame), *payload = at + header_len(frame);
	unsigned int total, i;

	if (len < ip_len(frame) + header_len(frame) || ip[0] != (frame->ip6 ? 0x60 : 0x45) ||
	    ip[frame->ip6 ? 6 : 9] != protocol(frame) ||
	    get16(at) != TEST_SPORT || get16(at + 2) != (uint16_t)id)
		return false;
	total = length_of(ip, len, frame);
	if (!total) {
		what->bad = true;
		return true;
	}
	what->bytes = total - header_len(frame);
	what->bad = !frame->ip6 && sum16(ip, 20, 0) != 0xffff;
	if (frame->udp) {
		*seq = what->bytes < 4 ? 0 : get32(payload);
		what->bad |= get16(at + 4) != total;
	} else {
		*seq = get32(at + 4) - 1;
	}
	if (!what->csum)
		what->bad |= sum16(at, total, pseudo_sum(ip, frame, total)) != 0xffff;
	for (i = 0; i < what->bytes; i++)
		what->bad |= payload[i] != byte_at(frame, id, *seq + i);
	what->bad |= frame->count == 1 && !good_size(frame, in, *seq, what->bytes);
	return true;
}
