INSERT INTO table_rewrite (table_name, rewritten_at) VALUES ($1, $2)
ON CONFLICT (table_name) DO UPDATE SET rewritten_at = excluded.rewritten_at
