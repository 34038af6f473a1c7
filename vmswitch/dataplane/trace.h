/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: /sys/kernel/tracing/events/vmswitch.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vmswitch

#if !defined(_VMSWITCH_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _VMSWITCH_TRACE_H

#include <linux/tracepoint.h>
#include "../vmswitch.h"

#define VMS_DROP_NAMES							\
	{ VMS_DROP_SWITCH_DOWN,		"switch-down" },		\
	{ VMS_DROP_PORT_DOWN,		"port-down" },			\
	{ VMS_DROP_MALFORMED,		"malformed" },			\
	{ VMS_DROP_VLAN_TAGGED,		"vlan-tagged" },		\
	{ VMS_DROP_VLAN_UNTAGGED,	"vlan-untagged" },		\
	{ VMS_DROP_VLAN_FILTERED,	"vlan-filtered" },		\
	{ VMS_DROP_VLAN_RESERVED,	"vlan-reserved" },		\
	{ VMS_DROP_MAC_INVALID,		"mac-invalid" },		\
	{ VMS_DROP_MAC_GUARD,		"mac-guard" },			\
	{ VMS_DROP_RESERVED_ADDRESS,	"reserved-address" },		\
	{ VMS_DROP_SAME_PORT,		"same-port" },			\
	{ VMS_DROP_NO_DESTINATION,	"no-destination" },		\
	{ VMS_DROP_LINK_DOWN,		"link-down" },			\
	{ VMS_DROP_EGRESS_FILTERED,	"egress-filtered" },		\
	{ VMS_DROP_TOO_BIG,		"too-big" },			\
	{ VMS_DROP_NO_MEMORY,		"no-memory" },			\
	{ VMS_DROP_TX_BUSY,		"tx-busy" },			\
	{ VMS_DROP_TX_REFUSED,		"tx-refused" },			\
	{ VMS_DROP_QUEUE_FULL,		"queue-full" },			\
	{ VMS_DROP_LOOP,		"loop" },			\
	{ VMS_DROP_OFFLOAD,		"offload" },			\
	{ VMS_DROP_CPU_BUSY,		"cpu-busy" }

/* A frame was dropped at a port. */
TRACE_EVENT(vms_drop,
	TP_PROTO(const struct vms_port *port, u16 vid, u32 len, u32 reason),
	TP_ARGS(port, vid, len, reason),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__array(char, port, VMS_PORT_NAME_MAX + 1)
		__field(u16, vid)
		__field(u32, len)
		__field(u32, reason)
	),
	TP_fast_assign(
		__entry->ifindex = port->sw->dev->ifindex;
		memcpy(__entry->port, port->name, sizeof(__entry->port));
		__entry->vid = vid;
		__entry->len = len;
		__entry->reason = reason;
	),
	TP_printk("ifindex=%d port=%s vid=%u len=%u reason=%s",
		  __entry->ifindex, __entry->port, __entry->vid, __entry->len,
		  __print_symbolic(__entry->reason, VMS_DROP_NAMES))
);

/* A frame was delivered to a port. */
TRACE_EVENT(vms_deliver,
	TP_PROTO(const struct vms_port *port, u16 vid, u32 len),
	TP_ARGS(port, vid, len),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__array(char, port, VMS_PORT_NAME_MAX + 1)
		__field(u16, vid)
		__field(u32, len)
	),
	TP_fast_assign(
		__entry->ifindex = port->sw->dev->ifindex;
		memcpy(__entry->port, port->name, sizeof(__entry->port));
		__entry->vid = vid;
		__entry->len = len;
	),
	TP_printk("ifindex=%d port=%s vid=%u len=%u",
		  __entry->ifindex, __entry->port, __entry->vid, __entry->len)
);

DECLARE_EVENT_CLASS(vms_fdb,
	TP_PROTO(const struct vms_port *port, u64 mac, u16 vid),
	TP_ARGS(port, mac, vid),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__array(char, port, VMS_PORT_NAME_MAX + 1)
		__array(u8, mac, ETH_ALEN)
		__field(u16, vid)
	),
	TP_fast_assign(
		__entry->ifindex = port->sw->dev->ifindex;
		memcpy(__entry->port, port->name, sizeof(__entry->port));
		vms_u64_mac(mac, __entry->mac);
		__entry->vid = vid;
	),
	TP_printk("ifindex=%d port=%s mac=%pM vid=%u",
		  __entry->ifindex, __entry->port, __entry->mac, __entry->vid)
);

/* An address was learned at a port. */
DEFINE_EVENT(vms_fdb, vms_fdb_learn,
	TP_PROTO(const struct vms_port *port, u64 mac, u16 vid),
	TP_ARGS(port, mac, vid)
);

/* An address moved to a port. */
DEFINE_EVENT(vms_fdb, vms_fdb_move,
	TP_PROTO(const struct vms_port *port, u64 mac, u16 vid),
	TP_ARGS(port, mac, vid)
);

/* A port's state changed; the bits are of enum vms_port_state. */
TRACE_EVENT(vms_port_state,
	TP_PROTO(const struct vms_port *port, u32 old, u32 state),
	TP_ARGS(port, old, state),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__array(char, port, VMS_PORT_NAME_MAX + 1)
		__field(u32, old)
		__field(u32, state)
	),
	TP_fast_assign(
		__entry->ifindex = port->sw->dev->ifindex;
		memcpy(__entry->port, port->name, sizeof(__entry->port));
		__entry->old = old;
		__entry->state = state;
	),
	TP_printk("ifindex=%d port=%s old=0x%x new=0x%x",
		  __entry->ifindex, __entry->port, __entry->old, __entry->state)
);

/* A port has another receive queue of the uplink (-1: none), or keeps it for
 * another reason, of enum vms_vmq_reason.
 */
TRACE_EVENT(vms_vmq_change,
	TP_PROTO(const struct vms_port *port, int old, int queue, u32 reason),
	TP_ARGS(port, old, queue, reason),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__array(char, port, VMS_PORT_NAME_MAX + 1)
		__field(int, old)
		__field(int, queue)
		__field(u32, reason)
	),
	TP_fast_assign(
		__entry->ifindex = port->sw->dev->ifindex;
		memcpy(__entry->port, port->name, sizeof(__entry->port));
		__entry->old = old;
		__entry->queue = queue;
		__entry->reason = reason;
	),
	TP_printk("ifindex=%d port=%s old=%d new=%d reason=%u",
		  __entry->ifindex, __entry->port, __entry->old,
		  __entry->queue, __entry->reason)
);

/* A port's queue is moved to another CPU (-1: it is not known from where), or
 * something became of that; the reason is of enum vms_vmq_move_reason.
 */
TRACE_EVENT(vms_vmq_move,
	TP_PROTO(const struct vms_port *port, int queue, int from, int to,
		 u32 load, u32 reason),
	TP_ARGS(port, queue, from, to, load, reason),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__array(char, port, VMS_PORT_NAME_MAX + 1)
		__field(int, queue)
		__field(int, from)
		__field(int, to)
		__field(u32, load)
		__field(u32, reason)
	),
	TP_fast_assign(
		__entry->ifindex = port->sw->dev->ifindex;
		memcpy(__entry->port, port->name, sizeof(__entry->port));
		__entry->queue = queue;
		__entry->from = from;
		__entry->to = to;
		__entry->load = load;
		__entry->reason = reason;
	),
	TP_printk("ifindex=%d port=%s queue=%d from=%d to=%d load=%u reason=%u",
		  __entry->ifindex, __entry->port, __entry->queue,
		  __entry->from, __entry->to, __entry->load, __entry->reason)
);

#endif /* _VMSWITCH_TRACE_H */

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
