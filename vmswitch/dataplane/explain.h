/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What would happen to a described frame, by the data path's own decisions.
 */
#ifndef _VMSWITCH_EXPLAIN_H
#define _VMSWITCH_EXPLAIN_H

#include "../vmswitch.h"

/**
 * struct vms_explain_frame - the frame
 * @src: source address
 * @dst: destination address
 * @tagged: carries a tag
 * @tci: VID and PCP of that tag
 * @size: bytes from the MAC header on, without the tag
 */
struct vms_explain_frame {
	u8 src[ETH_ALEN];
	u8 dst[ETH_ALEN];
	bool tagged;
	u16 tci;
	u32 size;
};

/**
 * struct vms_explain_step - one step
 * @stage: &enum vms_explain_stage
 * @drop: why the frame ends here, or 0
 * @has_result: @result is valid
 * @result: &enum vms_learn_result or &enum vms_lookup_result
 * @port: the port that the step is about, or NULL
 * @vid: VLAN that the frame is in from here on, 0: unchanged
 * @pcp: its priority
 * @has_tagged: @tagged is valid
 * @tagged: the frame leaves @port tagged
 */
struct vms_explain_step {
	u8 stage;
	u32 drop;
	bool has_result;
	u8 result;
	const struct vms_port *port;
	u16 vid;
	u8 pcp;
	bool has_tagged;
	bool tagged;
};

/* Tells one step; an error ends the walk and is returned by vms_explain(). */
typedef int (*vms_explain_fn)(void *arg, const struct vms_explain_step *step);

/* &vms_net.lock held: the steps do not change meanwhile.  May sleep.
 * Returns how many ports would get the frame, or the error of @fn.
 */
int vms_explain(struct vms_port *port, const struct vms_explain_frame *frame,
		vms_explain_fn fn, void *arg);

#endif /* _VMSWITCH_EXPLAIN_H */
