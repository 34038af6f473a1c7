// SPDX-License-Identifier: GPL-2.0
/*
 * Init and exit of the module, and of its part of each network namespace.
 */
#include <linux/module.h>
#include <net/netns/generic.h>

#include "vmswitch.h"
#include "dataplane/pool.h"
#include "netlink/netlink.h"
#include "vmq/vmq.h"

static unsigned int vms_net_id;

/* Ageing, plugging by name, and what follows from link changes. */
struct workqueue_struct *vms_wq;

/**
 * vms_net() - what a network namespace holds
 * @net: the namespace
 *
 * Return: it.
 */
struct vms_net *vms_net(const struct net *net)
{
	return net_generic(net, vms_net_id);
}

static int __net_init vms_net_init(struct net *net)
{
	struct vms_net *vn = vms_net(net);

	vn->net = net;
	mutex_init(&vn->lock);
	INIT_LIST_HEAD(&vn->switches);
	hash_init(vn->bindings);
	INIT_WORK(&vn->bind_work, vms_nic_bind_work);
	INIT_WORK(&vn->link_work, vms_nic_link_work);
	INIT_DELAYED_WORK(&vn->vmq_work, vms_vmq_work);
	INIT_LIST_HEAD(&vn->vmq_left);
	INIT_LIST_HEAD(&vn->link_pending);
	spin_lock_init(&vn->link_lock);
	return 0;
}

/* A pernet device's exit runs before the core moves or deletes the devices
 * that are left in the namespace.
 */
static void __net_exit vms_net_exit(struct net *net)
{
	struct vms_net *vn = vms_net(net);
	struct vms_switch *sw, *tmp;
	LIST_HEAD(kill);

	rtnl_lock();
	WRITE_ONCE(vn->exiting, true);
	list_for_each_entry_safe(sw, tmp, &vn->switches, node)
		vms_switch_unregister(sw, &kill);
	unregister_netdevice_many(&kill);
	rtnl_unlock();
	cancel_work_sync(&vn->bind_work);
	cancel_work_sync(&vn->link_work);
	cancel_delayed_work_sync(&vn->vmq_work);
	vms_vmq_left_free(vn);
}

static struct pernet_operations vms_net_ops = {
	.init	= vms_net_init,
	.exit	= vms_net_exit,
	.id	= &vms_net_id,
	.size	= sizeof(struct vms_net),
};

static int __init vms_init(void)
{
	int err;

	vms_wq = alloc_workqueue("vmswitch", WQ_UNBOUND, 0);
	if (!vms_wq)
		return -ENOMEM;
	vms_faults_init();
	err = register_pernet_device(&vms_net_ops);
	if (err)
		goto err_wq;
	err = vms_nic_init();
	if (err)
		goto err_net;
	err = rtnl_link_register(&vms_switch_link_ops);
	if (err)
		goto err_nic;
	err = rtnl_link_register(&vms_vnic_link_ops);
	if (err)
		goto err_switch_link;
	err = vms_nl_init();
	if (err)
		goto err_vnic_link;
	return 0;

err_vnic_link:
	rtnl_link_unregister(&vms_vnic_link_ops);
err_switch_link:
	rtnl_link_unregister(&vms_switch_link_ops);
err_nic:
	vms_nic_exit();
err_net:
	unregister_pernet_device(&vms_net_ops);
err_wq:
	vms_faults_exit();
	destroy_workqueue(vms_wq);
	/* As in vms_exit(): somebody may have been faster than the error. */
	rcu_barrier();
	return err;
}

static void __exit vms_exit(void)
{
	vms_nl_exit();
	rtnl_link_unregister(&vms_vnic_link_ops);
	rtnl_link_unregister(&vms_switch_link_ops);
	vms_nic_exit();
	unregister_pernet_device(&vms_net_ops);
	vms_faults_exit();
	destroy_workqueue(vms_wq);
	/* Policies, ports and tables that wait for their last reader. */
	rcu_barrier();
}

module_init(vms_init);
module_exit(vms_exit);

MODULE_DESCRIPTION("Virtual switch whose ports own all policy");
MODULE_AUTHOR("vmswitch developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(VMS_VERSION);
MODULE_ALIAS_RTNL_LINK(VMSWITCH_LINK_KIND);
MODULE_ALIAS_RTNL_LINK(VMSWITCH_VNIC_KIND);
