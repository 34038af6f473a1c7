// SPDX-License-Identifier: GPL-2.0
/*
 * genl: speaks to the generic netlink family of vmswitch without a library,
 * so that also what no sane client sends can be sent.
 *
 *   genl MESSAGE...
 *	send the messages one after the other on one socket; for each one line:
 *	"ok", or "error ERRNO ATTRIBUTE text of the kernel", where ATTRIBUTE is
 *	the one the kernel calls guilty, or "-"
 *   genl [-c CHUNK] [-p N] dump MESSAGE ATTRIBUTE...
 *	dump, and print for each object the attributes, one line an object;
 *	then "end", or "end interrupted" if the kernel says that the dump was
 *	inconsistent, or "error ERRNO" if a later part of it failed.  With
 *	-p N, after N datagrams "pause" is printed and a line is awaited on
 *	standard input: time to change what is being dumped
 *
 * MESSAGE is one word for the shell: COMMAND [ATTRIBUTE=TYPE:VALUE]..., e.g.
 *	"PORT_NEW PORT_SWITCH=s:vs0 PORT_NAME=s:a PORT_PVID=u16:10"
 * TYPE is s (string), t (string without its NUL), u8, u16, u32, u64, x (hex)
 * or flag.  COMMAND and ATTRIBUTE are numbers, or names of the uapi header
 * without VMS_CMD_ and VMS_A_.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/vmswitch.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct name {
	const char *name;
	int value;
};

#define CMD(x) { #x, VMS_CMD_##x }
#define ATTR(x) { #x, VMS_A_##x }

static const struct name commands[] = {
	CMD(SWITCH_GET), CMD(SWITCH_NEW), CMD(SWITCH_SET), CMD(SWITCH_DEL),
	CMD(PORT_GET), CMD(PORT_NEW), CMD(PORT_SET), CMD(PORT_DEL),
	CMD(FDB_GET), CMD(FDB_NEW), CMD(FDB_DEL), CMD(FDB_FLUSH),
	CMD(STATS_GET), CMD(EXPLAIN),
	CMD(TXN_BEGIN), CMD(TXN_COMMIT), CMD(TXN_ABORT), CMD(PORT_ADD_NTF),
};

static const struct name attributes[] = {
	ATTR(SWITCH_NAME), ATTR(SWITCH_CHECK), ATTR(SWITCH_TYPE), ATTR(SWITCH_AGEING),
	ATTR(SWITCH_FDB_MAX), ATTR(SWITCH_IFINDEX), ATTR(SWITCH_PORTS),
	ATTR(PORT_SWITCH), ATTR(PORT_NAME), ATTR(PORT_CHECK), ATTR(PORT_KIND),
	ATTR(PORT_DEV), ATTR(PORT_NETNS_FD), ATTR(PORT_MACS), ATTR(PORT_VLAN_MODE),
	ATTR(PORT_PVID), ATTR(PORT_VLANS), ATTR(PORT_ADMIN), ATTR(PORT_LEARNING),
	ATTR(PORT_MAC_LIMIT), ATTR(PORT_MAC_GUARD), ATTR(PORT_PRIORITY), ATTR(PORT_QDISC),
	ATTR(PORT_DOWN_MODE), ATTR(PORT_MTU), ATTR(PORT_ID), ATTR(PORT_STATE),
	ATTR(FDB_SWITCH), ATTR(FDB_MAC), ATTR(FDB_VLAN), ATTR(FDB_PORT), ATTR(FDB_TYPE),
	ATTR(STATS_SWITCH), ATTR(STATS_PORT), ATTR(STATS_BY_VLAN), ATTR(STATS_VLAN),
	ATTR(EXPLAIN_SWITCH), ATTR(EXPLAIN_PORT), ATTR(EXPLAIN_SRC), ATTR(EXPLAIN_DST),
	ATTR(EXPLAIN_VLAN), ATTR(EXPLAIN_PCP), ATTR(EXPLAIN_SIZE),
	ATTR(TXN_CHECK), ATTR(TXN_FAILED), ATTR(TXN_BAD_ATTR), ATTR(TXN_COUNT),
};

#define MAX_ATTRS	32

/* A request, and where its attributes begin, to name the guilty one. */
struct request {
	uint8_t *data;
	size_t len;
	size_t size;
	char *label[MAX_ATTRS];
	size_t offset[MAX_ATTRS];
	int nattrs;
};

static int sock;
static uint16_t family = GENL_ID_CTRL;
static uint32_t next_seq = 1;
static size_t chunk = 8192;
static int pause_after = -1;

static void die(const char *what)
{
	fprintf(stderr, "genl: %s: %s\n", what, strerror(errno));
	exit(3);
}

static int number(const struct name *names, size_t n, const char *text, size_t len)
{
	char *end;
	size_t i;
	long value;

	for (i = 0; i < n; i++)
		if (strlen(names[i].name) == len && !strncmp(names[i].name, text, len))
			return names[i].value;
	value = strtol(text, &end, 0);
	if (end != text + len) {
		fprintf(stderr, "genl: unknown name '%.*s'\n", (int)len, text);
		exit(3);
	}
	return (int)value;
}

static int command_number(const char *text)
{
	return number(commands, sizeof(commands) / sizeof(*commands), text, strlen(text));
}

static int attribute_number(const char *text, size_t len)
{
	return number(attributes, sizeof(attributes) / sizeof(*attributes), text, len);
}

static void append(struct request *request, const void *data, size_t len)
{
	size_t padded = NLMSG_ALIGN(len);

	while (request->len + padded > request->size) {
		request->size = request->size ? request->size * 2 : 4096;
		request->data = realloc(request->data, request->size);
		if (!request->data)
			die("memory");
	}
	memset(request->data + request->len, 0, padded);
	memcpy(request->data + request->len, data, len);
	request->len += padded;
}

static void begin(struct request *request, int cmd, int flags)
{
	struct nlmsghdr nlh = {
		.nlmsg_type = family,
		.nlmsg_flags = NLM_F_REQUEST | flags,
		.nlmsg_seq = next_seq++,
	};
	struct genlmsghdr genl = {
		.cmd = cmd,
		.version = 1,
	};

	memset(request, 0, sizeof(*request));
	append(request, &nlh, sizeof(nlh));
	append(request, &genl, sizeof(genl));
}

static void put(struct request *request, int type, const void *data, size_t len)
{
	struct nlattr nla = {
		.nla_len = (uint16_t)(sizeof(nla) + len),
		.nla_type = (uint16_t)type,
	};
	uint8_t *whole = malloc(sizeof(nla) + len);

	if (!whole)
		die("memory");
	memcpy(whole, &nla, sizeof(nla));
	if (len)
		memcpy(whole + sizeof(nla), data, len);
	append(request, whole, sizeof(nla) + len);
	free(whole);
}

static void put_number(struct request *request, int type, const char *text, size_t len)
{
	/* Host byte order: both kinds of machine put the low bytes rightly. */
	unsigned long long value = strtoull(text, NULL, 0);
	uint64_t u64 = value;
	uint32_t u32 = value;
	uint16_t u16 = value;
	uint8_t u8 = value;

	put(request, type, len == 8 ? (void *)&u64 : len == 4 ? (void *)&u32 :
			   len == 2 ? (void *)&u16 : (void *)&u8, len);
}

static void put_hex(struct request *request, int type, const char *text)
{
	uint8_t *data = malloc(strlen(text) / 2 + 1);
	unsigned int byte;
	size_t n = 0;

	if (!data)
		die("memory");
	while (sscanf(text + 2 * n, "%2x", &byte) == 1)
		data[n++] = byte;
	put(request, type, data, n);
	free(data);
}

/* One ATTRIBUTE=TYPE:VALUE. */
static void put_word(struct request *request, char *word)
{
	char *equals = strchr(word, '='), *colon;
	size_t len = equals ? (size_t)(equals - word) : strlen(word);
	int type = attribute_number(word, len);
	char *kind = equals ? equals + 1 : "flag";

	if (request->nattrs < MAX_ATTRS) {
		request->label[request->nattrs] = strndup(word, len);
		request->offset[request->nattrs++] = request->len;
	}
	colon = strchr(kind, ':');
	if (!strncmp(kind, "flag", 4))
		put(request, type, NULL, 0);
	else if (!colon)
		fprintf(stderr, "genl: '%s' has no value\n", word), exit(3);
	else if (*kind == 's')
		put(request, type, colon + 1, strlen(colon + 1) + 1);
	else if (*kind == 't')
		put(request, type, colon + 1, strlen(colon + 1));
	else if (*kind == 'x')
		put_hex(request, type, colon + 1);
	else
		put_number(request, type, colon + 1, strtoul(kind + 1, NULL, 10) / 8);
}

static void build(struct request *request, const char *text, int flags)
{
	char *copy = strdup(text), *save = NULL;
	char *word = strtok_r(copy, " \t\n", &save);

	if (!word)
		fprintf(stderr, "genl: empty message\n"), exit(3);
	begin(request, command_number(word), flags);
	while ((word = strtok_r(NULL, " \t\n", &save)))
		put_word(request, word);
	free(copy);
}

static void transmit(struct request *request)
{
	((struct nlmsghdr *)request->data)->nlmsg_len = request->len;
	if (send(sock, request->data, request->len, 0) < 0)
		die("send");
}

static const struct nlattr *find(const void *data, size_t len, int type)
{
	const uint8_t *at = data, *end = at + len;
	const struct nlattr *nla;

	while (at + sizeof(*nla) <= end) {
		nla = (const struct nlattr *)at;
		if (nla->nla_len < sizeof(*nla) || at + nla->nla_len > end)
			break;
		if ((nla->nla_type & NLA_TYPE_MASK) == type)
			return nla;
		at += NLA_ALIGN(nla->nla_len);
	}
	return NULL;
}

static const void *payload(const struct nlattr *nla)
{
	return (const uint8_t *)nla + NLA_HDRLEN;
}

/* What an acknowledgment says; extack attributes stand behind the header. */
static void print_ack(const struct nlmsghdr *nlh, const struct request *request)
{
	const struct nlmsgerr *err = NLMSG_DATA(nlh);
	const uint8_t *at = (const uint8_t *)(err + 1);
	const struct nlattr *text, *where;
	const char *guilty = "-";
	size_t len;
	int i;

	if (!err->error) {
		printf("ok\n");
		return;
	}
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		at += err->msg.nlmsg_len - sizeof(err->msg);
	len = (const uint8_t *)nlh + nlh->nlmsg_len - at;
	text = nlh->nlmsg_flags & NLM_F_ACK_TLVS ? find(at, len, NLMSGERR_ATTR_MSG) : NULL;
	where = nlh->nlmsg_flags & NLM_F_ACK_TLVS ? find(at, len, NLMSGERR_ATTR_OFFS) : NULL;
	for (i = 0; where && i < request->nattrs; i++)
		if (request->offset[i] == *(const uint32_t *)payload(where))
			guilty = request->label[i];
	printf("error %s %s %s\n", strerrorname_np(-err->error) ?: "?", guilty,
	       text ? (const char *)payload(text) : "");
}

/* Strings are known by the ends of their names, numbers by their lengths. */
static bool is_string(const char *name)
{
	static const char *const ends[] = { "_NAME", "_DEV", "_PORT", "_SWITCH" };
	size_t i, len = strlen(name);

	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (len > strlen(ends[i]) && !strcmp(name + len - strlen(ends[i]), ends[i]))
			return true;
	return false;
}

static void print_value(const struct nlattr *nla, bool string)
{
	const uint8_t *data = payload(nla);
	size_t len = nla->nla_len - NLA_HDRLEN, i;

	if (string)
		printf("%.*s", (int)len, (const char *)data);
	else if (len == 1)
		printf("%u", *data);
	else if (len == 2)
		printf("%u", *(const uint16_t *)data);
	else if (len == 4)
		printf("%u", *(const uint32_t *)data);
	else
		for (i = 0; i < len; i++)
			printf("%02x", data[i]);
}

static void print_object(const struct nlmsghdr *nlh, char **names, int n)
{
	const uint8_t *data = (const uint8_t *)NLMSG_DATA(nlh) + GENL_HDRLEN;
	size_t len = nlh->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN);
	const struct nlattr *nla;
	int i;

	for (i = 0; i < n; i++) {
		nla = find(data, len, attribute_number(names[i], strlen(names[i])));
		if (i)
			putchar(' ');
		if (nla)
			print_value(nla, is_string(names[i]));
		else
			putchar('-');
	}
	putchar('\n');
}

static ssize_t receive(uint8_t *buffer, size_t size)
{
	ssize_t got;

	do {
		got = recv(sock, buffer, size, MSG_TRUNC);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		die("receive");
	return got;
}

/* Replies up to the acknowledgment of a request; those that carry a TXN_FAILED are shown. */
static void await_ack(const struct request *request)
{
	static uint8_t buffer[65536];
	const struct nlmsghdr *nlh;
	ssize_t len;

	for (;;) {
		len = receive(buffer, sizeof(buffer));
		for (nlh = (void *)buffer; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len)) {
			const uint8_t *data = (const uint8_t *)NLMSG_DATA(nlh) + GENL_HDRLEN;
			const struct genlmsghdr *genl = NLMSG_DATA(nlh);
			const struct nlattr *nla;

			if (nlh->nlmsg_seq != ((struct nlmsghdr *)request->data)->nlmsg_seq)
				continue;
			if (nlh->nlmsg_type == NLMSG_ERROR) {
				print_ack(nlh, request);
				return;
			}
			if (genl->cmd != VMS_CMD_TXN_COMMIT)
				continue;
			nla = find(data, nlh->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN),
				   VMS_A_TXN_FAILED);
			if (nla)
				printf("failed %u\n", *(const uint32_t *)payload(nla));
		}
	}
}

static int do_messages(char **texts, int n)
{
	struct request request;
	int i;

	for (i = 0; i < n; i++) {
		build(&request, texts[i], NLM_F_ACK);
		transmit(&request);
		await_ack(&request);
		fflush(stdout);
	}
	return 0;
}

static int do_dump(char *text, char **names, int n)
{
	uint8_t *buffer = malloc(chunk);
	bool interrupted = false;
	struct request request;
	struct nlmsghdr *nlh;
	int datagrams = 0;
	ssize_t len;

	if (!buffer)
		die("memory");
	build(&request, text, NLM_F_DUMP);
	transmit(&request);
	for (;;) {
		len = receive(buffer, chunk);
		if ((size_t)len > chunk) {
			printf("truncated: a datagram of %zd bytes\n", len);
			return 1;
		}
		for (nlh = (void *)buffer; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len)) {
			interrupted |= nlh->nlmsg_flags & NLM_F_DUMP_INTR;
			if (nlh->nlmsg_type == NLMSG_ERROR) {
				print_ack(nlh, &request);
				return 1;
			}
			if (nlh->nlmsg_type == NLMSG_DONE) {
				int status = nlh->nlmsg_len >= NLMSG_LENGTH(sizeof(status)) ?
					     *(int *)NLMSG_DATA(nlh) : 0;

				/* A part that fails ends the dump with its error. */
				if (status < 0)
					printf("error %s\n", strerrorname_np(-status) ?: "?");
				else
					printf("end%s\n", interrupted ? " interrupted" : "");
				return 0;
			}
			print_object(nlh, names, n);
		}
		if (++datagrams == pause_after) {
			printf("pause\n");
			fflush(stdout);
			while ((len = getchar()) != '\n' && len != EOF)
				;
		}
	}
}

/* The number of the family, from the controller. */
static void find_family(void)
{
	static uint8_t buffer[65536];
	const struct nlattr *nla;
	struct request request;
	struct nlmsghdr *nlh = (void *)buffer;

	begin(&request, CTRL_CMD_GETFAMILY, 0);
	put(&request, CTRL_ATTR_FAMILY_NAME, VMSWITCH_GENL_NAME, sizeof(VMSWITCH_GENL_NAME));
	transmit(&request);
	/* The kernel makes a socket's datagrams as big as the biggest buffer that it has seen. */
	receive(buffer, chunk);
	nla = nlh->nlmsg_type == NLMSG_ERROR ? NULL :
	      find((uint8_t *)NLMSG_DATA(nlh) + GENL_HDRLEN,
		   nlh->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN), CTRL_ATTR_FAMILY_ID);
	if (!nla) {
		fprintf(stderr, "genl: there is no family " VMSWITCH_GENL_NAME "\n");
		exit(3);
	}
	family = *(const uint16_t *)payload(nla);
}

int main(int argc, char **argv)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	int one = 1, opt;

	while ((opt = getopt(argc, argv, "+c:p:")) != -1) {
		if (opt == 'c' && strtoul(optarg, NULL, 0) <= 65536)
			chunk = strtoul(optarg, NULL, 0);
		else if (opt == 'p')
			pause_after = atoi(optarg);
		else
			return 3;
	}
	argc -= optind;
	argv += optind;
	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (sock < 0 || bind(sock, (struct sockaddr *)&addr, sizeof(addr)))
		die("socket");
	setsockopt(sock, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(sock, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	find_family();
	if (argc > 1 && !strcmp(argv[0], "dump"))
		return do_dump(argv[1], argv + 2, argc - 2);
	return do_messages(argv, argc);
}
