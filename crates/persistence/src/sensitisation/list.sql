SELECT id, topic::text, audience::text, county_code::text, releasable_from, status::text, training_request_id
FROM sensitisation_plan
WHERE organisation_id = (SELECT tenant()) AND (cardinality($1::text[]) = 0 OR status = ANY ($1))
ORDER BY releasable_from DESC, id
LIMIT $2
