// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink by libmnl: the socket, requests and their answers, batches
 * and events.  Only this file and nl_attr.c know libmnl.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "nl.h"

/* Memory of a datagram; the kernel's biggest in a dump are 32 KiB. */
#define NL_RX_SIZE	(256 * 1024)
/* Room for many events, or for the answers to a whole datagram of errors. */
#define NL_RCVBUF	(8 * 1024 * 1024)
#define NL_SNDBUF	(1024 * 1024)
/* Messages and bytes of one datagram of a batch. */
#define NL_CHUNK_MSGS	256
#define NL_CHUNK_BYTES	(64 * 1024)
/* How often a dump that changed meanwhile is tried again. */
#define NL_DUMP_TRIES	16

static struct {
	struct mnl_socket *sk;
	u16 family;
	u32 events;
	u32 seq;
	char *rx;
} nl;

/**
 * struct nl_answer - all that the kernel says to one request
 * @buf: data messages, one after the other
 * @len: bytes in use
 * @size: bytes allocated
 * @torn: the dump is not consistent
 */
struct nl_answer {
	char *buf;
	size_t len;
	size_t size;
	bool torn;
};

static struct nlmsghdr *req_hdr(struct nl_req *req)
{
	return (struct nlmsghdr *)req->buf;
}

/* Errors. */

static u16 attr_at(const struct nlmsghdr *req, u32 offset)
{
	const struct nlattr *attr;

	if (!req)
		return 0;
	mnl_attr_for_each(attr, req, GENL_HDRLEN) {
		u32 at = (const char *)attr - (const char *)req;

		if (offset >= at && offset < at + attr->nla_len)
			return mnl_attr_get_type(attr);
	}
	return 0;
}

static void ext_ack_parse(const struct nlmsghdr *nlh, size_t offset,
			  const struct nlmsghdr *req, struct nl_error *err)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	mnl_attr_for_each(attr, nlh, offset) {
		switch (mnl_attr_get_type(attr)) {
		case NLMSGERR_ATTR_MSG:
			snprintf(err->text, sizeof(err->text), "%s",
				 nl_str(attr));
			break;
		case NLMSGERR_ATTR_OFFS:
			err->attr = attr_at(req, nl_uint(attr));
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			err->attr = nl_uint(attr);
			err->missing = true;
			break;
		}
	}
}

/* The error of an NLMSG_ERROR message, whose code is 0 if it is an ACK. */
static void error_parse(const struct nlmsghdr *nlh, const struct nlmsghdr *req,
			struct nl_error *err)
{
	const struct nlmsgerr *body = mnl_nlmsg_get_payload(nlh);
	size_t offset = sizeof(*body);

	memset(err, 0, sizeof(*err));
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*body)) {
		err->code = EBADMSG;
		return;
	}
	err->code = -body->error;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		offset += mnl_nlmsg_get_payload_len(&body->msg);
	ext_ack_parse(nlh, offset, req, err);
}

/* The error of the NLMSG_DONE message that ends a dump. */
static void done_parse(const struct nlmsghdr *nlh, const struct nlmsghdr *req,
		       struct nl_error *err)
{
	const int *code = mnl_nlmsg_get_payload(nlh);

	memset(err, 0, sizeof(*err));
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*code))
		return;
	err->code = *code < 0 ? -*code : 0;
	ext_ack_parse(nlh, sizeof(*code), req, err);
}

static int error_set(struct nl_error *err, int code)
{
	memset(err, 0, sizeof(*err));
	err->code = code;
	return VSW_REFUSED;
}

/* Sending and receiving. */

static int send_all(const void *data, size_t len, struct nl_error *err)
{
	ssize_t ret;

	do {
		ret = mnl_socket_sendto(nl.sk, data, len);
	} while (ret < 0 && errno == EINTR);
	return ret < 0 ? error_set(err, errno) : VSW_OK;
}

static ssize_t receive(struct nl_error *err)
{
	ssize_t ret;

	do {
		ret = mnl_socket_recvfrom(nl.sk, nl.rx, NL_RX_SIZE);
	} while (ret < 0 && errno == EINTR);
	if (ret < 0)
		error_set(err, errno);
	return ret;
}

static void answer_add(struct nl_answer *answer, const struct nlmsghdr *nlh)
{
	size_t len = MNL_ALIGN(nlh->nlmsg_len);

	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		answer->torn = true;
	if (nlh->nlmsg_type != nl.family && nlh->nlmsg_type != GENL_ID_CTRL)
		return;
	if (answer->len + len > answer->size) {
		answer->size = 2 * answer->size + len + 4096;
		answer->buf = xrealloc(answer->buf, answer->size);
	}
	memcpy(answer->buf + answer->len, nlh, nlh->nlmsg_len);
	answer->len += len;
}

/*
 * Collect what the kernel says until it says that it is done: NLMSG_DONE for an
 * answer of several messages, the ACK or an error for anything else.
 */
static int collect(const struct nlmsghdr *req, struct nl_answer *answer,
		   struct nl_error *err)
{
	const struct nlmsghdr *nlh;
	ssize_t got;
	int len;

	for (;;) {
		got = receive(err);
		if (got < 0)
			return VSW_REFUSED;
		len = got;
		for (nlh = (void *)nl.rx; mnl_nlmsg_ok(nlh, len);
		     nlh = mnl_nlmsg_next(nlh, &len)) {
			if (nlh->nlmsg_seq != req->nlmsg_seq)
				continue;
			answer_add(answer, nlh);
			if (nlh->nlmsg_type == NLMSG_ERROR) {
				error_parse(nlh, req, err);
				return err->code ? VSW_REFUSED : VSW_OK;
			}
			if (nlh->nlmsg_type == NLMSG_DONE) {
				done_parse(nlh, req, err);
				return err->code ? VSW_REFUSED : VSW_OK;
			}
		}
	}
}

static int ask(struct nlmsghdr *nlh, u16 type, u16 flags,
	       struct nl_answer *answer, struct nl_error *err)
{
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++nl.seq;
	if (send_all(nlh, nlh->nlmsg_len, err))
		return VSW_REFUSED;
	return collect(nlh, answer, err);
}

static int answer_each(const struct nl_answer *answer, nl_msg_fn fn, void *arg)
{
	const struct nlmsghdr *nlh = (const void *)answer->buf;
	int len = answer->len;
	struct nl_msg msg;
	int ret;

	for (; len > 0 && mnl_nlmsg_ok(nlh, len);
	     nlh = mnl_nlmsg_next(nlh, &len)) {
		nl_parse(nlh, &msg);
		ret = fn(&msg, arg);
		if (ret)
			return ret;
	}
	return VSW_OK;
}

/**
 * nl_change - send a request that changes something and wait for the answer
 * @req: the request
 * @err: set; with &nl_error.code 0 its text is a warning
 *
 * Return: VSW_OK, or VSW_REFUSED and @err says why.
 */
int nl_change(struct nl_req *req, struct nl_error *err)
{
	struct nl_answer answer = {};
	int ret;

	ret = ask(req_hdr(req), nl.family, NLM_F_ACK, &answer, err);
	free(answer.buf);
	return ret;
}

/**
 * nl_get - ask for one object, whose answer may be several messages
 * @req: the request
 * @fn: called for each message of the answer, unless there is an error
 * @arg: passed to @fn
 * @err: set
 *
 * Return: VSW_OK, what @fn returned, or VSW_REFUSED and @err says why.
 */
int nl_get(struct nl_req *req, nl_msg_fn fn, void *arg, struct nl_error *err)
{
	struct nl_answer answer = {};
	int ret;

	ret = ask(req_hdr(req), nl.family, NLM_F_ACK, &answer, err);
	if (!ret)
		ret = answer_each(&answer, fn, arg);
	free(answer.buf);
	return ret;
}

static void dump_pause(unsigned int tries)
{
	struct timespec pause = { .tv_nsec = 1000000L << (tries / 2) };

	if (tries)
		nanosleep(&pause, NULL);
}

/**
 * nl_dump - ask for all objects that the request's attributes name
 * @req: the request
 * @fn: called for each message once a consistent dump is complete
 * @arg: passed to @fn
 * @err: set
 *
 * Return: VSW_OK, what @fn returned, or VSW_REFUSED and @err says why.
 */
int nl_dump(struct nl_req *req, nl_msg_fn fn, void *arg, struct nl_error *err)
{
	struct nl_answer answer = {};
	unsigned int tries;
	int ret = VSW_OK;

	for (tries = 0; tries < NL_DUMP_TRIES; tries++) {
		dump_pause(tries);
		answer.len = 0;
		answer.torn = false;
		ret = ask(req_hdr(req), nl.family, NLM_F_DUMP, &answer, err);
		if (ret || !answer.torn)
			break;
	}
	if (!ret && answer.torn) {
		ret = error_set(err, EBUSY);
		snprintf(err->text, sizeof(err->text),
			 "it changed each time while it was read");
	}
	if (!ret)
		ret = answer_each(&answer, fn, arg);
	free(answer.buf);
	return ret;
}

/* Batches. */

/**
 * nl_batch_add - append a copy of a request to a batch
 * @batch: the batch
 * @req: the request
 */
void nl_batch_add(struct nl_batch *batch, const struct nl_req *req)
{
	const struct nlmsghdr *nlh = (const void *)req->buf;
	size_t len = MNL_ALIGN(nlh->nlmsg_len);

	if (batch->len + len > batch->size) {
		batch->size = 2 * batch->size + NL_REQ_MAX;
		batch->buf = xrealloc(batch->buf, batch->size);
	}
	if (batch->count == batch->room) {
		batch->room = 2 * batch->room + 64;
		batch->offset = xrealloc(batch->offset, batch->room *
					 sizeof(*batch->offset));
	}
	memcpy(batch->buf + batch->len, nlh, len);
	batch->offset[batch->count++] = batch->len;
	batch->len += len;
}

/**
 * nl_batch_msg - a message of a batch
 * @batch: the batch
 * @index: which, from 0
 *
 * Return: its struct nlmsghdr.
 */
const void *nl_batch_msg(const struct nl_batch *batch, unsigned int index)
{
	return batch->buf + batch->offset[index];
}

static struct nlmsghdr *batch_hdr(struct nl_batch *batch, unsigned int index)
{
	return (struct nlmsghdr *)(batch->buf + batch->offset[index]);
}

static size_t batch_end(const struct nl_batch *batch, unsigned int index)
{
	return index + 1 < batch->count ? batch->offset[index + 1] : batch->len;
}

/* The message behind the last one of the datagram that begins at @first. */
static unsigned int chunk_end(const struct nl_batch *batch, unsigned int first)
{
	unsigned int end = first + 1;

	while (end < batch->count && end - first < NL_CHUNK_MSGS &&
	       batch_end(batch, end) - batch->offset[first] <= NL_CHUNK_BYTES)
		end++;
	return end;
}

/*
 * Read the errors of a datagram, up to the answer to its last message.  The
 * kernel has worked on the whole datagram when sending returns, and says
 * nothing to a message that is staged, so that the answers fit our memory.
 */
static int chunk_answers(struct nl_batch *batch, u32 seq,
			 unsigned int last, int *failed, struct nl_error *err)
{
	const struct nlmsghdr *nlh;
	unsigned int index;
	struct nl_error e;
	ssize_t got;
	int len;

	for (;;) {
		got = receive(err);
		if (got < 0)
			return VSW_REFUSED;
		len = got;
		for (nlh = (void *)nl.rx; mnl_nlmsg_ok(nlh, len);
		     nlh = mnl_nlmsg_next(nlh, &len)) {
			index = nlh->nlmsg_seq - seq;
			if (nlh->nlmsg_type != NLMSG_ERROR || index > last)
				continue;
			error_parse(nlh, batch_hdr(batch, index), &e);
			if (e.code && *failed < 0) {
				*failed = index;
				*err = e;
			}
			if (index == last)
				return *failed < 0 ? VSW_OK : VSW_REFUSED;
		}
	}
}

static int batch_stage(struct nl_batch *batch, int *failed,
		       struct nl_error *err)
{
	unsigned int first, end, i;
	u32 seq = nl.seq + 1;
	struct nlmsghdr *nlh;
	int ret = VSW_OK;

	nl.seq += batch->count;
	for (first = 0; first < batch->count && !ret; first = end) {
		end = chunk_end(batch, first);
		for (i = first; i < end; i++) {
			nlh = batch_hdr(batch, i);
			nlh->nlmsg_type = nl.family;
			nlh->nlmsg_flags = NLM_F_REQUEST;
			nlh->nlmsg_seq = seq + i;
		}
		batch_hdr(batch, end - 1)->nlmsg_flags |= NLM_F_ACK;
		ret = send_all(batch_hdr(batch, first), batch_end(batch, end - 1) -
			       batch->offset[first], err);
		if (!ret)
			ret = chunk_answers(batch, seq, end - 1, failed, err);
	}
	return ret;
}

/* A refused commit says before its error which message is to blame. */
static void commit_blame(const struct nl_batch *batch,
			 const struct nl_answer *answer, int *failed,
			 struct nl_error *err)
{
	const struct nlattr *which, *offset;
	struct nl_msg msg;

	if (!answer->len)
		return;
	nl_parse(answer->buf, &msg);
	which = msg.tb[VMS_A_TXN_FAILED];
	offset = msg.tb[VMS_A_TXN_BAD_ATTR];
	if (!which || nl_uint(which) >= batch->count)
		return;
	*failed = nl_uint(which);
	if (offset)
		err->attr = attr_at(nl_batch_msg(batch, *failed),
				    nl_uint(offset));
}

static int batch_commit(const struct nl_batch *batch, bool check, int *failed,
			struct nl_error *err)
{
	struct nl_answer answer = {};
	struct nl_req req;
	int ret;

	nl_req_start(&req, VMS_CMD_TXN_COMMIT);
	nl_put_u32(&req, VMS_A_TXN_COUNT, batch->count);
	if (check)
		nl_put_flag(&req, VMS_A_TXN_CHECK);
	ret = ask(req_hdr(&req), nl.family, NLM_F_ACK, &answer, err);
	if (ret) {
		err->attr = 0;
		commit_blame(batch, &answer, failed, err);
	}
	free(answer.buf);
	return ret;
}

/**
 * nl_batch_send - apply a batch as one transaction
 * @batch: the batch
 * @check: validate only
 * @failed: set to the index of the message that was refused, or -1
 * @err: set; with &nl_error.code 0 its text is a warning
 *
 * Return: VSW_OK, or VSW_REFUSED and @err says why.
 */
int nl_batch_send(struct nl_batch *batch, bool check, int *failed,
		  struct nl_error *err)
{
	struct nl_error ignored;
	struct nl_req req;
	int ret;

	*failed = -1;
	nl_req_start(&req, VMS_CMD_TXN_BEGIN);
	ret = nl_change(&req, err);
	if (ret)
		return ret;
	ret = batch_stage(batch, failed, err);
	if (!ret)
		return batch_commit(batch, check, failed, err);
	nl_req_start(&req, VMS_CMD_TXN_ABORT);
	nl_change(&req, &ignored);
	return ret;
}

/**
 * nl_batch_free - free what a batch holds
 * @batch: the batch
 */
void nl_batch_free(struct nl_batch *batch)
{
	free(batch->buf);
	free(batch->offset);
}

/* Events. */

static int events_each(int len, nl_msg_fn fn, void *arg)
{
	const struct nlmsghdr *nlh;
	struct nl_msg msg;
	int ret;

	for (nlh = (void *)nl.rx; mnl_nlmsg_ok(nlh, len);
	     nlh = mnl_nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_type != nl.family)
			continue;
		nl_parse(nlh, &msg);
		ret = fn(&msg, arg);
		if (ret)
			return ret;
	}
	return VSW_OK;
}

static int event_receive(nl_msg_fn fn, void *arg)
{
	ssize_t got = mnl_socket_recvfrom(nl.sk, nl.rx, NL_RX_SIZE);

	if (got >= 0)
		return events_each(got, fn, arg);
	if (errno == ENOBUFS)
		return fn(NULL, arg);
	return errno == EINTR ? VSW_OK : -1;
}

/**
 * nl_monitor - call a function for each event
 * @fn: called with an event, or with NULL when events were lost; ends the
 *	loop by a value above 0
 * @arg: passed to @fn
 *
 * Return: what @fn returned, or -1 and errno.
 */
int nl_monitor(nl_msg_fn fn, void *arg)
{
	int ret;

	ret = mnl_socket_setsockopt(nl.sk, NETLINK_ADD_MEMBERSHIP, &nl.events,
				    sizeof(nl.events));
	while (!ret)
		ret = event_receive(fn, arg);
	return ret;
}

/* The socket and the family. */

static void socket_options(struct mnl_socket *sk)
{
	int rcvbuf = NL_RCVBUF, sndbuf = NL_SNDBUF, on = 1;
	int fd = mnl_socket_get_fd(sk);

	mnl_socket_setsockopt(sk, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(sk, NETLINK_CAP_ACK, &on, sizeof(on));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &rcvbuf, sizeof(rcvbuf)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &rcvbuf, sizeof(rcvbuf));
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &sndbuf, sizeof(sndbuf)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &sndbuf, sizeof(sndbuf));
}

static int family_group(const struct nlattr *nest)
{
	const struct nlattr *attr = NULL;
	struct nl_msg group;
	const char *name;

	mnl_attr_for_each_nested(attr, nest) {
		nl_nest(attr, &group);
		name = nl_str(group.tb[CTRL_ATTR_MCAST_GRP_NAME]);
		if (!strcmp(name, VMSWITCH_MCGRP_EVENTS) &&
		    group.tb[CTRL_ATTR_MCAST_GRP_ID])
			nl.events = nl_uint(group.tb[CTRL_ATTR_MCAST_GRP_ID]);
	}
	return VSW_OK;
}

static int family_parse(const struct nl_msg *msg, void *arg)
{
	(void)arg;
	if (msg->tb[CTRL_ATTR_FAMILY_ID])
		nl.family = nl_uint(msg->tb[CTRL_ATTR_FAMILY_ID]);
	if (msg->tb[CTRL_ATTR_MCAST_GROUPS])
		family_group(msg->tb[CTRL_ATTR_MCAST_GROUPS]);
	return VSW_OK;
}

static int family_resolve(void)
{
	struct nl_answer answer = {};
	struct nl_error err;
	struct nl_req req;
	int ret;

	nl_req_start(&req, CTRL_CMD_GETFAMILY);
	nl_put_str(&req, CTRL_ATTR_FAMILY_NAME, VMSWITCH_GENL_NAME);
	ret = ask(req_hdr(&req), GENL_ID_CTRL, NLM_F_ACK, &answer, &err);
	if (!ret)
		answer_each(&answer, family_parse, NULL);
	free(answer.buf);
	if (!ret)
		return VSW_OK;
	if (err.code == ENOENT)
		return error_plain("the vmswitch module is not loaded (modprobe vmswitch)");
	errno = err.code;
	return error_system("generic netlink");
}

/**
 * nl_open - open the socket and resolve the family, once
 *
 * Return: VSW_OK, or VSW_REFUSED after the error has been printed.
 */
int nl_open(void)
{
	if (nl.sk)
		return VSW_OK;
	nl.sk = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!nl.sk)
		return error_system("generic netlink socket");
	if (mnl_socket_bind(nl.sk, 0, MNL_SOCKET_AUTOPID) < 0)
		return error_system("generic netlink socket");
	nl.rx = xrealloc(NULL, NL_RX_SIZE);
	nl.seq = time(NULL);
	socket_options(nl.sk);
	return family_resolve();
}

/**
 * nl_close - close the socket; a transaction that is open is forgotten
 */
void nl_close(void)
{
	if (nl.sk)
		mnl_socket_close(nl.sk);
	free(nl.rx);
	memset(&nl, 0, sizeof(nl));
}
