SELECT tablename::text AS "table", policyname::text AS name, cmd AS command, roles::text[] AS roles, qual AS "using", with_check AS "check"
FROM pg_policies WHERE schemaname = 'public' ORDER BY tablename, policyname
