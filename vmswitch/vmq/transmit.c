// SPDX-License-Identifier: GPL-2.0
/*
 * Transmit queues: what a port that has a queue of the uplink sends to it leaves
 * by the transmit queue of the same number, which the same interrupt and CPU
 * serve; of a port that has a CPU only, by that of the CPU's number.  XPS, if the
 * admin has set it, and the socket of the sender come first.
 *
 * Which queue it was nobody tells who has called dev_queue_xmit().  So the
 * device's packets are watched for a moment now and then, as by tcpdump: until
 * TX_WINDOW is over, or so many have come that it would be felt.
 */
#include <linux/if_vlan.h>

#include "../nic/lower.h"
#include "vmq.h"

#define TX_WINDOW	(HZ / 4)
/* What is received is passed over, which is cheaper. */
#define TX_LOAD_SENT	16
#define TX_LOAD_RECEIVED	1
#define TX_LOAD_MAX	4096

static void tx_note(const struct vms_vmq_rx *rx, const struct sk_buff *skb)
{
	struct vms_vmq_port *vp;
	u16 tci = 0;

	/* vlan_get_tag() looks at a tag without asking for the length. */
	if (skb_headlen(skb) < VLAN_ETH_HLEN)
		return;
	if (rx->vlans && vlan_get_tag(skb, &tci))
		tci = 0;
	vp = vms_vmq_rx_find(rx, vms_mac_u64(eth_hdr(skb)->h_source),
			     tci & VLAN_VID_MASK);
	if (vp)
		WRITE_ONCE(vp->tx_queue, skb_get_queue_mapping(skb));
}

static int tx_watch(struct sk_buff *skb, struct net_device *dev,
		    struct packet_type *pt, struct net_device *orig_dev)
{
	struct vms_vmq_tx *tx = container_of(pt, struct vms_vmq_tx, watch);
	bool sent = skb->pkt_type == PACKET_OUTGOING;
	const struct vms_vmq_rx *rx;
	int load, more;

	if (sent) {
		rx = rcu_dereference(tx->nic->vmq);
		if (rx)
			tx_note(rx, skb);
	}
	/* Exactly one frame is the last straw. */
	more = sent ? TX_LOAD_SENT : TX_LOAD_RECEIVED;
	load = atomic_add_return(more, &tx->load);
	if (load >= TX_LOAD_MAX && load - more < TX_LOAD_MAX)
		mod_delayed_work(vms_wq, &tx->close, 0);
	consume_skb(skb);
	return NET_RX_SUCCESS;
}

static void tx_close(struct work_struct *work)
{
	struct vms_vmq_tx *tx = container_of(to_delayed_work(work),
					     struct vms_vmq_tx, close);

	mutex_lock(&tx->lock);
	if (tx->open)
		dev_remove_pack(&tx->watch);
	tx->open = false;
	mutex_unlock(&tx->lock);
}

/**
 * vms_vmq_tx_watch() - see by which queues frames leave, for a moment
 * @vmq: VMQ of the uplink
 *
 * Context: RTNL is held.
 */
void vms_vmq_tx_watch(struct vms_vmq *vmq)
{
	struct vms_vmq_tx *tx = &vmq->tx;

	mutex_lock(&tx->lock);
	if (!tx->open) {
		tx->open = true;
		atomic_set(&tx->load, 0);
		dev_add_pack(&tx->watch);
		queue_delayed_work(vms_wq, &tx->close, TX_WINDOW);
	}
	mutex_unlock(&tx->lock);
}

/**
 * vms_vmq_tx_init() - prepare to watch an uplink
 * @vmq: VMQ of the uplink
 */
void vms_vmq_tx_init(struct vms_vmq *vmq)
{
	struct vms_vmq_tx *tx = &vmq->tx;

	mutex_init(&tx->lock);
	tx->nic = vmq->nic;
	tx->watch.type = htons(ETH_P_ALL);
	tx->watch.dev = vmq->nic->dev;
	tx->watch.func = tx_watch;
	INIT_DELAYED_WORK(&tx->close, tx_close);
	vms_external_steer_tx(vmq->nic, true);
}

/**
 * vms_vmq_tx_exit() - watch no more
 * @vmq: VMQ of the uplink
 *
 * Context: RTNL is held.
 */
void vms_vmq_tx_exit(struct vms_vmq *vmq)
{
	struct vms_vmq_tx *tx = &vmq->tx;

	vms_external_steer_tx(vmq->nic, false);
	/* From now on no frame is the last straw, so that nobody queues it. */
	atomic_set(&tx->load, TX_LOAD_MAX);
	synchronize_net();
	cancel_delayed_work_sync(&tx->close);
	tx_close(&tx->close.work);
}

/**
 * vms_vmq_tx_set() - tell the data path by which queue a port's frames leave
 * @vp: the port
 *
 * Context: &vms_net.lock is held.
 */
void vms_vmq_tx_set(struct vms_vmq_port *vp)
{
	int queue = vp->queue >= 0 ? vp->queue : vp->soft_cpu;
	u16 txq = 0;

	/* The core would subtract until it fits, for each frame. */
	if (queue >= 0)
		txq = queue % vp->vmq->nic->dev->real_num_tx_queues + 1;
	if (!vp->port || vp->port->txq == txq)
		return;
	WRITE_ONCE(vp->port->txq, txq);
	WRITE_ONCE(vp->tx_queue, VMS_VMQ_NO_QUEUE);
}
