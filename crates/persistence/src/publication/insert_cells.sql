-- PostgreSQL's arrays of arrays must be rectangular, so each figure's codes are joined by a space, which no code contains.
INSERT INTO statistic_cell (table_name, measure, period_kind, period, keys, value)
SELECT table_name, measure, period_kind, period, string_to_array(keys, ' '), value
FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::text[], $6::bigint[])
    AS figure (table_name, measure, period_kind, period, keys, value)
