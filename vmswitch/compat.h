/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Everything that differs between the supported kernels: 6.1, 6.12 and 7.x.
 * The rest of the module is written as for the newest one.
 */
#ifndef _VMSWITCH_COMPAT_H
#define _VMSWITCH_COMPAT_H

#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/version.h>
#include <net/genetlink.h>
#include <net/rtnetlink.h>

#ifdef CONFIG_PREEMPT_RT
/* The data path relies on bottom halves that are not preempted. */
#error "vmswitch does not support PREEMPT_RT"
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#include <asm/unaligned.h>
#else
#include <linux/unaligned.h>
#include <net/gso.h>
#endif

#ifndef struct_size_t
#define struct_size_t(type, member, count)				\
	struct_size((type *)NULL, member, count)
#endif

/* Split off from netdevice.h with the instance lock. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
#include <net/netdev_lock.h>
#endif

#ifndef __counted_by
#define __counted_by(member)
#endif

/* Devices that do their own locking on transmit, and that never leave their
 * network namespace, were marked in the features until 6.11.  The member that
 * came then was renamed in 6.15 and in later releases of 6.12: Kbuild looks.
 */
static inline void vms_netdev_set_lltx(struct net_device *dev)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	dev->features |= NETIF_F_LLTX;
#else
	dev->lltx = true;
#endif
}

static inline void vms_netdev_set_netns_local(struct net_device *dev)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	dev->features |= NETIF_F_NETNS_LOCAL;
#elif defined(VMS_HAVE_NETNS_IMMUTABLE)
	dev->netns_immutable = true;
#else
	dev->netns_local = true;
#endif
}

/* Longest value of a binary attribute: only the newest kernels define it. */
#ifndef NLA_POLICY_MAX_LEN
#define NLA_POLICY_MAX_LEN(len)	NLA_POLICY_MAX(NLA_BINARY, len)
#endif

/* A policy does not change the range that it points to, but said so late. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#undef NLA_POLICY_FULL_RANGE
#define NLA_POLICY_FULL_RANGE(tp, limits) {				\
	.type = NLA_ENSURE_UINT_OR_BINARY_TYPE(tp),			\
	.validation_type = NLA_VALIDATE_RANGE_PTR,			\
	.range = (struct netlink_range_validation *)(limits),		\
}
#endif

/* The attributes of a dump's request moved into a struct genl_info in 6.6. */
static inline struct nlattr **vms_dump_attrs(struct netlink_callback *cb)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
	return genl_dumpit_info(cb)->attrs;
#else
	return genl_info_dump(cb)->attrs;
#endif
}

/* Where ndo_fdb_dump() goes on: an untyped word of the callback before 6.14. */
static inline u32 vms_fdb_dump_from(struct netlink_callback *cb)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
	return cb->args[2];
#else
	return ((struct ndo_fdb_dump_context *)cb->ctx)->fdb_idx;
#endif
}

/* IPv6 gives such a device no address by itself; the flag came with 6.2. */
static inline void vms_netdev_set_no_addrconf(struct net_device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	dev->priv_flags |= IFF_NO_ADDRCONF;
#endif
}

/* What rtnl_link_ops.newlink() is told was gathered in a struct in 6.15. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
#define VMS_RTNL_NEWLINK(name, impl)					\
static int name(struct net *src_net, struct net_device *dev,		\
		struct nlattr *tb[], struct nlattr *data[],		\
		struct netlink_ext_ack *extack)				\
{									\
	return impl(src_net, dev, tb, extack);				\
}
#else
#define VMS_RTNL_NEWLINK(name, impl)					\
static int name(struct net_device *dev,					\
		struct rtnl_newlink_params *params,			\
		struct netlink_ext_ack *extack)				\
{									\
	return impl(rtnl_newlink_link_net(params), dev, params->tb,	\
		    extack);						\
}
#endif

/* Whether tc or netfilter looks at what is sent to @dev before its queueing
 * discipline does.  RCU.
 */
static inline bool vms_dev_hooks_egress(const struct net_device *dev)
{
#ifdef CONFIG_NETFILTER_EGRESS
	if (rcu_access_pointer(dev->nf_hooks_egress))
		return true;
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#ifdef CONFIG_NET_CLS_ACT
	if (rcu_access_pointer(dev->miniq_egress))
		return true;
#endif
#elif defined(CONFIG_NET_XGRESS)
	if (rcu_access_pointer(dev->tcx_egress))
		return true;
#endif
	return false;
}

#endif /* _VMSWITCH_COMPAT_H */
