// SPDX-License-Identifier: GPL-2.0
/*
 * stamp: sends a datagram, and succeeds if it is told when a device took it
 * (SOF_TIMESTAMPING_TX_SOFTWARE), how often it is told on standard output.
 *
 *   stamp ADDRESS
 *	IPv4, to port 9
 */
#include <arpa/inet.h>
#include <linux/net_tstamp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* The first may take a while, and one too many comes at once. */
#define WAIT_FIRST_MS	5000
#define WAIT_NEXT_MS	200

/* Whether the socket's error queue has one more time in it. */
static int told(int fd, int wait_ms)
{
	struct pollfd pfd = { .fd = fd };
	union {
		char buf[512];
		struct cmsghdr align;
	} control;
	struct msghdr msg = { .msg_control = &control, .msg_controllen = sizeof(control) };
	struct timespec times[3];
	struct cmsghdr *c;

	if (poll(&pfd, 1, wait_ms) != 1 || recvmsg(fd, &msg, MSG_ERRQUEUE) < 0)
		return 0;
	for (c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPING)
			continue;
		memcpy(times, CMSG_DATA(c), sizeof(times));
		return times[0].tv_sec > 0;
	}
	return 0;
}

int main(int argc, char **argv)
{
	const int flags = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd, n = 0;

	if (argc != 2 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
		fprintf(stderr, "usage: stamp ADDRESS\n");
		return 1;
	}
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof(flags)) ||
	    sendto(fd, "stamp", 5, 0, (struct sockaddr *)&to, sizeof(to)) < 0) {
		perror("stamp");
		return 1;
	}
	while (told(fd, n ? WAIT_NEXT_MS : WAIT_FIRST_MS))
		n++;
	printf("%d\n", n);
	close(fd);
	return !n;
}
