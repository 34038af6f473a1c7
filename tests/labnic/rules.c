// SPDX-License-Identifier: GPL-2.0
/*
 * Rules that steer frames to queues, as "ethtool -N" has them.  The one with
 * the lowest location that matches is the one that counts.
 */
#include "labnic.h"

/**
 * labnic_rule_find() - the rule for a frame
 * @nic: the NIC
 * @frame: the frame
 *
 * Context: RCU.
 * Return: the rule, or NULL.
 */
const struct labnic_rule *labnic_rule_find(const struct labnic *nic,
					   const struct labnic_frame *frame)
{
	const struct labnic_rules *rules = rcu_dereference_bh(nic->rules);
	unsigned int i;

	if (!rules)
		return NULL;
	for (i = 0; i < rules->count; i++) {
		const struct labnic_rule *rule = &rules->rule[i];

		if (rule->silent || (rule->by_mac && rule->mac != frame->mac) ||
		    (frame->tag ^ rule->tag) & rule->tag_mask)
			continue;
		return rule;
	}
	return NULL;
}

/* The error of a knob that says how often something fails, or 0. */
static int labnic_fail(const struct labnic *nic, u32 *times)
{
	lockdep_assert_held(&nic->lock);
	if (!*times)
		return 0;
	(*times)--;
	return -(int)nic->knobs.fail_errno;
}

static struct labnic_rules *labnic_rules_of(struct labnic *nic)
{
	return rcu_dereference_protected(nic->rules,
					 lockdep_is_held(&nic->lock));
}

/* The index of the first rule at this location or behind it. */
static unsigned int labnic_rule_index(const struct labnic_rules *rules,
				      u32 location)
{
	unsigned int i;

	for (i = 0; rules && i < rules->count; i++)
		if (rules->rule[i].fs.location >= location)
			break;
	return i;
}

static bool labnic_rule_at(const struct labnic_rules *rules, unsigned int i,
			   u32 location)
{
	return rules && i < rules->count &&
	       rules->rule[i].fs.location == location;
}

static void labnic_rules_replace(struct labnic *nic, struct labnic_rules *rules)
{
	struct labnic_rules *old = labnic_rules_of(nic);

	rcu_assign_pointer(nic->rules, rules);
	if (old)
		kfree_rcu(old, rcu);
}

/* The rules without @skip of them from index @i on, and with @add there. */
static int labnic_rules_change(struct labnic *nic, unsigned int i,
			       unsigned int skip, const struct labnic_rule *add)
{
	const struct labnic_rules *old = labnic_rules_of(nic);
	unsigned int count = old ? old->count : 0;
	unsigned int behind = count - i - skip;
	struct labnic_rules *rules;

	rules = kzalloc(struct_size(rules, rule, i + behind + !!add),
			GFP_ATOMIC);
	if (!rules)
		return -ENOMEM;
	if (i)
		memcpy(rules->rule, old->rule, i * sizeof(*add));
	rules->count = i;
	if (add)
		rules->rule[rules->count++] = *add;
	if (behind)
		memcpy(&rules->rule[rules->count], &old->rule[i + skip],
		       behind * sizeof(*add));
	rules->count += behind;
	labnic_rules_replace(nic, rules);
	return 0;
}

/* What a mask of the tag is called; 0 if the hardware knows none like it. */
static u32 labnic_mask_name(u16 mask)
{
	switch (mask) {
	case VLAN_VID_MASK:
		return LABNIC_MASK_VID;
	case U16_MAX:
		return LABNIC_MASK_TCI;
	case VLAN_PRIO_MASK:
		return LABNIC_MASK_PCP;
	default:
		return 0;
	}
}

static int labnic_rule_parse_tag(const struct labnic *nic,
				 const struct ethtool_rx_flow_spec *fs,
				 struct labnic_rule *rule)
{
	u16 mask = ntohs(fs->m_ext.vlan_tci);

	if (!(fs->flow_type & FLOW_EXT))
		return 0;
	if (fs->m_ext.data[0] || fs->m_ext.data[1] ||
	    (fs->m_ext.vlan_etype &&
	     fs->h_ext.vlan_etype != htons(ETH_P_8021Q)))
		return -EOPNOTSUPP;
	if (!mask)
		return 0;
	if (!(labnic_mask_name(mask) & nic->knobs.vlan_masks))
		return -EOPNOTSUPP;
	rule->tag_mask = LABNIC_TAGGED | mask;
	rule->tag = LABNIC_TAGGED | (ntohs(fs->h_ext.vlan_tci) & mask);
	return 0;
}

static int labnic_rule_parse_mac(const struct ethtool_rx_flow_spec *fs,
				 struct labnic_rule *rule)
{
	const struct ethhdr *mask = &fs->m_u.ether_spec;

	if (!is_zero_ether_addr(mask->h_source) || mask->h_proto)
		return -EOPNOTSUPP;
	if (is_zero_ether_addr(mask->h_dest))
		return 0;
	if (!is_broadcast_ether_addr(mask->h_dest))
		return -EOPNOTSUPP;
	rule->by_mac = true;
	rule->mac = ether_addr_to_u64(fs->h_u.ether_spec.h_dest);
	return 0;
}

static int labnic_rule_parse(const struct labnic *nic,
			     const struct ethtool_rx_flow_spec *fs,
			     struct labnic_rule *rule)
{
	u32 match;
	int err;

	if ((fs->flow_type & ~FLOW_EXT) != ETHER_FLOW)
		return -EOPNOTSUPP;
	if (fs->ring_cookie != RX_CLS_FLOW_DISC &&
	    fs->ring_cookie >= nic->dev->real_num_rx_queues)
		return -EINVAL;
	err = labnic_rule_parse_mac(fs, rule) ?:
	      labnic_rule_parse_tag(nic, fs, rule);
	if (err)
		return err;
	if (!rule->by_mac && !rule->tag_mask)
		return -EINVAL;
	match = !rule->tag_mask ? LABNIC_MATCH_MAC :
		!rule->by_mac ? LABNIC_MATCH_TAG : LABNIC_MATCH_BOTH;
	if (!(match & nic->knobs.matches))
		return -EOPNOTSUPP;
	rule->fs = *fs;
	if (nic->knobs.context)
		rule->fs.flow_type |= FLOW_RSS;
	rule->silent = nic->knobs.silent;
	rule->queue = fs->ring_cookie == RX_CLS_FLOW_DISC ? LABNIC_DISCARD :
							    fs->ring_cookie;
	return 0;
}

/* The first location that is free. */
static u32 labnic_free_location(const struct labnic_rules *rules)
{
	u32 location;

	for (location = 0; labnic_rule_at(rules, location, location);)
		location++;
	return location;
}

static int labnic_rule_insert(struct labnic *nic,
			      struct ethtool_rx_flow_spec *fs)
{
	struct labnic_rule rule = { };
	struct labnic_rules *rules;
	unsigned int i;
	int err;

	if (!(nic->dev->features & NETIF_F_NTUPLE))
		return -EOPNOTSUPP;
	err = labnic_rule_parse(nic, fs, &rule);
	if (err)
		return err;

	spin_lock_bh(&nic->lock);
	rules = labnic_rules_of(nic);
	err = labnic_fail(nic, &nic->knobs.fail_next);
	if (err)
		goto out;
	err = -EINVAL;
	if (nic->knobs.loc_any) {
		if (fs->location != RX_CLS_LOC_ANY)
			goto out;
		rule.fs.location = labnic_free_location(rules);
		err = -ENOSPC;
	}
	if (rule.fs.location >= nic->knobs.rules_max)
		goto out;
	i = labnic_rule_index(rules, rule.fs.location);
	err = labnic_rules_change(nic, i,
				  labnic_rule_at(rules, i, rule.fs.location),
				  &rule);
	if (!err)
		fs->location = rule.fs.location;
out:
	spin_unlock_bh(&nic->lock);
	return err;
}

/**
 * labnic_rule_delete() - remove a rule
 * @nic: the NIC
 * @location: where it is
 *
 * Return: 0, -ENOENT or -ENOMEM.
 */
int labnic_rule_delete(struct labnic *nic, u32 location)
{
	struct labnic_rules *rules;
	int err = -ENOENT;
	unsigned int i;

	spin_lock_bh(&nic->lock);
	rules = labnic_rules_of(nic);
	i = labnic_rule_index(rules, location);
	if (labnic_rule_at(rules, i, location))
		err = labnic_rules_change(nic, i, 1, NULL);
	spin_unlock_bh(&nic->lock);
	return err;
}

/**
 * labnic_rules_delete() - remove all rules
 * @nic: the NIC
 *
 * Return: 0.
 */
int labnic_rules_delete(struct labnic *nic)
{
	spin_lock_bh(&nic->lock);
	labnic_rules_replace(nic, NULL);
	spin_unlock_bh(&nic->lock);
	return 0;
}

/**
 * labnic_rules_overwrite() - have the rules for an address lead to queue 0
 * @nic: the NIC
 * @mac: the address
 *
 * So does igb where an address and a rule share a register: ethtool still
 * shows the queue that was asked for.
 */
void labnic_rules_overwrite(struct labnic *nic, u64 mac)
{
	struct labnic_rules *rules;
	unsigned int i;

	spin_lock_bh(&nic->lock);
	rules = labnic_rules_of(nic);
	for (i = 0; rules && i < rules->count; i++)
		if (rules->rule[i].by_mac && rules->rule[i].mac == mac)
			WRITE_ONCE(rules->rule[i].queue, 0);
	spin_unlock_bh(&nic->lock);
}

/**
 * labnic_rules_beyond() - tell whether rules lead to high queues
 * @nic: the NIC
 * @queues: number of the first of these queues
 *
 * Return: true if there is one.
 */
bool labnic_rules_beyond(struct labnic *nic, unsigned int queues)
{
	struct labnic_rules *rules;
	bool beyond = false;
	unsigned int i;

	spin_lock_bh(&nic->lock);
	rules = labnic_rules_of(nic);
	for (i = 0; rules && i < rules->count; i++) {
		u64 queue = rules->rule[i].fs.ring_cookie;

		beyond |= queue != RX_CLS_FLOW_DISC && queue >= queues;
	}
	spin_unlock_bh(&nic->lock);
	return beyond;
}

static int labnic_rules_list(struct labnic *nic, struct ethtool_rxnfc *info,
			     u32 *locations)
{
	const struct labnic_rules *rules;
	unsigned int i, count;
	int err;

	spin_lock_bh(&nic->lock);
	err = labnic_fail(nic, &nic->knobs.fail_list);
	rules = labnic_rules_of(nic);
	count = rules ? rules->count : 0;
	if (locations && count > info->rule_cnt)
		err = -EMSGSIZE;
	for (i = 0; locations && !err && i < count; i++)
		locations[i] = rules->rule[i].fs.location;
	spin_unlock_bh(&nic->lock);
	info->rule_cnt = count;
	info->data = nic->knobs.rules_max;
	if (!locations && nic->knobs.loc_any)
		info->data |= RX_CLS_LOC_SPECIAL;
	return err;
}

static int labnic_rule_get(struct labnic *nic, struct ethtool_rx_flow_spec *fs)
{
	const struct labnic_rules *rules;
	unsigned int i;
	int err;

	spin_lock_bh(&nic->lock);
	rules = labnic_rules_of(nic);
	i = labnic_rule_index(rules, fs->location);
	err = labnic_fail(nic, &nic->knobs.fail_read);
	if (!err && !labnic_rule_at(rules, i, fs->location))
		err = -ENOENT;
	if (!err)
		*fs = rules->rule[i].fs;
	spin_unlock_bh(&nic->lock);
	return err;
}

/**
 * labnic_get_rxnfc() - tell about rules and rings
 * @dev: a NIC
 * @info: what is asked; gets the answer
 * @locations: gets the locations of the rules
 *
 * Return: 0 or an error.
 */
int labnic_get_rxnfc(struct net_device *dev, struct ethtool_rxnfc *info,
		     u32 *locations)
{
	struct labnic *nic = netdev_priv(dev);

	switch (info->cmd) {
	case ETHTOOL_GRXRINGS:
		info->data = dev->real_num_rx_queues;
		return 0;
	case ETHTOOL_GRXCLSRLCNT:
		return labnic_rules_list(nic, info, NULL);
	case ETHTOOL_GRXCLSRULE:
		return labnic_rule_get(nic, &info->fs);
	case ETHTOOL_GRXCLSRLALL:
		return labnic_rules_list(nic, info, locations);
	default:
		return -EOPNOTSUPP;
	}
}

/**
 * labnic_set_rxnfc() - insert or delete a rule
 * @dev: a NIC
 * @info: the rule; gets its location
 *
 * Return: 0 or an error.
 */
int labnic_set_rxnfc(struct net_device *dev, struct ethtool_rxnfc *info)
{
	struct labnic *nic = netdev_priv(dev);
	int err;

	switch (info->cmd) {
	case ETHTOOL_SRXCLSRLINS:
		return labnic_rule_insert(nic, &info->fs);
	case ETHTOOL_SRXCLSRLDEL:
		spin_lock_bh(&nic->lock);
		err = labnic_fail(nic, &nic->knobs.fail_delete);
		spin_unlock_bh(&nic->lock);
		return err ?: labnic_rule_delete(nic, info->fs.location);
	default:
		return -EOPNOTSUPP;
	}
}
