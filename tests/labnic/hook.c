// SPDX-License-Identifier: GPL-2.0
/*
 * What a switch is measured against: receive handlers that look nothing up.
 * One forwards what comes in at one port to another, one only frees it.  They
 * can be put on any netdev.
 */
#include <linux/rtnetlink.h>

#include "labnic.h"

/**
 * struct labnic_hook - a receive handler
 * @list: in labnic_hooks; RTNL
 * @from: where it is
 * @to: where frames are sent; NULL: they are freed
 */
struct labnic_hook {
	struct list_head list;
	struct net_device *from;
	struct net_device *to;
};

/* RTNL. */
static LIST_HEAD(labnic_hooks);

static rx_handler_result_t labnic_hook_free(struct sk_buff **pskb)
{
	consume_skb(*pskb);
	return RX_HANDLER_CONSUMED;
}

static const struct labnic_hook *labnic_hook_of(const struct sk_buff *skb)
{
	return rcu_dereference(skb->dev->rx_handler_data);
}

static rx_handler_result_t labnic_hook_queue(struct sk_buff **pskb)
{
	struct sk_buff *skb = skb_share_check(*pskb, GFP_ATOMIC);

	if (unlikely(!skb))
		return RX_HANDLER_CONSUMED;
	skb_push(skb, ETH_HLEN);
	skb->dev = labnic_hook_of(skb)->to;
	dev_queue_xmit(skb);
	return RX_HANDLER_CONSUMED;
}

static rx_handler_result_t labnic_hook_direct(struct sk_buff **pskb)
{
	struct sk_buff *skb = skb_share_check(*pskb, GFP_ATOMIC);
	int rc = NETDEV_TX_BUSY, queue, cpu = smp_processor_id();
	struct net_device *to;
	struct netdev_queue *txq;

	if (unlikely(!skb))
		return RX_HANDLER_CONSUMED;
	to = labnic_hook_of(skb)->to;
	skb_push(skb, ETH_HLEN);
	skb->dev = to;
	queue = netdev_cap_txqueue(to, skb_rx_queue_recorded(skb) ?
					       skb_get_rx_queue(skb) : 0);
	skb_set_queue_mapping(skb, queue);
	txq = netdev_get_tx_queue(to, queue);
	HARD_TX_LOCK(to, txq, cpu);
	if (likely(!netif_xmit_frozen_or_stopped(txq)))
		rc = netdev_start_xmit(skb, to, txq, false);
	HARD_TX_UNLOCK(to, txq);
	if (unlikely(!dev_xmit_complete(rc)))
		kfree_skb(skb);
	return RX_HANDLER_CONSUMED;
}

/**
 * labnic_hook_add() - put a receive handler on a netdev
 * @from: the netdev
 * @to: where to send its frames
 * @mode: how, or not at all
 *
 * Context: RTNL.
 * Return: 0, -ENOMEM, or -EBUSY if the netdev has a receive handler.
 */
int labnic_hook_add(struct net_device *from, struct net_device *to,
		    enum labnic_hook_mode mode)
{
	rx_handler_func_t *handler = labnic_hook_free;
	struct labnic_hook *hook;
	int err;

	hook = kzalloc(sizeof(*hook), GFP_KERNEL_ACCOUNT);
	if (!hook)
		return -ENOMEM;
	hook->from = from;
	hook->to = to;
	if (mode == LABNIC_HOOK_DIRECT)
		handler = labnic_hook_direct;
	else if (mode == LABNIC_HOOK_QUEUE)
		handler = labnic_hook_queue;

	err = netdev_rx_handler_register(from, handler, hook);
	if (err) {
		kfree(hook);
		return err;
	}
	dev_set_promiscuity(from, 1);
	list_add(&hook->list, &labnic_hooks);
	return 0;
}

static void labnic_hook_remove(struct labnic_hook *hook)
{
	list_del(&hook->list);
	dev_set_promiscuity(hook->from, -1);
	netdev_rx_handler_unregister(hook->from);
	kfree(hook);
}

/**
 * labnic_hook_del() - remove the receive handler of a netdev
 * @from: the netdev
 *
 * Context: RTNL.
 * Return: 0 or -ENOENT.
 */
int labnic_hook_del(struct net_device *from)
{
	struct labnic_hook *hook;

	list_for_each_entry(hook, &labnic_hooks, list) {
		if (hook->from == from) {
			labnic_hook_remove(hook);
			return 0;
		}
	}
	return -ENOENT;
}

/* A netdev goes: so do the hooks that know it. */
static int labnic_hook_event(struct notifier_block *nb, unsigned long event,
			     void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct labnic_hook *hook, *next;

	if (event != NETDEV_UNREGISTER)
		return NOTIFY_DONE;
	list_for_each_entry_safe(hook, next, &labnic_hooks, list)
		if (hook->from == dev || hook->to == dev)
			labnic_hook_remove(hook);
	return NOTIFY_DONE;
}

static struct notifier_block labnic_hook_notifier = {
	.notifier_call = labnic_hook_event,
};

/**
 * labnic_hook_init() - begin to follow netdevs
 *
 * Return: 0 or an error.
 */
int labnic_hook_init(void)
{
	return register_netdevice_notifier(&labnic_hook_notifier);
}

/**
 * labnic_hook_exit() - remove all receive handlers
 */
void labnic_hook_exit(void)
{
	struct labnic_hook *hook, *next;

	unregister_netdevice_notifier(&labnic_hook_notifier);
	rtnl_lock();
	list_for_each_entry_safe(hook, next, &labnic_hooks, list)
		labnic_hook_remove(hook);
	rtnl_unlock();
}
