// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family and its multicast group.
 *
 * The family has no module alias: asking for it must not load the module,
 * because any user may ask.
 */
#include "netlink.h"

static const struct genl_multicast_group vms_nl_groups[] = {
	[VMS_NL_GROUP_EVENTS] = { .name = VMSWITCH_MCGRP_EVENTS, },
};

struct genl_family vms_nl_family __ro_after_init = {
	.name		= VMSWITCH_GENL_NAME,
	.version	= VMSWITCH_GENL_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= vmswitch_nl_ops,
	.n_ops		= ARRAY_SIZE(vmswitch_nl_ops),
	.mcgrps		= vms_nl_groups,
	.n_mcgrps	= ARRAY_SIZE(vms_nl_groups),
};

/* The number of a group that is no longer ours may belong to another family. */
static bool vms_nl_up;

/**
 * vms_nl_listeners() - whether anybody listens to a namespace's events
 * @vn: the namespace
 *
 * Context: Any.
 * Return: false if nobody does.
 */
bool vms_nl_listeners(const struct vms_net *vn)
{
	return READ_ONCE(vms_nl_up) &&
	       genl_has_listeners(&vms_nl_family, vn->net, VMS_NL_GROUP_EVENTS);
}

/**
 * vms_nl_multicast() - send an event
 * @vn: the namespace that it happened in
 * @skb: the message, consumed
 * @gfp: how to allocate
 *
 * Whoever is too slow finds out by ENOBUFS on the socket.
 */
void vms_nl_multicast(const struct vms_net *vn, struct sk_buff *skb, gfp_t gfp)
{
	genlmsg_multicast_netns(&vms_nl_family, vn->net, skb, 0,
				VMS_NL_GROUP_EVENTS, gfp);
}

/**
 * vms_nl_init() - make the switch reachable by generic netlink
 *
 * Return: 0 or a negative error.
 */
int __init vms_nl_init(void)
{
	int err;

	err = vms_nl_txn_init();
	if (err)
		return err;
	err = genl_register_family(&vms_nl_family);
	if (err)
		goto err_txn;
	WRITE_ONCE(vms_nl_up, true);
	return 0;

err_txn:
	vms_nl_txn_exit();
	return err;
}

/**
 * vms_nl_exit() - undo vms_nl_init()
 *
 * No request is running when it returns, and no transaction is left.
 */
void vms_nl_exit(void)
{
	WRITE_ONCE(vms_nl_up, false);
	genl_unregister_family(&vms_nl_family);
	vms_nl_txn_exit();
}
