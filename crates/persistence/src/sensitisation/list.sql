SELECT id, topic::text, audience::text, county_code::text, releasable_from, status::text, training_request_id
FROM (
    (
        SELECT * FROM sensitisation_plan
        WHERE organisation_id = (SELECT tenant()) AND status = 'PLANNED' AND (cardinality($1::text[]) = 0 OR 'PLANNED' = ANY ($1))
        ORDER BY releasable_from DESC, id LIMIT 100
    )
    UNION ALL
    (
        SELECT * FROM sensitisation_plan
        WHERE organisation_id = (SELECT tenant()) AND status <> 'PLANNED' AND (cardinality($1::text[]) = 0 OR status = ANY ($1))
        ORDER BY releasable_from DESC, id LIMIT 100
    )
) AS plan
ORDER BY status = 'PLANNED' DESC, releasable_from DESC, id
LIMIT 100
