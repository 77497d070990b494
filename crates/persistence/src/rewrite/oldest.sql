-- Since when nothing has been rewritten: since the oldest of the last rewrites, or since the database was set up. True when a table
-- was never rewritten.
SELECT min(coalesce(known.rewritten_at, (SELECT min(run_on) AT TIME ZONE 'UTC' FROM __diesel_schema_migrations))), bool_or(known.rewritten_at IS NULL)
FROM unnest($1::text[]) AS erased_from (table_name)
LEFT JOIN table_rewrite AS known ON known.table_name = erased_from.table_name
