INSERT INTO outbox_for_all (organisation_id, kind, node_id)
SELECT tenant(), $1::text, unnest($2::uuid[])
