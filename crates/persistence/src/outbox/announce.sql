INSERT INTO outbox (organisation_id, kind, node_id)
SELECT DISTINCT recipient, $2::text, changed
FROM unnest($1::uuid[]) AS recipient, unnest($3::uuid[]) AS changed
