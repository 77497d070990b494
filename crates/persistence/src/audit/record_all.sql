INSERT INTO audit_entry (organisation_id, user_id, action, node_id)
SELECT tenant(), acting_user(), $1::text, unnest($2::uuid[])
