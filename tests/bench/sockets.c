// SPDX-License-Identifier: GPL-2.0
/*
 * Two sockets in two network namespaces, used by turns by one thread.
 *
 *	sockets udp|rr|tcp COUNT NETNS-A NETNS-B ADDRESS-B
 *
 * udp: A sends a datagram, B receives it; rr: and answers; tcp: A sends 64 KiB,
 * B receives them.  Prints the time that one of them took, or a byte of tcp, in
 * ns.  What is sent is numbered, and it is an error if something is missing or
 * out of order; with TCP, which would repair that, if it was repaired.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/tcp.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>

#include "bench.h"

#define PORT	4096

/* Payload of the shortest frame. */
#define SIZE	18

/* What is sent at once by TCP, and how often there is a number in it. */
#define CHUNK	65536
#define STEP	4096

#define WARM_UP	200

/* A socket in the namespace of that name. */
static int socket_in(const char *netns, int type)
{
	struct timeval patience = { .tv_sec = 5 };
	int fd, on = 1, room = 16 * CHUNK;
	char path[256];

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(path);
	close(fd);
	fd = socket(AF_INET, type, 0);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		die("socket");
	return fd;
}

static void check(unsigned long long got, unsigned long long want)
{
	if (got == want)
		return;
	fprintf(stderr, "number %llu instead of %llu\n", got, want);
	exit(1);
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
	check(got, seq);
}

/* Pass datagrams, or datagrams and answers; the time of one. */
static double datagrams(int a, int b, struct sockaddr_in *addr,
			unsigned long long count, int answer)
{
	socklen_t len = sizeof(*addr);
	unsigned long long i;
	double started = 0;

	if (bind(b, (struct sockaddr *)addr, len) ||
	    connect(a, (struct sockaddr *)addr, len))
		die("connect");
	pass(a, b, 1);
	if (getsockname(a, (struct sockaddr *)addr, &len) ||
	    connect(b, (struct sockaddr *)addr, len))
		die("connect");

	for (i = 1; i <= WARM_UP + count; i++) {
		if (i == WARM_UP + 1)
			started = now();
		pass(a, b, i);
		if (answer)
			pass(b, a, i);
	}
	return (now() - started) / count;
}

/* Chunk @n, in which step @i of them all begins with its number. */
static void pass_chunk(int from, int to, unsigned long long n)
{
	static char data[CHUNK];
	unsigned long long number;
	ssize_t got, have = 0;
	int i;

	for (i = 0; i < CHUNK / STEP; i++) {
		number = n * (CHUNK / STEP) + i;
		memcpy(data + i * STEP, &number, sizeof(number));
	}
	if (send(from, data, CHUNK, 0) != CHUNK)
		die("send");
	while (have < CHUNK) {
		got = recv(to, data + have, CHUNK - have, 0);
		if (got <= 0)
			die("recv");
		have += got;
	}
	for (i = 0; i < CHUNK / STEP; i++) {
		memcpy(&number, data + i * STEP, sizeof(number));
		check(number, n * (CHUNK / STEP) + i);
	}
}

static void check_tcp(int fd, const char *name)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		die("TCP_INFO");
	if (!info.tcpi_total_retrans && !info.tcpi_rcv_ooopack && !info.tcpi_dsack_dups)
		return;
	fprintf(stderr, "%s: %u sent again, %u out of order, %u twice\n", name,
		info.tcpi_total_retrans, info.tcpi_rcv_ooopack, info.tcpi_dsack_dups);
	exit(1);
}

/* Pass chunks by TCP; the time of a byte. */
static double chunks(int a, int listening, struct sockaddr_in *addr,
		     unsigned long long count)
{
	double started = 0, took;
	unsigned long long i;
	int b, on = 1;

	if (bind(listening, (struct sockaddr *)addr, sizeof(*addr)) ||
	    listen(listening, 1) ||
	    connect(a, (struct sockaddr *)addr, sizeof(*addr)))
		die("connect");
	b = accept(listening, NULL, NULL);
	if (b < 0 || setsockopt(a, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)))
		die("accept");

	for (i = 1; i <= WARM_UP + count; i++) {
		if (i == WARM_UP + 1)
			started = now();
		pass_chunk(a, b, i);
	}
	took = now() - started;
	check_tcp(a, "sender");
	check_tcp(b, "receiver");
	return took / count / CHUNK;
}

int main(int argc, char **argv)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	unsigned long long count;
	int a, b, type, tcp;

	if (argc != 6 || inet_pton(AF_INET, argv[5], &addr.sin_addr) != 1) {
		fprintf(stderr, "usage: sockets udp|rr|tcp COUNT NETNS-A NETNS-B ADDRESS-B\n");
		return 2;
	}
	tcp = !strcmp(argv[1], "tcp");
	type = tcp ? SOCK_STREAM : SOCK_DGRAM;
	count = strtoull(argv[2], NULL, 0);
	a = socket_in(argv[3], type);
	b = socket_in(argv[4], type);
	printf("%.4f\n", tcp ? chunks(a, b, &addr, count) :
			       datagrams(a, b, &addr, count, !strcmp(argv[1], "rr")));
	return 0;
}
