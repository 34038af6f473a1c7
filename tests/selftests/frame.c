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
 *   tap NAME [dev=DEV] [netns=PATH] [vnet] [offload] [valid]
 *	make a tap; it stays down, as QEMU's script=no leaves it.  With "valid"
 *	its reports tell that a checksum was verified
 *   packet NAME [dev=DEV] [netns=PATH] [vnet] [valid] [all] [late] [hash]
 *	a packet socket on DEV ("any": on all devices); "all" also reports
 *	frames that the host itself sends through DEV, "late" only those that
 *	DEV's master leaves to the host, "hash" only those that have a hash
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
 *   sleep MS, quit
 *
 * FRAME is: src=MAC dst=MAC [vlan=V [pcp=P] [dei=1]] [tag=TPID:VID[:PCP]]...
 *   [len=N] [count=N] [srcs=N] [hex=BYTES] [tcp=BYTES|udp=BYTES [ip6] [gso=MSS]]
 * MAC is six bytes, or one number N in hex for 02:00:00:00:HH:LL, or "all".
 * len counts the bytes behind the MAC header and the tags (46 by default).
 * srcs=N counts the source address up N times.  hex= is the whole frame as it
 * is.  tcp= is a TCP segment (with count= consecutive ones), udp= a datagram,
 * over IPv4 or IPv6; with gso= its checksum is open, and if it is longer it asks
 * to be cut (needs vnet).
 *
 * A report names the endpoints in the order in which they were made, or is
 * "-": NAME[:TAG[/TAG]][*COPIES][+gso][+csum][+valid][(BYTES)][!][~]
 * TAG is VID, sVID for an S-tag, with pP for a PCP other than 0; "*" tells how
 * many came if not one, "(BYTES)" the sum of TCP payload, "!" means wrong
 * bytes, checksum or size of a segment, "~" wrong order.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "frame.h"

#define MAX_WORDS	64

struct words {
	char *word[MAX_WORDS];
	int n;
};

static uint32_t last_id;

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
	for (i = 0; i < 4; i++)
		mac[2 + i] = low >> (24 - 8 * i);
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
	frame->udp = number_of(words, "udp", 0);
	frame->ip6 = value_of(words, "ip6");
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
	return frame->len > MAX_FRAME - 64 || payload_of(frame) > 65000 ? -1 : 0;
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
	if (is_tap)
		fd = open_tap(dev, vnet, value_of(words, "offload"));
	else
		fd = open_packet(dev, vnet, proto);
	if (fd >= 0 && value_of(words, "hash") && want_hash(fd)) {
		close(fd);
		fd = -1;
	}
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
	endpoint->valid = value_of(words, "valid");
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

static int transmit_all(struct endpoint *from, const struct frame *frame, uint32_t id)
{
	unsigned int total = frame->count * frame->srcs, seq;

	for (seq = 0; seq < total; seq++)
		if (transmit(from, frame, id, seq))
			return -1;
	return 0;
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
	if (transmit_all(from, &frame, id))
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
	if (transmit_all(from, &frame, ++last_id))
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
			/* Devices go and come while this runs; that is the point. */
			if (!transmit(from, &frame, 0, sent))
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
	struct sighting what;
	struct incoming in;
	unsigned int n = 0;
	size_t at;
	int rc;

	if (!from)
		return answer("error no such endpoint");
	while ((rc = receive(from, &in))) {
		if (rc != RECEIVE_FRAME)
			continue;
		at = parse_tags(&in, &what);
		if (at + 6 <= in.len && get16(in.data + at) == TEST_TYPE &&
		    get32(in.data + at + 2) == TEST_MAGIC)
			n++;
	}
	return answer("ok %u", n);
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
