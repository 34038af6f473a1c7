// SPDX-License-Identifier: GPL-2.0
/*
 * The clocks that runs are measured with.
 *
 * In User Mode Linux a CPU is a thread of the host, which has other work, too,
 * and a process of the guest is another process of the host: so this asks the
 * host for the time that it has given to them.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/sched.h>

#include "labnic.h"

#if defined(CONFIG_UML) && defined(CONFIG_X86_64)

/* Clocks of the host that are not in the kernel's headers: see its
 * posix-timers.h.
 */
#define LABNIC_CLOCK_MONOTONIC		1
#define LABNIC_CLOCK_PROCESS		2
#define LABNIC_CLOCK_THREAD		3
#define LABNIC_CLOCK_PROCESS_OF(pid)	((s64)(int)(~(u32)(pid) << 3 | 2))

static u64 labnic_host_clock(s64 clock)
{
	s64 time[2];
	long rc = 228;	/* clock_gettime() */

	asm volatile("syscall" : "+a" (rc) : "D" (clock), "S" (time)
		     : "rcx", "r11", "memory");
	return rc ? 0 : time[0] * NSEC_PER_SEC + time[1];
}

/**
 * labnic_clock() - the clock of a CPU
 *
 * Return: nanoseconds that this CPU has run.
 */
u64 labnic_clock(void)
{
	return labnic_host_clock(LABNIC_CLOCK_THREAD);
}

/**
 * labnic_clock_process() - the clock of all CPUs and of the caller
 *
 * Return: nanoseconds that the kernel has run, and the process that asks.
 */
u64 labnic_clock_process(void)
{
	int pid = current->mm ? current->mm->context.id.pid : 0;
	u64 time = labnic_host_clock(LABNIC_CLOCK_PROCESS);

	if (pid > 0)
		time += labnic_host_clock(LABNIC_CLOCK_PROCESS_OF(pid));
	return time;
}

/* Nanoseconds of a tick, in 1 / 2^22. */
static u32 labnic_tick_length;

/**
 * labnic_ticks() - what latency is measured with
 *
 * The guest's own clock advances by 256 ns, asking the host takes as long as a
 * frame does.
 *
 * Return: ticks since whenever.
 */
u64 labnic_ticks(void)
{
	u32 low, high;

	asm volatile("rdtsc" : "=a" (low), "=d" (high));
	return (u64)high << 32 | low;
}

/**
 * labnic_ticks_to_ns() - how long that is
 * @ticks: difference between two times, less than a minute
 *
 * Return: nanoseconds.
 */
u64 labnic_ticks_to_ns(u64 ticks)
{
	return ticks * labnic_tick_length >> 22;
}

/**
 * labnic_clock_init() - find out how long a tick is
 */
void labnic_clock_init(void)
{
	u64 began = labnic_host_clock(LABNIC_CLOCK_MONOTONIC), passed;
	u64 ticks = labnic_ticks();

	do {
		passed = labnic_host_clock(LABNIC_CLOCK_MONOTONIC) - began;
	} while (passed < 10 * NSEC_PER_MSEC);
	labnic_tick_length = div64_u64(passed << 22, labnic_ticks() - ticks);
}

#else

u64 labnic_ticks(void)
{
	return ktime_get_ns();
}

u64 labnic_ticks_to_ns(u64 ticks)
{
	return ticks;
}

void labnic_clock_init(void)
{
}

u64 labnic_clock(void)
{
	return ktime_get_ns();
}

u64 labnic_clock_process(void)
{
	return ktime_get_ns();
}

#endif
