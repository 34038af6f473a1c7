/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the kernels that the tests run on: 6.1, 6.12 and 7.x.
 */
#ifndef _LABNIC_COMPAT_H
#define _LABNIC_COMPAT_H

#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include <net/gso.h>
#endif

/* Hash parameters came one by one until 6.7. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
struct ethtool_rxfh_param {
	u32 *indir;
	u8 *key;
	u8 hfunc;
};

#define LABNIC_RXFH_OPS(get, set)					\
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

#define LABNIC_RXFH_OP(op)	op##_old
#else
#define LABNIC_RXFH_OPS(get, set)
#define LABNIC_RXFH_OP(op)	op
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
#include <net/netdev_lock.h>

#define LABNIC_HAVE_RING_COUNT
#define LABNIC_HAVE_OPS_LOCK	1

/* NAPI is set up under the device's own lock, which may be held already. */
#define labnic_napi_lock(dev)		netdev_lock_ops_to_full(dev)
#define labnic_napi_unlock(dev)		netdev_unlock_full_to_ops(dev)
#define labnic_napi_add(dev, napi, poll) netif_napi_add_locked(dev, napi, poll)
#define labnic_napi_del(napi)		netif_napi_del_locked(napi)
#define labnic_napi_enable(napi)	napi_enable_locked(napi)
#define labnic_napi_disable(napi)	napi_disable_locked(napi)
#define labnic_napi_set_irq(napi, irq)	netif_napi_set_irq_locked(napi, irq)
#else
static inline void labnic_napi_lock(struct net_device *dev)
{
}

static inline void labnic_napi_unlock(struct net_device *dev)
{
}

#define labnic_napi_add(dev, napi, poll) netif_napi_add(dev, napi, poll)
#define labnic_napi_del(napi)		netif_napi_del(napi)
#define labnic_napi_enable(napi)	napi_enable(napi)
#define labnic_napi_disable(napi)	napi_disable(napi)
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define labnic_napi_set_irq(napi, irq)	netif_napi_set_irq(napi, irq)
#endif
#endif

/* Queues know their NAPI, and NAPI its interrupt, since 6.8. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define labnic_queue_set_napi(dev, index, napi)				\
	netif_queue_set_napi(dev, index, NETDEV_QUEUE_TYPE_RX, napi)
#else
static inline void labnic_queue_set_napi(struct net_device *dev,
					 unsigned int index,
					 struct napi_struct *napi)
{
}

static inline void labnic_napi_set_irq(struct napi_struct *napi, int irq)
{
}
#endif

/* What does its own locking on transmit was marked in the features until 6.11. */
static inline void labnic_set_lltx(struct net_device *dev)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	dev->features |= NETIF_F_LLTX;
#else
	dev->lltx = true;
#endif
}

/* User Mode Linux has interrupts, but only those of its own chip. */
#if defined(CONFIG_SMP) && defined(CONFIG_SPARSE_IRQ) && !defined(CONFIG_UML)
#define LABNIC_HAVE_IRQ
#endif

/* Older kernels move an interrupt only when it comes, unless told better. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
#define LABNIC_IRQ_FLAGS	0
#else
#define LABNIC_IRQ_FLAGS	IRQ_MOVE_PCNTXT
#endif

#endif /* _LABNIC_COMPAT_H */
