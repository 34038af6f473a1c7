// SPDX-License-Identifier: GPL-2.0
/*
 * Init and exit.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <net/rtnetlink.h>

#include "labnic.h"

struct device *labnic_card;

static int __init labnic_init(void)
{
	int err;

	labnic_clock_init();
	labnic_knobs_reset();
	labnic_card = root_device_register(LABNIC_KIND);
	if (IS_ERR(labnic_card))
		return PTR_ERR(labnic_card);
	err = labnic_hook_init();
	if (err)
		goto err_card;
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
err_card:
	root_device_unregister(labnic_card);
	return err;
}

static void __exit labnic_exit(void)
{
	labnic_control_exit();
	rtnl_link_unregister(&labnic_link_ops);
	labnic_hook_exit();
	root_device_unregister(labnic_card);
}

module_init(labnic_init);
module_exit(labnic_exit);

MODULE_DESCRIPTION("Simulated NIC with a traffic generator, for tests");
MODULE_LICENSE("GPL");
MODULE_ALIAS_RTNL_LINK(LABNIC_KIND);
