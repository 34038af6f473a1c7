// SPDX-License-Identifier: GPL-2.0
/*
 * Network namespaces by name, as "ip netns" makes them, or by a process.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "vswctl.h"

/* A batch may name one namespace in thousands of lines: one file each. */
static struct {
	char *name;
	int fd;
} *opened;

static size_t n_opened;

static bool is_number(const char *text)
{
	if (!*text)
		return false;
	for (; *text; text++)
		if (!isdigit((unsigned char)*text))
			return false;
	return true;
}

static int open_path(const char *name)
{
	char path[PATH_MAX];
	int fd;

	if (!*name || !strcmp(name, ".") || !strcmp(name, "..")) {
		errno = EINVAL;
		return -1;
	}
	if (strchr(name, '/'))
		return open(name, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 || errno != ENOENT || !is_number(name))
		return fd;
	snprintf(path, sizeof(path), "/proc/%s/ns/net", name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/**
 * netns_open - open a network namespace
 * @name: a name in /run/netns, the number of a process, or a path
 *
 * Return: a file descriptor that stays open as long as the program runs, or
 * -1 and errno.
 */
int netns_open(const char *name)
{
	size_t i;
	int fd;

	for (i = 0; i < n_opened; i++)
		if (!strcmp(opened[i].name, name))
			return opened[i].fd;
	fd = open_path(name);
	if (fd < 0 && errno == EMFILE) {
		raise_file_limit();
		fd = open_path(name);
	}
	if (fd < 0)
		return -1;
	opened = xrealloc(opened, (n_opened + 1) * sizeof(*opened));
	opened[n_opened].name = strdup(name);
	if (!opened[n_opened].name)
		exit(error_plain("out of memory"));
	opened[n_opened++].fd = fd;
	return fd;
}

/**
 * netns_enter - go to a network namespace
 * @name: as netns_open() takes it
 *
 * Return: VSW_OK, or VSW_REFUSED after the error has been printed.
 */
int netns_enter(const char *name)
{
	int fd = netns_open(name);

	if (fd >= 0 && !setns(fd, CLONE_NEWNET))
		return VSW_OK;
	return error_plain("netns %s: %s", name, strerror(errno));
}
