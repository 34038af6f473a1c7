// SPDX-License-Identifier: GPL-2.0
/*
 * Errors: each is one line on stderr that names object, key and reason.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "nl.h"

static const char *at_file;
static unsigned int at_line;

/**
 * error_at - say where the words come from that are worked on
 * @file: a batch file, or NULL for the command line
 * @line: its line, 0 if it is not one line
 */
void error_at(const char *file, unsigned int line)
{
	at_file = file;
	at_line = line;
}

static void error_begin(void)
{
	fflush(stdout);
	fputs("vswctl: ", stderr);
	if (at_file && at_line)
		fprintf(stderr, "%s:%u: ", at_file, at_line);
	else if (at_file)
		fprintf(stderr, "%s: ", at_file);
}

/**
 * error_usage - report that the words are wrong
 * @verb: the verb, or NULL if it is not known
 * @fmt: what is wrong
 *
 * Return: VSW_USAGE.
 */
int error_usage(const struct verb *verb, const char *fmt, ...)
{
	va_list args;

	error_begin();
	if (verb)
		fprintf(stderr, "%s%s%s: ", verb->name, verb->sub ? " " : "",
			verb->sub ? verb->sub : "");
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "; try vswctl help%s%s%s%s\n", verb ? " " : "",
		verb ? verb->name : "", verb && verb->sub ? " " : "",
		verb && verb->sub ? verb->sub : "");
	return VSW_USAGE;
}

/**
 * error_plain - report what is neither wrong usage nor a system error
 * @fmt: what is wrong
 *
 * Return: VSW_REFUSED.
 */
int error_plain(const char *fmt, ...)
{
	va_list args;

	error_begin();
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	return VSW_REFUSED;
}

/**
 * error_system - report errno
 * @what: what it is about
 *
 * Return: VSW_REFUSED.
 */
int error_system(const char *what)
{
	return error_plain("%s: %s", what, strerror(errno));
}

/* What the kernel's words do not say. */
static void print_hint(const struct key *key, const struct nl_error *err)
{
	if (err->code == EPERM && !*err->text)
		fputs(" (needs CAP_NET_ADMIN)", stderr);
	else if (err->code == ERANGE && key && key->max > key->min)
		fprintf(stderr, " (%u..%u)", key->min, key->max);
}

/* The key to blame and, if it is the name of something, that name. */
static void print_key(const struct key *key, const void *msg)
{
	struct nl_msg parts;

	fputs(key->name, stderr);
	if (key->parse == put_name) {
		nl_parse(msg, &parts);
		fprintf(stderr, " %s", nl_str(parts.tb[key->attr]));
	}
	fputs(": ", stderr);
}

static void print_reason(const struct verb *verb, const void *msg,
			 const struct nl_error *err, const char *prefix)
{
	const struct key *key = key_of_attr(verb, err->attr);
	const char *text = *err->text ? err->text : strerror(err->code);
	char object[128];

	request_describe(verb, msg, object, sizeof(object));
	error_begin();
	if (*object)
		fprintf(stderr, "%s: ", object);
	if (key)
		print_key(key, msg);
	fprintf(stderr, "%s%s", prefix, text);
	print_hint(key, err);
	fputc('\n', stderr);
}

/**
 * error_kernel - report why the kernel refused a request
 * @verb: the verb
 * @msg: the request, a struct nlmsghdr
 * @err: the kernel's words
 *
 * Return: VSW_REFUSED.
 */
int error_kernel(const struct verb *verb, const void *msg,
		 const struct nl_error *err)
{
	struct nl_error copy = *err;

	if (copy.missing && !*copy.text)
		snprintf(copy.text, sizeof(copy.text), "it is missing");
	print_reason(verb, msg, &copy, "");
	return VSW_REFUSED;
}

/**
 * warn_kernel - print what the kernel remarks on a request that it accepted
 * @verb: the verb
 * @msg: the request, a struct nlmsghdr
 * @err: the kernel's words, may be empty
 */
void warn_kernel(const struct verb *verb, const void *msg,
		 const struct nl_error *err)
{
	if (*err->text)
		print_reason(verb, msg, err, "warning: ");
}

/**
 * xrealloc - get memory or exit
 * @mem: memory, or NULL
 * @size: bytes
 *
 * Return: the memory.
 */
void *xrealloc(void *mem, size_t size)
{
	mem = realloc(mem, size);
	if (!mem)
		exit(error_plain("out of memory"));
	return mem;
}
