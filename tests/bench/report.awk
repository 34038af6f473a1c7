# SPDX-License-Identifier: GPL-2.0
# Lines "figure CASE PEER COST" of all rounds in, a table out, and JSON into the file `json`.

$1 == "figure" {
	key = $2 SUBSEP $3
	if (!(key in n))
		keys[++nkeys] = key
	value[key, ++n[key]] = $4
}

# Put the first `count` values of `list` in order.
function sort(list, count,    i, j, v) {
	for (i = 2; i <= count; i++) {
		v = list[i]
		for (j = i - 1; j && list[j] > v; j--)
			list[j + 1] = list[j]
		list[j + 1] = v
	}
}

function median(list, count,    half) {
	half = int((count + 1) / 2)
	return count % 2 ? list[half] : (list[half] + list[half + 1]) / 2
}

# Which of `count` values in order is where the interval begins that holds the median of all that could have been
# measured, with a confidence of 95 %: the tail of a binomial distribution. 0 if there are too few.
function interval(count,    rank, tail, term) {
	term = tail = 0.5 ^ count
	while (2 * tail <= 0.05) {
		rank++
		term *= (count - rank + 1) / rank
		tail += term
	}
	return rank + 0
}

function show(number) {
	return sprintf(number < 10 ? "%.4f" : number < 1000 ? "%.1f" : "%.0f", number)
}

# The ratio of vmswitch to a peer round by round, both above the floor: the interval of its median, as text.
function ratios(name, peer,    i, count, list, rank, floor, above) {
	count = n[name, "vmswitch"] < n[name, peer] ? n[name, "vmswitch"] : n[name, peer]
	rank = interval(count)
	if (!rank)
		return ""
	for (i = 1; i <= count; i++) {
		floor = (name, "floor") in n ? value[name, "floor", i] : 0
		above = value[name, peer, i] - floor
		list[i] = above > 0 ? (value[name, "vmswitch", i] - floor) / above : 0
	}
	sort(list, count)
	return sprintf("%.3f-%.3f", list[rank], list[count + 1 - rank])
}

# How much more two CPUs carry than one, from cases CASE and CASE-one, round by round.
function speedups(    k, i, word, one, peer, list, count, rank, line) {
	for (k = 1; k <= nkeys; k++) {
		split(keys[k], word, SUBSEP)
		one = word[1] "-one" SUBSEP word[2]
		if (!(one in n))
			continue
		count = n[keys[k]] < n[one] ? n[keys[k]] : n[one]
		for (i = 1; i <= count; i++)
			list[i] = 2 * value[one, i] / value[keys[k], i]
		sort(list, count)
		rank = interval(count)
		line = sprintf("%s: two CPUs carry %.3f times as much as one", word[2], median(list, count))
		if (rank)
			line = line sprintf(" (%.3f-%.3f)", list[rank], list[count + 1 - rank])
		print line
	}
}

END {
	for (k = 1; k <= nkeys; k++) {
		key = keys[k]
		for (i = 1; i <= n[key]; i++)
			list[i] = value[key, i]
		sort(list, n[key])
		mid[key] = median(list, n[key])
		min[key] = list[1]
		max[key] = list[n[key]]
	}
	printf "%-16s %-18s %10s %10s %10s %10s %7s %-12s (%s, %s)\n", "case", "peer", "median", "min", "max", "above",
		"ratio", " interval", unit, venue
	printf "{\"venue\": \"%s\", \"unit\": \"%s\", \"cases\": [", venue, unit >json
	for (k = 1; k <= nkeys; k++) {
		key = keys[k]
		split(key, word, SUBSEP)
		has_floor = (word[1], "floor") in mid
		floor = has_floor ? mid[word[1], "floor"] : 0
		above = mid[key] - floor
		ours = (word[1], "vmswitch") in mid && word[2] != "floor" ? mid[word[1], "vmswitch"] - floor : 0
		ratio = spread = ""
		if (ours && above > 0) {
			ratio = sprintf("%.3f", ours / above)
			if (word[2] != "vmswitch")
				spread = ratios(word[1], word[2])
		}
		printf "%-16s %-18s %10s %10s %10s %10s %7s %s\n", word[1], word[2], show(mid[key]), show(min[key]),
			show(max[key]), word[2] == "floor" ? "" : show(above), ratio, spread
		printf "%s\n  {\"case\": \"%s\", \"peer\": \"%s\", \"median\": %.4f, \"min\": %.4f, \"max\": %.4f, \"floor\": %s}",
			(k > 1 ? "," : ""), word[1], word[2], mid[key], min[key], max[key],
			has_floor ? sprintf("%.4f", floor) : "null" >json
	}
	printf "\n]}\n" >json
	speedups()
}
