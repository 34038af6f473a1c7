// SPDX-License-Identifier: GPL-2.0
/*
 * Two sockets in two network namespaces, used by turns by one thread.
 *
 *	sockets udp|rr COUNT NETNS-A NETNS-B ADDRESS-B
 *
 * udp: A sends a datagram, B receives it; rr: and answers. Prints the time that
 * one of them took, in ns. The datagrams are numbered: one that is missing or
 * out of order is an error.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PORT	4096

/* Payload of the shortest frame. */
#define SIZE	18

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* A socket in the namespace of that name. */
static int socket_in(const char *netns)
{
	struct timeval patience = { .tv_sec = 5 };
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(path);
	close(fd);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
		die("socket");
	return fd;
}

static void pass(int from, int to, unsigned long long seq)
{
	unsigned long long got = 0;
	char data[SIZE] = "";

	memcpy(data, &seq, sizeof(seq));
	if (send(from, data, SIZE, 0) != SIZE)
		die("send");
	if (recv(to, data, SIZE, 0) != SIZE)
		die("recv");
	memcpy(&got, data, sizeof(got));
	if (got != seq) {
		fprintf(stderr, "datagram %llu instead of %llu\n", got, seq);
		exit(1);
	}
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

int main(int argc, char **argv)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	socklen_t len = sizeof(addr);
	unsigned long long i, count, warm = 200;
	double started = 0;
	int a, b, rr;

	if (argc != 6 || inet_pton(AF_INET, argv[5], &addr.sin_addr) != 1) {
		fprintf(stderr, "usage: sockets udp|rr COUNT NETNS-A NETNS-B ADDRESS-B\n");
		return 2;
	}
	rr = !strcmp(argv[1], "rr");
	count = strtoull(argv[2], NULL, 0);
	a = socket_in(argv[3]);
	b = socket_in(argv[4]);
	if (bind(b, (struct sockaddr *)&addr, sizeof(addr)) ||
	    connect(a, (struct sockaddr *)&addr, sizeof(addr)))
		die("connect");
	pass(a, b, 1);
	if (getsockname(a, (struct sockaddr *)&addr, &len) ||
	    connect(b, (struct sockaddr *)&addr, sizeof(addr)))
		die("connect");

	for (i = 1; i <= warm + count; i++) {
		if (i == warm + 1)
			started = now();
		pass(a, b, i);
		if (rr)
			pass(b, a, i);
	}
	printf("%.2f\n", (now() - started) / count);
	return 0;
}
