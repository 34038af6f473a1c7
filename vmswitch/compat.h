/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Everything that differs between the supported kernels: 6.1, 6.12 and 7.x.
 * The rest of the module is written as for the newest one.
 */
#ifndef _VMSWITCH_COMPAT_H
#define _VMSWITCH_COMPAT_H

#include <linux/ethtool.h>
#include <linux/irqnr.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/version.h>
#include <net/genetlink.h>
#include <net/rtnetlink.h>
#include <net/xdp.h>

#ifdef CONFIG_PREEMPT_RT
/* The data path relies on bottom halves that are not preempted. */
#error "vmswitch does not support PREEMPT_RT"
#endif

#ifndef CONFIG_64BIT
/* The data path reads an entry of the forwarding database as one word. */
#error "vmswitch needs a 64-bit kernel"
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

/* The cache of heads of socket buffers; and what was split off from netdevice.h
 * with the instance lock.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
#include <net/hotdata.h>
#include <net/netdev_lock.h>
#endif

/* Split off from netdevice.h in 6.6. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#include <net/netdev_rx_queue.h>
#endif

#ifndef __counted_by
#define __counted_by(member)
#endif

/* Devices that do their own locking on transmit, and that never leave their
 * network namespace, were marked in the features until 6.11.  The member that
 * came then was renamed in 6.15 and in later releases of 6.12: Kbuild looks.
 */
static inline bool vms_netdev_is_lltx(const struct net_device *dev)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	return dev->features & NETIF_F_LLTX;
#else
	return dev->lltx;
#endif
}

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

/* Zeroed heads of socket buffers, as skb_morph() takes them.  Process context.
 * Returns how many there are.
 */
static inline unsigned int vms_skb_heads_alloc(void **head, unsigned int n)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
	return xdp_alloc_skb_bulk(head, n, GFP_KERNEL_ACCOUNT | __GFP_ZERO) ?
	       0 : n;
#else
	/* As that did; what has taken its place does not charge them. */
	return kmem_cache_alloc_bulk(net_hotdata.skbuff_cache,
				     GFP_KERNEL_ACCOUNT | __GFP_ZERO, n,
				     head) ? n : 0;
#endif
}

/* Free such a head that was not used. */
static inline void vms_skb_head_free(void *head)
{
	struct sk_buff *skb = head;

	refcount_set(&skb->users, 1);
	consume_skb(skb);
}

/* Whether tc or netfilter looks at what is sent to @dev before its queueing
 * discipline does.  RCU.
 */
static inline bool vms_dev_hooks_egress(const struct net_device *dev)
{
	unsigned long hooks = 0;

#ifdef CONFIG_NETFILTER_EGRESS
	hooks |= (unsigned long)rcu_access_pointer(dev->nf_hooks_egress);
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#ifdef CONFIG_NET_CLS_ACT
	hooks |= (unsigned long)rcu_access_pointer(dev->miniq_egress);
#endif
#elif defined(CONFIG_NET_XGRESS)
	hooks |= (unsigned long)rcu_access_pointer(dev->tcx_egress);
#endif
	return hooks;
}

/* A device that is none, for NAPI; embedding one was the way until 6.10. */
static inline struct net_device *vms_dummy_netdev_alloc(void)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	struct net_device *dev = kzalloc(sizeof(*dev), GFP_KERNEL_ACCOUNT);

	if (dev)
		init_dummy_netdev(dev);
	return dev;
#else
	return alloc_netdev_dummy(0);
#endif
}

static inline void vms_dummy_netdev_free(struct net_device *dev)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	kfree(dev);
#else
	if (dev)
		free_netdev(dev);
#endif
}

/* The lock of a device that asks for one, below RTNL. */
static inline void vms_netdev_lock_ops(struct net_device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
	netdev_lock_ops(dev);
#endif
}

static inline void vms_netdev_unlock_ops(struct net_device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
	netdev_unlock_ops(dev);
#endif
}

/* The arguments of get_rxfh() and set_rxfh() were gathered in a struct in 6.8,
 * and the latter was given an extack.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
struct ethtool_rxfh_param {
	u32 *indir;
	u8 *key;
	u8 hfunc;
};

#define VMS_RXFH_OPS(get, set)						\
static int get##_old(struct net_device *dev, u32 *indir, u8 *key,	\
		     u8 *hfunc)						\
{									\
	struct ethtool_rxfh_param param = { .indir = indir };		\
	int err = get(dev, &param);					\
									\
	if (hfunc)							\
		*hfunc = param.hfunc;					\
	return err;							\
}									\
									\
static int set##_old(struct net_device *dev, const u32 *indir,		\
		     const u8 *key, const u8 hfunc)			\
{									\
	struct ethtool_rxfh_param param = {				\
		.indir = (u32 *)indir,					\
		.key = (u8 *)key,					\
		.hfunc = hfunc,						\
	};								\
									\
	return set(dev, &param, NULL);					\
}

#define VMS_RXFH_OP(op)		op##_old
#else
#define VMS_RXFH_OPS(get, set)
#define VMS_RXFH_OP(op)		op
#endif

/* How many receive queues there are was a command of get_rxnfc() until 7.0. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#define VMS_RX_RING_COUNT_OP(op)					\
static int op##_old(struct net_device *dev, struct ethtool_rxnfc *info,	\
		    u32 *rule_locs)					\
{									\
	if (info->cmd != ETHTOOL_GRXRINGS)				\
		return -EOPNOTSUPP;					\
	info->data = op(dev);						\
	return 0;							\
}

#define VMS_SET_RX_RING_COUNT_OP(op)	.get_rxnfc = op##_old
#else
#define VMS_RX_RING_COUNT_OP(op)
#define VMS_SET_RX_RING_COUNT_OP(op)	.get_rx_ring_count = op
#endif

/* Read the indirection table of another device. */
static inline int vms_get_rxfh_indir(struct net_device *dev, u32 *indir,
				     u32 size)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
	return dev->ethtool_ops->get_rxfh(dev, indir, NULL, NULL);
#else
	struct ethtool_rxfh_param param = {
		.indir = indir,
		.indir_size = size,
	};
	int err;

	/* Older drivers that need it take it themselves. */
	if (LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0))
		mutex_lock(&dev->ethtool->rss_lock);
	err = dev->ethtool_ops->get_rxfh(dev, &param);
	if (LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0))
		mutex_unlock(&dev->ethtool->rss_lock);
	return err;
#endif
}

/* Whether a receive queue serves an AF_XDP socket, a memory provider or
 * another device.  RTNL and the device's lock are held.
 */
static inline bool vms_rx_queue_is_special(struct net_device *dev, u32 queue)
{
	struct netdev_rx_queue *rxq = __netif_get_rx_queue(dev, queue);

#ifdef CONFIG_XDP_SOCKETS
	if (READ_ONCE(rxq->pool))
		return true;
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	if (rxq->mp_params.mp_priv)
		return true;
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
	if (rxq->lease)
		return true;
#endif
	return false;
}

/* What NAPI belongs to a device, and their threads and interrupts, is under
 * RTNL, and since 6.15 under the device's lock too.
 */
static inline void vms_netdev_lock(struct net_device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
	netdev_lock(dev);
#endif
}

static inline void vms_netdev_unlock(struct net_device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
	netdev_unlock(dev);
#endif
}

/* The NAPI of a receive queue, if the driver has told; since 6.8.  RTNL and
 * vms_netdev_lock() are held.
 */
static inline struct napi_struct *vms_queue_napi(struct net_device *dev,
						 u32 queue)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	return __netif_get_rx_queue(dev, queue)->napi;
#else
	return NULL;
#endif
}

/* The interrupt of a receive queue, if the driver has told, else 0; since 6.8.
 * RTNL is held.
 */
static inline int vms_queue_irq(struct net_device *dev, u32 queue)
{
	int irq = 0;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	struct napi_struct *napi;

	vms_netdev_lock(dev);
	napi = vms_queue_napi(dev, queue);
	if (napi && napi->irq > 0)
		irq = napi->irq;
	vms_netdev_unlock(dev);
#endif
	return irq;
}

/* The number of interrupts became a function in 6.13. */
static inline unsigned int vms_nr_irqs(void)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
	return irq_get_nr_irqs();
#else
	return nr_irqs;
#endif
}

#endif /* _VMSWITCH_COMPAT_H */
