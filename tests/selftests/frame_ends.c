// SPDX-License-Identifier: GPL-2.0
/*
 * The endpoints: taps, made as a VM manager makes them, and packet sockets.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frame.h"

struct endpoint endpoints[MAX_ENDPOINTS];
int nendpoints;

static uint8_t buffer[MAX_FRAME + sizeof(struct virtio_net_hdr)];

struct endpoint *endpoint_of(const char *name)
{
	int i;

	for (i = 0; name && i < nendpoints; i++)
		if (endpoints[i].used && !strcmp(endpoints[i].name, name))
			return &endpoints[i];
	return NULL;
}

/* Enter the namespace at PATH; the result is the way back, or -2 if none. */
int enter_netns(const char *path)
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

void leave_netns(int here)
{
	if (here < 0)
		return;
	if (setns(here, CLONE_NEWNET))
		_exit(3);
	close(here);
}

int open_tap(const char *dev, bool vnet, bool offload)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	unsigned int features = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6;
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -1;
	if (vnet)
		ifr.ifr_flags |= IFF_VNET_HDR;
	strncpy(ifr.ifr_name, dev, IFNAMSIZ - 1);
	if (ioctl(fd, TUNSETIFF, &ifr) ||
	    (offload && ioctl(fd, TUNSETOFFLOAD, features | OFFLOAD_USO) &&
	     ioctl(fd, TUNSETOFFLOAD, features))) {
		close(fd);
		return -1;
	}
	return fd;
}

int open_packet(const char *dev, bool vnet, uint16_t proto)
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

/* Leave out of what a packet socket gets the frames that have no hash. */
int want_hash(int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_RXHASH)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
	};
	struct sock_fprog prog = { .len = 4, .filter = code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog));
}

/* A name that was closed keeps its place in the reports. */
struct endpoint *new_endpoint(const char *name)
{
	int i;

	for (i = 0; i < nendpoints; i++)
		if (!strcmp(endpoints[i].name, name))
			return &endpoints[i];
	return nendpoints < MAX_ENDPOINTS ? &endpoints[nendpoints++] : NULL;
}

/* Send one frame; a queue that is full gets some time. */
int transmit(struct endpoint *endpoint, const struct frame *frame, uint32_t id, uint32_t seq)
{
	struct virtio_net_hdr *vnet = (struct virtio_net_hdr *)buffer;
	uint8_t *at = buffer + sizeof(*vnet);
	unsigned int head = ETH_HLEN + 4 * frame->ntags;
	struct pollfd pfd = { .fd = endpoint->fd, .events = POLLOUT };
	size_t len = make_frame(at, frame, id, seq);
	int tries;

	memset(vnet, 0, sizeof(*vnet));
	if (frame->gso)
		ask_offload(frame, head, vnet);
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

/*
 * Read one frame; RECEIVE_OTHER is one that is not for us.  It is valid until
 * the next is read or sent.
 */
int receive(struct endpoint *endpoint, struct incoming *in)
{
	size_t skip = endpoint->vnet ? sizeof(in->vnet) : 0;
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

	in->has_slot = false;
	got = endpoint->is_tap ? read(endpoint->fd, buffer, sizeof(buffer)) :
				 recvmsg(endpoint->fd, &msg, 0);
	if (got < 0)
		return errno == EINTR ? RECEIVE_OTHER : RECEIVE_NONE;
	if ((size_t)got < skip + ETH_HLEN)
		return got ? RECEIVE_OTHER : RECEIVE_NONE;
	if (skip)
		memcpy(&in->vnet, buffer, skip);
	else
		memset(&in->vnet, 0, sizeof(in->vnet));
	in->data = buffer + skip;
	in->len = got - skip;
	if (endpoint->is_tap)
		return RECEIVE_FRAME;
	if (from.sll_pkttype == PACKET_OUTGOING && !endpoint->all)
		return RECEIVE_OTHER;
	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		if (cmsg->cmsg_level != SOL_PACKET || cmsg->cmsg_type != PACKET_AUXDATA)
			continue;
		aux = (struct tpacket_auxdata *)CMSG_DATA(cmsg);
		if (aux->tp_status & TP_STATUS_CSUMNOTREADY)
			in->vnet.flags |= VIRTIO_NET_HDR_F_NEEDS_CSUM;
		if (aux->tp_status & TP_STATUS_VLAN_VALID) {
			in->has_slot = true;
			in->slot.tci = aux->tp_vlan_tci;
			in->slot.tpid = aux->tp_status & TP_STATUS_VLAN_TPID_VALID ?
				     aux->tp_vlan_tpid : ETH_P_8021Q;
		}
	}
	return RECEIVE_FRAME;
}

/* Wait until one of them has something, or for a while. */
void wait_input(int ms)
{
	struct pollfd pfd[MAX_ENDPOINTS];
	int i, n = 0;

	/* Time may have run out since the caller looked; less than 0 is for ever. */
	if (ms < 0)
		ms = 0;
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
