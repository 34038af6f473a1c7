// SPDX-License-Identifier: GPL-2.0
/*
 * bpf: loads a program of XDP that gives each frame the same verdict, for
 * "ip link set DEV xdpgeneric pinned PATH".
 *
 *   bpf pass|drop PATH
 *	PATH is in a mounted file system of type bpf
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static int bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static int load(int verdict)
{
	const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = verdict },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_XDP;
	attr.insn_cnt = ARRAY_SIZE(code);
	attr.insns = (uintptr_t)code;
	attr.license = (uintptr_t)"GPL";
	return bpf(BPF_PROG_LOAD, &attr);
}

int main(int argc, char **argv)
{
	union bpf_attr attr;
	int fd;

	if (argc != 3) {
		fprintf(stderr, "usage: bpf pass|drop PATH\n");
		return 1;
	}
	fd = load(strcmp(argv[1], "drop") ? XDP_PASS : XDP_DROP);
	if (fd < 0) {
		fprintf(stderr, "bpf: can not load a program: %s\n", strerror(errno));
		return 1;
	}
	memset(&attr, 0, sizeof(attr));
	attr.pathname = (uintptr_t)argv[2];
	attr.bpf_fd = fd;
	if (bpf(BPF_OBJ_PIN, &attr)) {
		fprintf(stderr, "bpf: can not pin it: %s\n", strerror(errno));
		return 1;
	}
	return 0;
}
