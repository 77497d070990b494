SELECT table_name, measure, month, keys, units, cell_key, sessions, contributors, counterparts, shares
FROM statistic_rollup
WHERE month >= $1
