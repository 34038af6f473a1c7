// SPDX-License-Identifier: GPL-2.0
/*
 * Init and exit.
 */
#include <linux/module.h>
#include <net/rtnetlink.h>

#include "labnic.h"

static int __init labnic_init(void)
{
	int err;

	err = labnic_hook_init();
	if (err)
		return err;
	err = rtnl_link_register(&labnic_link_ops);
	if (err)
		goto err_hook;
	err = labnic_control_init();
	if (err)
		goto err_link;
	return 0;

err_link:
	rtnl_link_unregister(&labnic_link_ops);
err_hook:
	labnic_hook_exit();
	return err;
}

static void __exit labnic_exit(void)
{
	labnic_control_exit();
	rtnl_link_unregister(&labnic_link_ops);
	labnic_hook_exit();
}

module_init(labnic_init);
module_exit(labnic_exit);

MODULE_DESCRIPTION("Simulated NIC with a traffic generator, for tests");
MODULE_LICENSE("GPL");
MODULE_ALIAS_RTNL_LINK(LABNIC_KIND);
