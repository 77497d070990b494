UPDATE violation SET act_before = NULL
WHERE organisation_id = (SELECT tenant()) AND act_before <= $1::timestamptz AND id = ANY (ARRAY(
    SELECT due.id FROM violation AS due WHERE due.organisation_id = (SELECT tenant()) AND due.act_before <= $1 ORDER BY due.act_before LIMIT 1000
))
