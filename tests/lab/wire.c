// SPDX-License-Identifier: GPL-2.0
/*
 * wire: the far end of a VM's NIC with several queues.
 *
 *   wire QUEUES CMD...
 *
 * Runs CMD, an emulator, in a network namespace of its own in which there is a
 * tap with so many queues; "@FDS@" in its words stands for their descriptors, as
 * in "-netdev tap,fds=@FDS@".  The host steers: the last byte of a frame's
 * destination address is the number of the queue, as with a NIC that somebody
 * else has programmed.
 *
 * Whatever the guest sends to a single address comes back to it, with the
 * addresses exchanged, so that it decides itself what it receives and when.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define TAP		"wire"
#define MAX_QUEUES	16

static void die(const char *what)
{
	fprintf(stderr, "wire: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A program that returns the last byte of a frame's destination address. */
static int load_steering(void)
{
	const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_6, .src_reg = BPF_REG_1 },
		{ .code = BPF_LD | BPF_ABS | BPF_B, .imm = ETH_ALEN - 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	attr.insn_cnt = ARRAY_SIZE(code);
	attr.insns = (uintptr_t)code;
	attr.license = (uintptr_t)"GPL";
	fd = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
	if (fd < 0)
		die("can not load a program");
	return fd;
}

static int open_queue(void)
{
	struct ifreq ifr;
	int fd = open("/dev/net/tun", O_RDWR);

	if (fd < 0)
		die("/dev/net/tun");
	memset(&ifr, 0, sizeof(ifr));
	memcpy(ifr.ifr_name, TAP, sizeof(TAP));
	ifr.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | IFF_MULTI_QUEUE;
	if (ioctl(fd, TUNSETIFF, &ifr))
		die("can not make a tap");
	return fd;
}

/* Nothing but what the guest asks for comes out of it. */
static void silence(void)
{
	int fd = open("/proc/sys/net/ipv6/conf/" TAP "/disable_ipv6", O_WRONLY);

	if (fd < 0)
		return;
	if (write(fd, "1", 1) != 1)
		die("can not switch IPv6 off");
	close(fd);
}

static int open_socket(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW, htobe16(ETH_P_ALL));
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htobe16(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(TAP),
	};
	struct ifreq ifr;

	memset(&ifr, 0, sizeof(ifr));
	memcpy(ifr.ifr_name, TAP, sizeof(TAP));
	ifr.ifr_flags = IFF_UP;
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &ifr) ||
	    bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		die("can not use the tap");
	return fd;
}

/* The emulator takes the program away when the guest's driver has nothing to say
 * of how frames are spread: it is put back for each frame.
 */
static void steer(int queue, int program)
{
	if (ioctl(queue, TUNSETSTEERINGEBPF, &program))
		die("the tap takes no program");
}

static void reflect(int fd, int queue, int program)
{
	unsigned char frame[65536], addr[ETH_ALEN];
	struct sockaddr_ll from;
	socklen_t size;
	ssize_t len;

	for (;;) {
		size = sizeof(from);
		len = recvfrom(fd, frame, sizeof(frame), 0, (struct sockaddr *)&from, &size);
		if (len < ETH_HLEN || from.sll_pkttype == PACKET_OUTGOING || (frame[0] & 1))
			continue;
		memcpy(addr, frame, ETH_ALEN);
		memcpy(frame, frame + ETH_ALEN, ETH_ALEN);
		memcpy(frame + ETH_ALEN, addr, ETH_ALEN);
		steer(queue, program);
		/* What is lost is lost, as on a wire. */
		if (send(fd, frame, len, 0) != len)
			continue;
	}
}

/* The word with the descriptors in the place of the mark. */
static char *fill_in(char *word, const char *fds)
{
	char *mark = strstr(word, "@FDS@");
	char *filled;

	if (!mark)
		return word;
	if (asprintf(&filled, "%.*s%s%s", (int)(mark - word), word, fds, mark + 5) < 0)
		die("no memory");
	return filled;
}

int main(int argc, char **argv)
{
	char fds[MAX_QUEUES * 12] = "";
	int queue[MAX_QUEUES];
	int program, sock, n, i;
	pid_t reflector;

	n = argc > 2 ? atoi(argv[1]) : 0;
	if (n < 1 || n > MAX_QUEUES) {
		fprintf(stderr, "usage: wire QUEUES CMD...    (1 to %d queues)\n", MAX_QUEUES);
		return 1;
	}
	if (unshare(CLONE_NEWNET))
		die("no network namespace");
	for (i = 0; i < n; i++) {
		queue[i] = open_queue();
		sprintf(fds + strlen(fds), "%s%d", i ? ":" : "", queue[i]);
	}
	program = load_steering();
	steer(queue[0], program);
	silence();
	sock = open_socket();

	reflector = fork();
	if (reflector < 0)
		die("no process");
	if (!reflector) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (i = 1; i < n; i++)
			close(queue[i]);
		reflect(sock, queue[0], program);
	}
	close(sock);
	close(program);
	for (i = 2; i < argc; i++)
		argv[i] = fill_in(argv[i], fds);
	execvp(argv[2], argv + 2);
	die(argv[2]);
}
