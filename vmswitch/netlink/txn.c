// SPDX-License-Identifier: GPL-2.0
/*
 * Transactions: requests that a socket collects and then commits.
 *
 * A transaction belongs to a socket, known by its namespace and port id, and
 * goes with it.  One that takes too long gives its memory back but stays known
 * as expired, because the requests that still come must be refused and not run
 * one by one.  For the same reason one refused request spoils the transaction.
 * One that the netlink core refuses is not seen here: the sender tells with the
 * commit how many there should be.
 */
#include <linux/hashtable.h>
#include <linux/user_namespace.h>

#include "netlink.h"

#define TXN_BYTES_MAX		(64 * 1024 * 1024)
#define TXN_LIFETIME		(60 * HZ)
/* Open transactions of one namespace that is not the host's. */
#define TXN_TENANT_MAX		8

/**
 * struct nl_txn - the open transaction of a socket
 * @node: in &txns, by @net; under &txn_lock
 * @net: namespace of the socket, which holds the reference
 * @portid: the socket in @net
 * @deadline: jiffies when it expires
 * @reqs: &vms_req by node of the staged requests; under &txn_lock
 * @n: length of @reqs; under &txn_lock
 * @size: bytes that @reqs takes; under &txn_lock
 * @expired: @deadline has passed; under &txn_lock
 * @spoilt: a request was refused, the one that would have been number @n;
 *	under &txn_lock
 *
 * Whoever takes it out of &txns owns it alone.
 */
struct nl_txn {
	struct hlist_node node;
	struct net *net;
	u32 portid;
	unsigned long deadline;
	struct list_head reqs;
	u32 n;
	size_t size;
	bool expired;
	bool spoilt;
};

static DEFINE_HASHTABLE(txns, 8);
static DEFINE_SPINLOCK(txn_lock);

static void sweep(struct work_struct *work);
static DECLARE_DELAYED_WORK(sweep_work, sweep);

static void free_reqs(struct list_head *reqs)
{
	struct vms_req *req, *next;

	list_for_each_entry_safe(req, next, reqs, node)
		vms_nl_msg_free(container_of(req, struct vms_nl_msg, req));
	INIT_LIST_HEAD(reqs);
}

static void free_txn(struct nl_txn *txn)
{
	free_reqs(&txn->reqs);
	kfree(txn);
}

static struct nl_txn *find_txn(const struct net *net, u32 portid)
{
	struct nl_txn *txn;

	lockdep_assert_held(&txn_lock);

	hash_for_each_possible(txns, txn, node, (unsigned long)net) {
		if (txn->net == net && txn->portid == portid)
			return txn;
	}
	return NULL;
}

static struct nl_txn *take_txn(const struct net *net, u32 portid)
{
	struct nl_txn *txn;

	spin_lock(&txn_lock);
	txn = find_txn(net, portid);
	if (txn)
		hash_del(&txn->node);
	spin_unlock(&txn_lock);
	return txn;
}

static bool has_expired(struct nl_txn *txn)
{
	lockdep_assert_held(&txn_lock);

	if (time_after_eq(jiffies, txn->deadline))
		txn->expired = true;
	return txn->expired;
}

/* Take what expired transactions hold; true if others may still expire. */
static bool collect_expired(struct list_head *reqs)
{
	struct nl_txn *txn;
	bool more = false;
	int i;

	spin_lock(&txn_lock);
	hash_for_each(txns, i, txn, node) {
		if (txn->expired && list_empty(&txn->reqs))
			continue;
		if (has_expired(txn))
			list_splice_init(&txn->reqs, reqs);
		else
			more = true;
	}
	spin_unlock(&txn_lock);
	return more;
}

static void sweep(struct work_struct *work)
{
	LIST_HEAD(reqs);

	if (collect_expired(&reqs))
		queue_delayed_work(vms_wq, &sweep_work, TXN_LIFETIME / 4);
	free_reqs(&reqs);
}

/**
 * vms_nl_txn_open() - whether the socket has a transaction
 * @info: a request of the socket
 *
 * Return: true from its beginning to its commit or abort, even if expired.
 */
bool vms_nl_txn_open(struct genl_info *info)
{
	bool open;

	spin_lock(&txn_lock);
	open = find_txn(genl_info_net(info), info->snd_portid);
	spin_unlock(&txn_lock);
	return open;
}

static int stage(struct nl_txn *txn, struct vms_nl_msg *msg,
		 struct netlink_ext_ack *extack)
{
	if (!txn) {
		NL_SET_ERR_MSG(extack, "the transaction is over");
		return -ENOENT;
	}
	if (has_expired(txn)) {
		NL_SET_ERR_MSG(extack,
			       "the transaction took longer than 60 seconds");
		return -ETIMEDOUT;
	}
	if (msg->size > TXN_BYTES_MAX - txn->size) {
		NL_SET_ERR_MSG(extack,
			       "the transaction takes more than 64 MiB");
		return -E2BIG;
	}
	list_add_tail(&msg->req.node, &txn->reqs);
	txn->size += msg->size;
	txn->n++;
	return 0;
}

/**
 * vms_nl_txn_stage() - keep a request for the commit
 * @info: the request
 * @msg: what it asks for; belongs to the transaction if this returns 0
 *
 * Return: 0 or a negative error.
 */
int vms_nl_txn_stage(struct genl_info *info, struct vms_nl_msg *msg)
{
	int err;

	spin_lock(&txn_lock);
	err = stage(find_txn(genl_info_net(info), info->snd_portid), msg,
		    info->extack);
	spin_unlock(&txn_lock);
	return err;
}

/**
 * vms_nl_txn_spoil() - a request of the transaction was refused
 * @info: the request
 */
void vms_nl_txn_spoil(struct genl_info *info)
{
	struct nl_txn *txn;

	spin_lock(&txn_lock);
	txn = find_txn(genl_info_net(info), info->snd_portid);
	if (txn)
		txn->spoilt = true;
	spin_unlock(&txn_lock);
}

/* The core checks no attribute where a policy has none, before 7.x. */
static int refuse_attrs(struct genl_info *info)
{
	if (nlmsg_attrlen(info->nlhdr, GENL_HDRLEN)) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    nlmsg_attrdata(info->nlhdr, GENL_HDRLEN),
				    "this takes no attributes");
		return -EINVAL;
	}
	return 0;
}

static bool too_many(const struct net *net)
{
	struct nl_txn *txn;
	unsigned int n = 0;

	if (net->user_ns == &init_user_ns)
		return false;
	hash_for_each_possible(txns, txn, node, (unsigned long)net)
		n += txn->net == net;
	return n >= TXN_TENANT_MAX;
}

static int begin(struct nl_txn *txn, struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&txn_lock);

	if (find_txn(txn->net, txn->portid)) {
		NL_SET_ERR_MSG(extack, "this socket has a transaction already");
		return -EBUSY;
	}
	if (too_many(txn->net)) {
		NL_SET_ERR_MSG(extack,
			       "too many transactions in this network namespace");
		return -ENOSPC;
	}
	hash_add(txns, &txn->node, (unsigned long)txn->net);
	return 0;
}

/**
 * vms_nl_txn_begin_doit() - handle VMS_CMD_TXN_BEGIN
 * @skb: the message
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int vms_nl_txn_begin_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nl_txn *txn;
	int err;

	err = refuse_attrs(info);
	if (err)
		return err;
	txn = kzalloc(sizeof(*txn), GFP_KERNEL_ACCOUNT);
	if (!txn)
		return -ENOMEM;
	txn->net = genl_info_net(info);
	txn->portid = info->snd_portid;
	txn->deadline = jiffies + TXN_LIFETIME;
	INIT_LIST_HEAD(&txn->reqs);

	spin_lock(&txn_lock);
	err = begin(txn, info->extack);
	spin_unlock(&txn_lock);
	if (err)
		kfree(txn);
	else
		queue_delayed_work(vms_wq, &sweep_work, TXN_LIFETIME);
	return err;
}

static struct nl_txn *end_txn(struct genl_info *info)
{
	struct nl_txn *txn;

	txn = take_txn(genl_info_net(info), info->snd_portid);
	if (!txn)
		NL_SET_ERR_MSG(info->extack, "this socket has no transaction");
	return txn;
}

/**
 * vms_nl_txn_abort_doit() - handle VMS_CMD_TXN_ABORT
 * @skb: the message
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int vms_nl_txn_abort_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nl_txn *txn;
	int err;

	err = refuse_attrs(info);
	if (err)
		return err;
	txn = end_txn(info);
	if (!txn)
		return -ENOENT;
	free_txn(txn);
	return 0;
}

static const struct vms_nl_msg *nth_msg(const struct nl_txn *txn, u32 n)
{
	struct vms_req *req;

	list_for_each_entry(req, &txn->reqs, node) {
		if (!n--)
			return container_of(req, struct vms_nl_msg, req);
	}
	return NULL;
}

/* Offset of the guilty attribute in staged request number @n, or 0.  The
 * attribute is taken out of @extack: it is not in the message that the netlink
 * core is going to answer.
 */
static u32 take_bad_attr(const struct nl_txn *txn, u32 n,
			 struct netlink_ext_ack *extack)
{
	const struct vms_nl_msg *msg = nth_msg(txn, n);
	const void *bad;

	if (!extack || !extack->bad_attr)
		return 0;
	bad = extack->bad_attr;
	NL_SET_BAD_ATTR(extack, NULL);
	return msg ? bad - (const void *)msg->nlh : 0;
}

/* Best effort: the refusal itself follows in any case. */
static void reply_failed(struct genl_info *info, u32 failed, u32 bad_attr)
{
	struct sk_buff *msg;
	void *hdr;

	msg = genlmsg_new(2 * nla_total_size(sizeof(u32)), GFP_KERNEL);
	if (!msg)
		return;
	hdr = genlmsg_put(msg, info->snd_portid, info->snd_seq,
			  &vms_nl_family, 0, VMS_CMD_TXN_COMMIT);
	if (WARN_ON_ONCE(!hdr ||
			 nla_put_u32(msg, VMS_A_TXN_FAILED, failed) ||
			 (bad_attr &&
			  nla_put_u32(msg, VMS_A_TXN_BAD_ATTR, bad_attr)))) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_end(msg, hdr);
	genlmsg_reply(msg, info);
}

static int run(struct nl_txn *staged, struct genl_info *info)
{
	struct vms_txn txn;
	int err;

	vms_txn_init(&txn, vms_net(staged->net), info->extack);
	txn.check = info->attrs[VMS_A_TXN_CHECK];
	list_splice_init(&staged->reqs, &txn.reqs);
	err = vms_txn_run(&txn);
	list_splice_init(&txn.reqs, &staged->reqs);
	if (err)
		reply_failed(info, txn.n_done,
			     take_bad_attr(staged, txn.n_done, info->extack));
	return err;
}

static int commit(struct nl_txn *txn, struct genl_info *info)
{
	const struct nlattr *count = info->attrs[VMS_A_TXN_COUNT];

	if (txn->expired || time_after_eq(jiffies, txn->deadline)) {
		NL_SET_ERR_MSG(info->extack,
			       "the transaction took longer than 60 seconds");
		return -ETIMEDOUT;
	}
	if (txn->spoilt) {
		NL_SET_ERR_MSG(info->extack,
			       "a request of the transaction was refused");
		reply_failed(info, txn->n, 0);
		return -ECANCELED;
	}
	if (count && nla_get_u32(count) != txn->n) {
		NL_SET_ERR_MSG_ATTR(info->extack, count,
				    "not as many requests are staged as the sender says: one was refused");
		return -EINVAL;
	}
	return run(txn, info);
}

/**
 * vms_nl_txn_commit_doit() - handle VMS_CMD_TXN_COMMIT
 * @skb: the message
 * @info: the request
 *
 * Return: 0 or a negative error.
 */
int vms_nl_txn_commit_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nl_txn *txn;
	int err;

	txn = end_txn(info);
	if (!txn)
		return -ENOENT;
	err = commit(txn, info);
	free_txn(txn);
	return err;
}

static int socket_gone(struct notifier_block *nb, unsigned long event,
		       void *ptr)
{
	const struct netlink_notify *notify = ptr;
	struct nl_txn *txn;

	if (event != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	txn = take_txn(notify->net, notify->portid);
	if (txn)
		free_txn(txn);
	return NOTIFY_DONE;
}

static struct notifier_block socket_notifier = {
	.notifier_call = socket_gone,
};

/**
 * vms_nl_txn_init() - get ready for transactions
 *
 * Return: 0 or a negative error.
 */
int __init vms_nl_txn_init(void)
{
	return netlink_register_notifier(&socket_notifier);
}

/**
 * vms_nl_txn_exit() - drop all transactions; no request comes any more
 */
void vms_nl_txn_exit(void)
{
	struct hlist_node *next;
	struct nl_txn *txn;
	int i;

	netlink_unregister_notifier(&socket_notifier);
	cancel_delayed_work_sync(&sweep_work);
	hash_for_each_safe(txns, i, next, txn, node) {
		hash_del(&txn->node);
		free_txn(txn);
	}
}
