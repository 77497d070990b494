-- An array of arrays would have to be rectangular: keys stand joined by what is in no code.
INSERT INTO statistic_cell (table_name, measure, period_kind, period, keys, value)
SELECT table_name, measure, period_kind, period, string_to_array(keys, ' '), value
FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::text[], $6::bigint[])
    AS figure (table_name, measure, period_kind, period, keys, value)
