# SPDX-License-Identifier: GPL-2.0
# Lines "figure CASE PEER COST" of all rounds in, a table out, and JSON into the file `json`.

$1 == "figure" {
	key = $2 SUBSEP $3
	if (!(key in n))
		keys[++nkeys] = key
	value[key, ++n[key]] = $4
}

# The values of a key in order.
function sort(key,    i, j, v) {
	for (i = 2; i <= n[key]; i++) {
		v = value[key, i]
		for (j = i - 1; j && value[key, j] > v; j--)
			value[key, j + 1] = value[key, j]
		value[key, j + 1] = v
	}
}

function median(key,    half) {
	half = int((n[key] + 1) / 2)
	return n[key] % 2 ? value[key, half] : (value[key, half] + value[key, half + 1]) / 2
}

function show(number) {
	return sprintf(number < 1000 ? "%.1f" : "%.0f", number)
}

END {
	for (k = 1; k <= nkeys; k++) {
		sort(keys[k])
		mid[keys[k]] = median(keys[k])
	}
	printf "%-16s %-18s %10s %10s %10s %10s %7s   (%s, %s)\n", "case", "peer", "median", "min", "max", "above", "ratio",
		unit, venue
	printf "{\"venue\": \"%s\", \"unit\": \"%s\", \"cases\": [", venue, unit >json
	for (k = 1; k <= nkeys; k++) {
		split(keys[k], word, SUBSEP)
		has_floor = (word[1], "floor") in mid
		floor = has_floor ? mid[word[1], "floor"] : 0
		above = mid[keys[k]] - floor
		ours = (word[1], "vmswitch") in mid && word[2] != "floor" ? mid[word[1], "vmswitch"] - floor : 0
		ratio = ""
		if (ours && above > 0)
			ratio = sprintf("%.3f", ours / above)
		printf "%-16s %-18s %10s %10s %10s %10s %7s\n", word[1], word[2], show(mid[keys[k]]),
			show(value[keys[k], 1]), show(value[keys[k], n[keys[k]]]),
			word[2] == "floor" ? "" : show(above), ratio
		printf "%s\n  {\"case\": \"%s\", \"peer\": \"%s\", \"median\": %.2f, \"min\": %.2f, \"max\": %.2f, \"floor\": %s}",
			(k > 1 ? "," : ""), word[1], word[2], mid[keys[k]], value[keys[k], 1],
			value[keys[k], n[keys[k]]], has_floor ? sprintf("%.2f", floor) : "null" >json
	}
	printf "\n]}\n" >json
}
