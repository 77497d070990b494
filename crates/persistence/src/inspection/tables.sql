SELECT class.relname::text AS name, obj_description(class.oid, 'pg_class') AS comment, class.relrowsecurity AS enabled,
    class.relforcerowsecurity AS forced, pg_get_userbyid(class.relowner)::text AS owner,
    (SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute WHERE attrelid = class.oid AND attnum > 0 AND NOT attisdropped) AS columns
FROM pg_class AS class
WHERE class.relnamespace = 'public'::regnamespace AND class.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND class.relname <> '__diesel_schema_migrations'
ORDER BY class.relname
