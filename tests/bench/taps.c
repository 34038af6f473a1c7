// SPDX-License-Identifier: GPL-2.0
/*
 * Two taps that belong to one process, as they would to two guests.
 *
 *	taps COUNT FROM [TO]
 *
 * What is written to FROM, with a virtio header before each frame, is read from
 * TO; without a TO it is expected nowhere.  Prints the time that writing a frame
 * took, in ns: what happens to it until it waits for its reader.  The frames are
 * numbered: one that is missing, out of order or not ours is an error.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>

#include "bench.h"

/* Frames that are written before they are read; a tap holds 500. */
#define BURST	256
#define PORT	4096
#define WARM_UP	512

/* With its header a frame is as short as they are, when @number is its end. */
struct frame {
	struct virtio_net_hdr_mrg_rxbuf vnet;
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
	char text[10];
	unsigned long long number;
} __attribute__((packed));

static int open_tap(const char *name)
{
	struct ifreq req = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	int header = sizeof(struct virtio_net_hdr_mrg_rxbuf);

	strncpy(req.ifr_name, name, IFNAMSIZ - 1);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &req) ||
	    ioctl(fd, TUNSETVNETHDRSZ, &header) ||
	    ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6))
		die(name);
	return fd;
}

static unsigned short checksum(const void *data, int len)
{
	const unsigned short *word = data;
	unsigned int sum = 0;

	for (; len; len -= 2)
		sum += *word++;
	sum = (sum & 0xffff) + (sum >> 16);
	return ~(sum + (sum >> 16));
}

/* From host @from to host @to, whose addresses end so. */
static void fill(struct frame *frame, int from, int to)
{
	memset(frame, 0, sizeof(*frame));
	frame->eth.h_source[0] = 2;
	frame->eth.h_source[5] = from;
	frame->eth.h_dest[0] = 2;
	frame->eth.h_dest[5] = to;
	frame->eth.h_proto = htons(ETH_P_IP);
	frame->ip.version = 4;
	frame->ip.ihl = 5;
	frame->ip.tot_len = htons(sizeof(*frame) - offsetof(struct frame, ip));
	frame->ip.frag_off = htons(IP_DF);
	frame->ip.ttl = 64;
	frame->ip.protocol = IPPROTO_UDP;
	frame->ip.saddr = htonl(0x0a000000 + from);
	frame->ip.daddr = htonl(0x0a000000 + to);
	frame->ip.check = checksum(&frame->ip, sizeof(frame->ip));
	frame->udp.source = htons(PORT);
	frame->udp.dest = htons(PORT);
	frame->udp.len = htons(sizeof(*frame) - offsetof(struct frame, udp));
}

static void put(int fd, const struct frame *frame)
{
	if (write(fd, frame, sizeof(*frame)) != sizeof(*frame))
		die("write");
}

/* Whether a frame came within @ms; others than those of host 1 are refused. */
static int take(int fd, struct frame *frame, int ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	ssize_t len = read(fd, frame, sizeof(*frame));

	if (len < 0 && errno == EAGAIN) {
		if (!ms || poll(&poll_fd, 1, ms) <= 0)
			return 0;
		len = read(fd, frame, sizeof(*frame));
	}
	if (len < 0)
		die("read");
	if (len != sizeof(*frame) || frame->udp.dest != htons(PORT) ||
	    frame->eth.h_source[5] != 1) {
		fprintf(stderr, "a frame that nobody sent\n");
		exit(1);
	}
	return 1;
}

/* Links may take a second to come up; each end sends until the other is known. */
static void learn(int from, int to, struct frame *frame)
{
	struct frame answer, got;
	int tries = 500;

	fill(&answer, 2, 1);
	do {
		if (!tries--) {
			fprintf(stderr, "no frame arrives\n");
			exit(1);
		}
		put(to, &answer);
		put(from, frame);
	} while (!take(to, &got, 10));
	put(to, &answer);
	while (take(to, &got, 20))
		;
	/* What the switch sent to both ends before it had learned. */
	while (read(from, &got, sizeof(got)) > 0)
		;
}

/* Write frames from number *@number on, then read them; the time of writing. */
static double burst(int from, int to, struct frame *frame, int count)
{
	unsigned long long want = frame->number;
	double started, took;
	struct frame got;
	int i;

	started = now();
	for (i = 0; i < count; i++) {
		put(from, frame);
		frame->number++;
	}
	took = now() - started;
	for (i = 0; to >= 0 && i < count; i++, want++) {
		if (!take(to, &got, 1000) || got.number != want) {
			fprintf(stderr, "frame %llu did not come in its turn\n", want);
			exit(1);
		}
	}
	if (to >= 0 && take(to, &got, 0)) {
		fprintf(stderr, "frame %llu came once too often\n", got.number);
		exit(1);
	}
	return took;
}

int main(int argc, char **argv)
{
	int count, left, part, from, to = -1;
	struct frame frame;
	double took = 0;

	if (argc != 3 && argc != 4) {
		fprintf(stderr, "usage: taps COUNT FROM [TO]\n");
		return 2;
	}
	count = atoi(argv[1]);
	from = open_tap(argv[2]);
	fill(&frame, 1, 2);
	if (argc == 4) {
		to = open_tap(argv[3]);
		learn(from, to, &frame);
	}
	for (left = WARM_UP; left > 0; left -= BURST)
		burst(from, to, &frame, BURST);
	for (left = count; left > 0; left -= part) {
		part = left < BURST ? left : BURST;
		took += burst(from, to, &frame, part);
	}
	printf("%.2f\n", took / count);
	return 0;
}
