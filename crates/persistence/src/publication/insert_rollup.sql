INSERT INTO statistic_rollup (table_name, measure, month, keys, units, cell_key, sessions, contributors, counterparts, shares)
SELECT table_name, measure, $1, keys, units, cell_key, sessions, contributors, counterparts, shares
FROM jsonb_to_recordset($2::text::jsonb) AS figure (table_name text, measure text, keys text[], units bigint, cell_key bigint,
    sessions bigint, contributors uuid[], counterparts uuid[], shares bigint[])
