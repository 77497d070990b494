SELECT month, keys, counts, totals FROM own_figure
WHERE organisation_id = (SELECT tenant()) AND side = $1::text AND table_name = $2::text AND rule = $3::text
    AND month >= $4::date AND month < $5::date
