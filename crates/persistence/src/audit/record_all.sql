INSERT INTO audit_entry (action, node_id) SELECT $1::text, unnest($2::uuid[])
