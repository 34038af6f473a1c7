/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What all files of vswctl share: exit codes, options, verbs and errors.
 */
#ifndef VSWCTL_H
#define VSWCTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/types.h>
#include <linux/vmswitch.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;

#define __attr(...)	__attribute__((__VA_ARGS__))
#define __printf(fmt, args)	__attr(format(printf, fmt, args))

#define BIT(n)		(1U << (n))
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

struct args;
struct key;
struct nl_error;
struct nl_req;

/**
 * enum vsw_exit - exit codes, and what most functions return
 * @VSW_OK: done
 * @VSW_USAGE: the command line or a batch file is wrong; nothing was sent
 * @VSW_REFUSED: the kernel, or the system, refused
 */
enum vsw_exit {
	VSW_OK		= 0,
	VSW_USAGE	= 1,
	VSW_REFUSED	= 2,
};

/**
 * struct options - what the command line says before the verb
 * @json: print JSON
 * @check: validate and change nothing
 * @netns: network namespace to work in, or NULL
 */
struct options {
	bool json;
	bool check;
	const char *netns;
};

extern struct options options;

/**
 * struct noun - a class of objects that the kernel knows
 * @name: in error messages
 * @switch_attr: attribute that names the switch
 * @port_attr: attribute that names the port, or 0
 * @mac_attr: attribute that holds the MAC address of the object, or 0
 * @check_attr: flag attribute "validate and change nothing", or 0
 */
struct noun {
	const char *name;
	u16 switch_attr;
	u16 port_attr;
	u16 mac_attr;
	u16 check_attr;
};

#define VERB_EXAMPLES	4
#define VERB_NEEDS	3

/**
 * struct verb - one command
 * @name: first word
 * @sub: second word, or NULL
 * @synopsis: what follows the words
 * @summary: one line
 * @detail: more lines for "help VERB", or NULL
 * @examples: command lines with a remark after '#'
 * @noun: what it is about
 * @cmd: message to send
 * @names: 1: a switch is named; 2: a switch and a port
 * @keys: table of the key words, ended by an entry without name
 * @mask: only keys with one of these bits are taken
 * @value_of: the rest of the line is the value of this one key
 * @needs: names of keys that must be given
 * @needs_one: at least one key must be given
 * @finish: complete the message after all words are parsed, or NULL
 * @run: for a verb that reads: do all the work; NULL for one that changes
 */
struct verb {
	const char *name;
	const char *sub;
	const char *synopsis;
	const char *summary;
	const char *detail;
	const char *examples[VERB_EXAMPLES];
	const struct noun *noun;
	u8 cmd;
	u8 names;
	const struct key *keys;
	unsigned int mask;
	const char *value_of;
	const char *needs[VERB_NEEDS];
	bool needs_one;
	int (*finish)(const struct verb *verb, struct nl_req *req);
	int (*run)(const struct verb *verb, struct args *args);
};

/* vswctl.c */
extern const struct verb *const verbs[];
int verb_find(struct args *args, const struct verb **verb);

/* help.c */
void help_all(void);
int help_verb(struct args *args);
bool help_asked(const struct args *args);

/* error.c */
void error_at(const char *file, unsigned int line);
__printf(2, 3)
int error_usage(const struct verb *verb, const char *fmt, ...);
int error_system(const char *what);
__printf(1, 2)
int error_plain(const char *fmt, ...);
int error_kernel(const struct verb *verb, const void *msg,
		 const struct nl_error *err);
void warn_kernel(const struct verb *verb, const void *msg,
		 const struct nl_error *err);
__attr(returns_nonnull)
void *xrealloc(void *mem, size_t size);

/* netns.c */
int netns_open(const char *name);
int netns_enter(const char *name);

/* The verbs, in the files of their objects. */
extern const struct verb verb_add_switch, verb_set_switch, verb_del_switch;
extern const struct verb verb_show;
extern const struct verb verb_add_port, verb_add_nic, verb_set_port;
extern const struct verb verb_set_mac, verb_set_vlan;
extern const struct verb verb_connect, verb_disconnect, verb_del_port;
extern const struct verb verb_fdb_show, verb_fdb_add, verb_fdb_del;
extern const struct verb verb_fdb_flush;
extern const struct verb verb_stats, verb_explain, verb_monitor, verb_batch;
extern const struct verb verb_set_vmq, verb_vmq_show, verb_vmq_moves;
extern const struct verb verb_help;

#endif /* VSWCTL_H */
