// SPDX-License-Identifier: GPL-2.0
/*
 * frame: stands in for the guests of a switch, frame by frame.
 *
 * One process holds all endpoints of a test: taps, which it makes as a VM
 * manager would, and packet sockets on devices of any network namespace.  It
 * sends a frame from one of them and says which of the others got it, how
 * often, with which tags and whether its bytes are right, so that one command
 * shows both that a frame arrives where it should and nowhere else.
 *
 * Commands are read from standard input, one a line, or are the arguments.
 * Each is answered by one line: "ok ..." or "error ...".
 *
 *   tap NAME [dev=DEV] [netns=PATH] [vnet] [offload]
 *	make a tap; it stays down, as QEMU's script=no leaves it
 *   packet NAME [dev=DEV] [netns=PATH] [vnet] [all] [late]
 *	a packet socket on DEV ("any": on all devices); "all" also reports
 *	frames that the host itself sends through DEV, "late" only those that
 *	DEV's master leaves to the host
 *   close NAME
 *   carrier NAME on|off
 *	carrier of a tap
 *   send NAME FRAME
 *   reach NAME FRAME [want=TEXT] [ms=N] [settle=N] [loose]
 *	send, and report who got it.  Waits until the report is TEXT (spaces
 *	in it written as commas), at most N ms, and then "settle" ms longer for
 *	what should not come.  With "loose" it does not matter in how many
 *	pieces the payload comes and which are summed
 *   blast NAME FRAME ms=N
 *	send as fast as possible for N ms; answers with the number sent
 *   count NAME
 *	how many test frames have come since the last command that looked
 *   recv NAME type=HEX [ms=N]
 *	the first frame of that type that comes, as hex
 *   sleep MS, quit
 *
 * FRAME is: src=MAC dst=MAC [vlan=V [pcp=P] [dei=1]] [tag=TPID:VID[:PCP]]...
 *   [len=N] [count=N] [srcs=N] [hex=BYTES] [tcp=BYTES [gso=MSS]]
 * MAC is six bytes, or one number N in hex for 02:00:00:00:HH:LL, or "all".
 * len counts the bytes behind the MAC header and the tags (46 by default).
 * srcs=N counts the source address up N times.  hex= is the whole frame as it
 * is.  tcp= is an IPv4 TCP segment (with count= consecutive ones); with gso= it
 * asks to be cut (needs vnet).
 *
 * A report names the endpoints in the order in which they were made, or is
 * "-": NAME[:TAG[/TAG]][*COPIES][+gso][+csum][(BYTES)][!][~]
 * TAG is VID, sVID for an S-tag, with pP for a PCP other than 0; "*" tells how
 * many came if not one, "(BYTES)" the sum of TCP payload, "!" means wrong
 * bytes or checksum, "~" wrong order.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_ENDPOINTS	64
#define MAX_TAGS	4
#define MAX_WORDS	64
#define MAX_FRAME	(70 * 1024)
/* A local experimental EtherType (IEEE Std 802, 9.2.4). */
#define TEST_TYPE	0x88b5
#define TEST_MAGIC	0x766d7354
#define TEST_SPORT	0x5654
#define MIN_PAYLOAD	12

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
	unsigned int gso;
	const char *hex;
};

static struct endpoint endpoints[MAX_ENDPOINTS];
static int nendpoints;
static uint32_t last_id;
static uint8_t buffer[MAX_FRAME + sizeof(struct virtio_net_hdr)];

static int answer(const char *format, ...) __attribute__((format(printf, 1, 2)));

static int answer(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	return strncmp(format, "error", 5) ? 0 : 1;
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

static uint16_t get16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)get16(at) << 16 | get16(at + 2);
}

/* ---- words of a command ---- */

struct words {
	char *word[MAX_WORDS];
	int n;
};

static void split(char *line, struct words *words)
{
	char *word, *save = NULL;

	words->n = 0;
	for (word = strtok_r(line, " \t\n", &save); word && words->n < MAX_WORDS;
	     word = strtok_r(NULL, " \t\n", &save))
		words->word[words->n++] = word;
}

/* The value of KEY=VALUE, or "" for a bare KEY, or NULL. */
static char *value_of(const struct words *words, const char *key)
{
	size_t len = strlen(key);
	int i;

	for (i = 1; i < words->n; i++) {
		if (strncmp(words->word[i], key, len))
			continue;
		if (words->word[i][len] == '=')
			return words->word[i] + len + 1;
		if (!words->word[i][len])
			return words->word[i] + len;
	}
	return NULL;
}

static unsigned long number_of(const struct words *words, const char *key,
			       unsigned long otherwise)
{
	const char *value = value_of(words, key);

	return value && *value ? strtoul(value, NULL, 0) : otherwise;
}

static struct endpoint *endpoint_of(const char *name)
{
	int i;

	for (i = 0; name && i < nendpoints; i++)
		if (endpoints[i].used && !strcmp(endpoints[i].name, name))
			return &endpoints[i];
	return NULL;
}

static int parse_mac(const char *text, uint8_t *mac)
{
	unsigned int b[ETH_ALEN];
	unsigned long low;
	char *end;
	int i;

	if (!strcmp(text, "all")) {
		memset(mac, 0xff, ETH_ALEN);
		return 0;
	}
	if (sscanf(text, "%x:%x:%x:%x:%x:%x", &b[0], &b[1], &b[2], &b[3], &b[4],
		   &b[5]) == ETH_ALEN) {
		for (i = 0; i < ETH_ALEN; i++)
			mac[i] = b[i];
		return 0;
	}
	low = strtoul(text, &end, 16);
	if (*end || !*text || low > 0xffffffff)
		return -1;
	mac[0] = 2;
	mac[1] = 0;
	put32(mac + 2, low);
	return 0;
}

static int add_tag(struct frame *frame, unsigned int tpid, unsigned int vid,
		   unsigned int pcp)
{
	if (frame->ntags == MAX_TAGS)
		return -1;
	frame->tags[frame->ntags].tpid = tpid;
	frame->tags[frame->ntags].tci = pcp << 13 | pcp >> 15 << 12 | vid;
	frame->ntags++;
	return 0;
}

static int parse_frame(const struct words *words, struct frame *frame)
{
	unsigned int tpid, vid, pcp;
	const char *value;
	int i;

	memset(frame, 0, sizeof(*frame));
	frame->hex = value_of(words, "hex");
	frame->len = number_of(words, "len", 46);
	frame->count = number_of(words, "count", 1);
	frame->srcs = number_of(words, "srcs", 1);
	frame->tcp = number_of(words, "tcp", 0);
	frame->gso = number_of(words, "gso", 0);
	value = value_of(words, "src");
	if (!frame->hex && (!value || parse_mac(value, frame->src)))
		return -1;
	value = value_of(words, "dst");
	if (!frame->hex && (!value || parse_mac(value, frame->dst)))
		return -1;
	if (value_of(words, "vlan") &&
	    add_tag(frame, ETH_P_8021Q, number_of(words, "vlan", 0),
		    number_of(words, "pcp", 0) | number_of(words, "dei", 0) << 15))
		return -1;
	for (i = 1; i < words->n; i++) {
		if (strncmp(words->word[i], "tag=", 4))
			continue;
		pcp = 0;
		if (sscanf(words->word[i] + 4, "%x:%u:%u", &tpid, &vid, &pcp) < 2 ||
		    add_tag(frame, tpid, vid, pcp))
			return -1;
	}
	return frame->len > MAX_FRAME - 64 || frame->tcp > 65000 ? -1 : 0;
}

/* ---- making frames ---- */

static uint8_t pattern(uint32_t id, uint32_t offset)
{
	return (uint8_t)(id * 31 + offset * 7 + (offset >> 8));
}

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

static uint32_t pseudo_sum(const uint8_t *ip, uint16_t tcp_len)
{
	return sum16(ip + 12, 8, IPPROTO_TCP + tcp_len);
}

/* A segment whose destination port and payload depend on the id. */
static size_t put_tcp(uint8_t *ip, const struct frame *frame, uint32_t id, uint32_t seq)
{
	uint16_t tcp_len = 20 + frame->tcp;
	uint32_t first = seq * frame->tcp;
	uint8_t *tcp = ip + 20;
	unsigned int i;

	memset(ip, 0, 40);
	ip[0] = 0x45;
	put16(ip + 2, 20 + tcp_len);
	put16(ip + 6, 0x4000);
	ip[8] = 64;
	ip[9] = IPPROTO_TCP;
	put32(ip + 12, 0x0a000001);
	put32(ip + 16, 0x0a000002);
	put16(ip + 10, ~sum16(ip, 20, 0));
	put16(tcp, TEST_SPORT);
	put16(tcp + 2, id);
	put32(tcp + 4, 1 + first);
	put32(tcp + 8, 1);
	tcp[12] = 5 << 4;
	tcp[13] = 0x10;
	put16(tcp + 14, 0xffff);
	for (i = 0; i < frame->tcp; i++)
		tcp[20 + i] = pattern(id, first + i);
	if (frame->gso)
		put16(tcp + 16, pseudo_sum(ip, tcp_len));
	else
		put16(tcp + 16, ~sum16(tcp, tcp_len, pseudo_sum(ip, tcp_len)));
	return 20 + tcp_len;
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

static size_t make_frame(uint8_t *at, const struct frame *frame, uint32_t id,
			 uint32_t seq)
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
	put16(p, frame->tcp ? ETH_P_IP : TEST_TYPE);
	p += 2;
	p += frame->tcp ? put_tcp(p, frame, id, seq) : put_payload(p, frame, id, seq);
	return p - at;
}

/* ---- endpoints ---- */

/* Enter the namespace at PATH; the result is the way back, or -2 if none. */
static int enter_netns(const char *path)
{
	int here, there, rc;

	if (!path)
		return -2;
	here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	there = open(path, O_RDONLY | O_CLOEXEC);
	rc = here < 0 || there < 0 ? -1 : setns(there, CLONE_NEWNET);
	if (there >= 0)
		close(there);
	if (rc && here >= 0)
		close(here);
	return rc ? -1 : here;
}

static void leave_netns(int here)
{
	if (here < 0)
		return;
	if (setns(here, CLONE_NEWNET))
		_exit(3);
	close(here);
}

static int open_tap(const struct words *words, const char *dev, bool vnet)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	unsigned int offload = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6;
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -1;
	if (vnet)
		ifr.ifr_flags |= IFF_VNET_HDR;
	strncpy(ifr.ifr_name, dev, IFNAMSIZ - 1);
	if (ioctl(fd, TUNSETIFF, &ifr) ||
	    (value_of(words, "offload") && ioctl(fd, TUNSETOFFLOAD, offload))) {
		close(fd);
		return -1;
	}
	return fd;
}

static int open_packet(const char *dev, bool vnet, uint16_t proto)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(proto),
	};
	int size = 8 << 20, one = 1;
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	addr.sll_ifindex = strcmp(dev, "any") ? (int)if_nametoindex(dev) : 0;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if ((!addr.sll_ifindex && strcmp(dev, "any")) ||
	    setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)) ||
	    (vnet && setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one))) ||
	    bind(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		int saved = errno ?: ENODEV;

		close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

/* A name that was closed keeps its place in the reports. */
static struct endpoint *new_endpoint(const char *name)
{
	int i;

	for (i = 0; i < nendpoints; i++)
		if (!strcmp(endpoints[i].name, name))
			return &endpoints[i];
	return nendpoints < MAX_ENDPOINTS ? &endpoints[nendpoints++] : NULL;
}

static int command_open(const struct words *words, bool is_tap)
{
	const char *name = words->n > 1 ? words->word[1] : "";
	const char *dev = value_of(words, "dev") ?: name;
	uint16_t proto = value_of(words, "late") ? TEST_TYPE : ETH_P_ALL;
	bool vnet = value_of(words, "vnet");
	struct endpoint *endpoint;
	int here, fd;

	if (!*name || strlen(name) >= sizeof(endpoint->name) || endpoint_of(name))
		return answer("error bad or used name '%s'", name);
	here = enter_netns(value_of(words, "netns"));
	if (here == -1)
		return answer("error netns: %s", strerror(errno));
	fd = is_tap ? open_tap(words, dev, vnet) : open_packet(dev, vnet, proto);
	if (fd < 0) {
		int saved = errno;

		leave_netns(here);
		return answer("error %s: %s", dev, strerror(saved));
	}
	leave_netns(here);
	endpoint = new_endpoint(name);
	if (!endpoint) {
		close(fd);
		return answer("error too many endpoints");
	}
	strcpy(endpoint->name, name);
	endpoint->fd = fd;
	endpoint->used = true;
	endpoint->is_tap = is_tap;
	endpoint->vnet = vnet;
	endpoint->all = value_of(words, "all");
	return answer("ok");
}

static int command_close(const struct words *words)
{
	struct endpoint *endpoint = endpoint_of(words->n > 1 ? words->word[1] : NULL);

	if (!endpoint)
		return answer("error no such endpoint");
	close(endpoint->fd);
	endpoint->used = false;
	return answer("ok");
}

static int command_carrier(const struct words *words)
{
	struct endpoint *endpoint = endpoint_of(words->n > 1 ? words->word[1] : NULL);
	int on = words->n > 2 && !strcmp(words->word[2], "on");

	if (!endpoint || ioctl(endpoint->fd, TUNSETCARRIER, &on))
		return answer("error carrier: %s", strerror(errno));
	return answer("ok");
}

/* ---- sending ---- */

static int transmit_raw(struct endpoint *endpoint, size_t len, const struct frame *frame)
{
	struct virtio_net_hdr *vnet = (struct virtio_net_hdr *)buffer;
	uint8_t *at = buffer + sizeof(*vnet);
	unsigned int head = ETH_HLEN + 4 * frame->ntags;
	struct pollfd pfd = { .fd = endpoint->fd, .events = POLLOUT };
	int tries;

	memset(vnet, 0, sizeof(*vnet));
	if (frame->gso) {
		vnet->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		vnet->csum_start = head + 20;
		vnet->csum_offset = 16;
		vnet->hdr_len = head + 40;
		vnet->gso_size = frame->gso;
		vnet->gso_type = frame->tcp > frame->gso ? VIRTIO_NET_HDR_GSO_TCPV4 :
							   VIRTIO_NET_HDR_GSO_NONE;
	}
	if (endpoint->vnet) {
		at = buffer;
		len += sizeof(*vnet);
	}
	for (tries = 0; tries < 50; tries++) {
		if (write(endpoint->fd, at, len) == (ssize_t)len)
			return 0;
		if (errno != EAGAIN && errno != ENOBUFS)
			return -1;
		poll(&pfd, 1, 10);
	}
	return -1;
}

static int transmit(struct endpoint *endpoint, const struct frame *frame, uint32_t id)
{
	unsigned int total = frame->count * frame->srcs, seq;
	size_t len;

	for (seq = 0; seq < total; seq++) {
		len = make_frame(buffer + sizeof(struct virtio_net_hdr), frame, id, seq);
		if (transmit_raw(endpoint, len, frame))
			return -1;
	}
	return 0;
}

/* ---- receiving ---- */

/*
 * Read one frame into the buffer: 1 there is one, 0 none left, 2 not for us.
 * The tag that the kernel keeps beside the frame goes first into the tags.
 */
static int receive(struct endpoint *endpoint, size_t *len, struct tag *slot, bool *has_slot,
		   struct virtio_net_hdr *vnet, uint8_t **data)
{
	size_t skip = endpoint->vnet ? sizeof(*vnet) : 0;
	struct iovec iov = { .iov_base = buffer, .iov_len = sizeof(buffer) };
	char control[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct sockaddr_ll from;
	struct msghdr msg = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct tpacket_auxdata *aux;
	struct cmsghdr *cmsg;
	ssize_t got;

	*has_slot = false;
	got = endpoint->is_tap ? read(endpoint->fd, buffer, sizeof(buffer)) :
				 recvmsg(endpoint->fd, &msg, 0);
	if (got < 0)
		return errno == EINTR ? 2 : 0;
	if ((size_t)got < skip + ETH_HLEN)
		return got ? 2 : 0;
	if (skip)
		memcpy(vnet, buffer, skip);
	else
		memset(vnet, 0, sizeof(*vnet));
	*data = buffer + skip;
	*len = got - skip;
	if (endpoint->is_tap)
		return 1;
	if (from.sll_pkttype == PACKET_OUTGOING && !endpoint->all)
		return 2;
	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		if (cmsg->cmsg_level != SOL_PACKET || cmsg->cmsg_type != PACKET_AUXDATA)
			continue;
		aux = (struct tpacket_auxdata *)CMSG_DATA(cmsg);
		if (aux->tp_status & TP_STATUS_CSUMNOTREADY)
			vnet->flags |= VIRTIO_NET_HDR_F_NEEDS_CSUM;
		if (aux->tp_status & TP_STATUS_VLAN_VALID) {
			*has_slot = true;
			slot->tci = aux->tp_vlan_tci;
			slot->tpid = aux->tp_status & TP_STATUS_VLAN_TPID_VALID ?
				     aux->tp_vlan_tpid : ETH_P_8021Q;
		}
	}
	return 1;
}

/* Tags into the sighting; the result is the offset of the EtherType. */
static size_t parse_tags(const uint8_t *data, size_t len, bool has_slot, struct tag slot,
			 struct sighting *what)
{
	size_t at = 2 * ETH_ALEN;
	uint16_t type;

	what->ntags = 0;
	if (has_slot)
		what->tags[what->ntags++] = slot;
	while (at + 6 <= len && what->ntags < MAX_TAGS) {
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

static bool parse_tcp(const uint8_t *ip, size_t len, uint32_t id, const struct virtio_net_hdr *vnet,
		      uint32_t *seq, unsigned int *bytes, bool *bad)
{
	const uint8_t *tcp = ip + 20;
	unsigned int total, i;

	if (len < 40 || ip[0] != 0x45 || ip[9] != IPPROTO_TCP ||
	    get16(tcp) != TEST_SPORT || get16(tcp + 2) != (uint16_t)id)
		return false;
	total = get16(ip + 2);
	if (total < 40 || total > len) {
		*bad = true;
		return true;
	}
	*seq = get32(tcp + 4) - 1;
	*bytes = total - 40;
	*bad = sum16(ip, 20, 0) != 0xffff;
	if (!(vnet->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM))
		*bad |= sum16(tcp, total - 20, pseudo_sum(ip, total - 20)) != 0xffff;
	for (i = 0; i < *bytes; i++)
		*bad |= tcp[20 + i] != pattern(id, *seq + i);
	return true;
}

static void note(struct endpoint *endpoint, const struct sighting *what, uint32_t seq)
{
	struct sighting *seen = NULL;
	int i;

	for (i = 0; i < endpoint->nseen && !seen; i++)
		if (endpoint->seen[i].ntags == what->ntags &&
		    !memcmp(endpoint->seen[i].tags, what->tags, what->ntags * sizeof(struct tag)))
			seen = &endpoint->seen[i];
	if (!seen) {
		if (endpoint->nseen == 4)
			return;
		seen = &endpoint->seen[endpoint->nseen++];
		*seen = *what;
		seen->copies = 0;
		seen->bytes = 0;
		seen->last_seq = 0;
	}
	seen->copies++;
	seen->bytes += what->bytes;
	seen->gso |= what->gso;
	seen->csum |= what->csum;
	seen->bad |= what->bad;
	/* A copy of the frame before is another matter, and counted. */
	if (seq < seen->last_seq)
		seen->disorder = true;
	seen->last_seq = seq;
}

/* Take all that waits at an endpoint and note what belongs to the frame. */
static void drain(struct endpoint *endpoint, const struct frame *frame, uint32_t id)
{
	struct virtio_net_hdr vnet;
	struct sighting what;
	uint32_t seq = 0;
	uint8_t *data;
	struct tag slot;
	bool has_slot;
	size_t len, at;
	int rc;

	while ((rc = receive(endpoint, &len, &slot, &has_slot, &vnet, &data))) {
		if (rc == 2 || !frame)
			continue;
		memset(&what, 0, sizeof(what));
		at = parse_tags(data, len, has_slot, slot, &what);
		if (at + 2 > len)
			continue;
		what.gso = vnet.gso_type != VIRTIO_NET_HDR_GSO_NONE;
		what.csum = frame->tcp && vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
		if (frame->tcp ? get16(data + at) == ETH_P_IP &&
				 parse_tcp(data + at + 2, len - at - 2, id, &vnet, &seq,
					   &what.bytes, &what.bad) :
				 get16(data + at) == TEST_TYPE &&
				 parse_payload(data + at + 2, len - at - 2, id, frame, &seq,
					       &what.bad))
			note(endpoint, &what, seq);
	}
}

static void drain_all(const struct frame *frame, uint32_t id)
{
	int i;

	for (i = 0; i < nendpoints; i++) {
		if (!frame)
			endpoints[i].nseen = 0;
		if (endpoints[i].used)
			drain(&endpoints[i], frame, id);
	}
}

static void report_one(FILE *out, const struct endpoint *endpoint, const struct sighting *seen,
		       bool loose)
{
	int i;

	fprintf(out, "%s", endpoint->name);
	for (i = 0; i < seen->ntags; i++) {
		fprintf(out, "%c%s%u", i ? '/' : ':',
			seen->tags[i].tpid == ETH_P_8021AD ? "s" : "", seen->tags[i].tci & 0xfff);
		if (seen->tags[i].tci >> 13)
			fprintf(out, "p%u", seen->tags[i].tci >> 13);
		if (seen->tags[i].tci & 0x1000)
			fprintf(out, "d");
	}
	if (!loose && seen->copies != 1)
		fprintf(out, "*%u", seen->copies);
	if (!loose)
		fprintf(out, "%s%s", seen->gso ? "+gso" : "", seen->csum ? "+csum" : "");
	if (seen->bytes)
		fprintf(out, "(%u)", seen->bytes);
	fprintf(out, "%s%s", seen->bad ? "!" : "", seen->disorder ? "~" : "");
}

static void report(char *text, size_t size, bool loose)
{
	FILE *out = fmemopen(text, size, "w");
	bool any = false;
	int i, j;

	for (i = 0; i < nendpoints; i++) {
		for (j = 0; j < endpoints[i].nseen; j++) {
			if (any)
				fputc(',', out);
			any = true;
			report_one(out, &endpoints[i], &endpoints[i].seen[j], loose);
		}
	}
	if (!any)
		fputc('-', out);
	fclose(out);
}

static void wait_input(int ms)
{
	struct pollfd pfd[MAX_ENDPOINTS];
	int i, n = 0;

	for (i = 0; i < nendpoints; i++) {
		if (!endpoints[i].used)
			continue;
		pfd[n].fd = endpoints[i].fd;
		pfd[n++].events = POLLIN;
	}
	/* A tap that is down is always ready with an error: do not spin. */
	if (poll(pfd, n, ms) > 0)
		for (i = 0; i < n; i++)
			if (pfd[i].revents & POLLIN)
				return;
	poll(NULL, 0, ms < 2 ? ms : 2);
}

static int command_reach(const struct words *words)
{
	struct endpoint *from = endpoint_of(words->n > 1 ? words->word[1] : NULL);
	const char *want = value_of(words, "want") ?: "-";
	int64_t end, settle = number_of(words, "settle", 15);
	char text[4096], *p;
	struct frame frame;
	uint32_t id;

	if (!from || parse_frame(words, &frame))
		return answer("error no such endpoint, or a bad frame");
	drain_all(NULL, 0);
	id = ++last_id;
	if (transmit(from, &frame, id))
		return answer("error send: %s", strerror(errno));
	end = now_ms() + number_of(words, "ms", 1000);
	for (;;) {
		drain_all(&frame, id);
		report(text, sizeof(text), value_of(words, "loose"));
		if (!strcmp(text, want) || now_ms() >= end)
			break;
		wait_input(10);
	}
	end = now_ms() + settle;
	while (now_ms() < end) {
		wait_input((int)(end - now_ms()));
		drain_all(&frame, id);
	}
	report(text, sizeof(text), false);
	for (p = text; *p; p++)
		if (*p == ',')
			*p = ' ';
	return answer("ok %s", text);
}

static int command_send(const struct words *words)
{
	struct endpoint *from = endpoint_of(words->n > 1 ? words->word[1] : NULL);
	struct frame frame;

	if (!from || parse_frame(words, &frame))
		return answer("error no such endpoint, or a bad frame");
	if (transmit(from, &frame, ++last_id))
		return answer("error send: %s", strerror(errno));
	return answer("ok");
}

static int command_blast(const struct words *words)
{
	struct endpoint *from = endpoint_of(words->n > 1 ? words->word[1] : NULL);
	int64_t end = now_ms() + number_of(words, "ms", 1000);
	unsigned long sent = 0;
	struct frame frame;
	int i;

	if (!from || parse_frame(words, &frame))
		return answer("error no such endpoint, or a bad frame");
	while (now_ms() < end) {
		for (i = 0; i < 32; i++) {
			size_t len = make_frame(buffer + sizeof(struct virtio_net_hdr), &frame,
						0, sent);

			/* Devices go and come while this runs; that is the point. */
			if (!transmit_raw(from, len, &frame))
				sent++;
			else if (errno == ENODEV || errno == EBADF || errno == EBADFD)
				return answer("ok %lu", sent);
		}
		for (i = 0; i < nendpoints; i++)
			if (endpoints[i].used)
				drain(&endpoints[i], NULL, 0);
	}
	return answer("ok %lu", sent);
}

static int command_count(const struct words *words)
{
	struct endpoint *from = endpoint_of(words->n > 1 ? words->word[1] : NULL);
	struct virtio_net_hdr vnet;
	struct sighting what;
	unsigned int n = 0;
	struct tag slot;
	bool has_slot;
	uint8_t *data;
	size_t len, at;
	int rc;

	if (!from)
		return answer("error no such endpoint");
	while ((rc = receive(from, &len, &slot, &has_slot, &vnet, &data))) {
		if (rc == 2)
			continue;
		at = parse_tags(data, len, has_slot, slot, &what);
		if (at + 6 <= len && get16(data + at) == TEST_TYPE &&
		    get32(data + at + 2) == TEST_MAGIC)
			n++;
	}
	return answer("ok %u", n);
}

static int command_recv(const struct words *words)
{
	struct endpoint *from = endpoint_of(words->n > 1 ? words->word[1] : NULL);
	unsigned long type = strtoul(value_of(words, "type") ?: "0", NULL, 16);
	int64_t end = now_ms() + number_of(words, "ms", 1000);
	struct virtio_net_hdr vnet;
	struct sighting what;
	struct tag slot;
	bool has_slot;
	uint8_t *data;
	size_t len, at, i;
	int rc;

	if (!from)
		return answer("error no such endpoint");
	do {
		while ((rc = receive(from, &len, &slot, &has_slot, &vnet, &data))) {
			if (rc == 2)
				continue;
			at = parse_tags(data, len, has_slot, slot, &what);
			if (at + 2 > len || get16(data + at) != type)
				continue;
			printf("ok ");
			for (i = 0; i < len; i++)
				printf("%02x", data[i]);
			return answer("%s", "");
		}
		wait_input(10);
	} while (now_ms() < end);
	return answer("error nothing came");
}

static int run_command(char *line)
{
	struct words words;
	const char *verb;

	split(line, &words);
	if (!words.n)
		return 0;
	verb = words.word[0];
	if (!strcmp(verb, "tap") || !strcmp(verb, "packet"))
		return command_open(&words, *verb == 't');
	if (!strcmp(verb, "close"))
		return command_close(&words);
	if (!strcmp(verb, "carrier"))
		return command_carrier(&words);
	if (!strcmp(verb, "send"))
		return command_send(&words);
	if (!strcmp(verb, "reach"))
		return command_reach(&words);
	if (!strcmp(verb, "blast"))
		return command_blast(&words);
	if (!strcmp(verb, "count"))
		return command_count(&words);
	if (!strcmp(verb, "recv"))
		return command_recv(&words);
	if (!strcmp(verb, "sleep")) {
		poll(NULL, 0, words.n > 1 ? atoi(words.word[1]) : 0);
		return answer("ok");
	}
	if (!strcmp(verb, "quit"))
		exit(0);
	return answer("error unknown command '%s'", verb);
}

int main(int argc, char **argv)
{
	static char line[2 * MAX_FRAME + 256];
	int i, rc = 0;

	if (argc > 1) {
		for (i = 1; i < argc; i++)
			rc |= run_command(argv[i]);
		return rc;
	}
	while (fgets(line, sizeof(line), stdin))
		run_command(line);
	return 0;
}
