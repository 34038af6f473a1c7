/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way to the kernel.  Only nl.c and nl_attr.c know libmnl and generic
 * netlink; the verbs see requests that they fill, and attributes that they
 * read.
 */
#ifndef VSWCTL_NL_H
#define VSWCTL_NL_H

#include "vswctl.h"

/* The biggest request: 2,047 VLAN ranges and everything else. */
#define NL_REQ_MAX	16384
/* More than the highest attribute of any noun. */
#define NL_ATTRS	64

struct nlattr;

/**
 * struct nl_req - a request while it is filled
 * @seen: bit mask of the attributes that it holds
 * @buf: the message
 * @align: aligns it
 */
struct nl_req {
	u64 seen;
	union {
		char buf[NL_REQ_MAX];
		u64 align;
	};
};

/**
 * struct nl_msg - a message of the kernel, or a nest in it
 * @cmd: &enum vms_cmd, 0 in a nest
 * @tb: attributes by number; of a repeated one the last
 * @first: where the attributes begin
 * @len: how many bytes they take
 */
struct nl_msg {
	u8 cmd;
	const struct nlattr *tb[NL_ATTRS];
	const struct nlattr *first;
	size_t len;
};

/**
 * struct nl_error - why the kernel refused
 * @code: errno, 0: it did not
 * @attr: the guilty attribute of the request, or 0
 * @missing: it is guilty of not being there
 * @text: the kernel's words, or empty
 */
struct nl_error {
	int code;
	u16 attr;
	bool missing;
	char text[256];
};

/**
 * struct nl_batch - messages of one transaction
 * @buf: the messages, one after the other
 * @len: bytes in use
 * @size: bytes allocated
 * @offset: where each message begins
 * @count: how many messages
 * @room: elements allocated in @offset
 */
struct nl_batch {
	char *buf;
	size_t len;
	size_t size;
	size_t *offset;
	unsigned int count;
	unsigned int room;
};

typedef int (*nl_msg_fn)(const struct nl_msg *msg, void *arg);

int nl_open(void);
void nl_close(void);

void nl_req_start(struct nl_req *req, u8 cmd);
bool nl_req_has(const struct nl_req *req, u16 attr);
void nl_put_flag(struct nl_req *req, u16 attr);
void nl_put_u8(struct nl_req *req, u16 attr, u8 value);
void nl_put_u16(struct nl_req *req, u16 attr, u16 value);
void nl_put_u32(struct nl_req *req, u16 attr, u32 value);
void nl_put_str(struct nl_req *req, u16 attr, const char *text);
void nl_put_bin(struct nl_req *req, u16 attr, const void *data,
		size_t len);

int nl_change(struct nl_req *req, struct nl_error *err);
int nl_get(struct nl_req *req, nl_msg_fn fn, void *arg, struct nl_error *err);
int nl_dump(struct nl_req *req, nl_msg_fn fn, void *arg, struct nl_error *err);
int nl_monitor(nl_msg_fn fn, void *arg);

void nl_batch_add(struct nl_batch *batch, const struct nl_req *req);
const void *nl_batch_msg(const struct nl_batch *batch, unsigned int index);
int nl_batch_send(struct nl_batch *batch, bool check, int *failed,
		  struct nl_error *err);
void nl_batch_free(struct nl_batch *batch);

void nl_parse(const void *nlmsg, struct nl_msg *msg);
void nl_nest(const struct nlattr *attr, struct nl_msg *msg);
const struct nlattr *nl_next(const struct nl_msg *msg, u16 attr,
			     const struct nlattr *after);
size_t nl_len(const struct nlattr *attr);
const void *nl_data(const struct nlattr *attr);
u64 nl_uint(const struct nlattr *attr);
const char *nl_str(const struct nlattr *attr);

#endif /* VSWCTL_NL_H */
