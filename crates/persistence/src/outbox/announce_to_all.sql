INSERT INTO outbox_for_all (organisation_id, kind, node_id)
SELECT DISTINCT tenant(), $1::text, changed FROM unnest($2::uuid[]) AS changed
