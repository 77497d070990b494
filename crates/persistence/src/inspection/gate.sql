SELECT format('The role %s may say whose transaction it is without a proof: REVOKE SET ON PARAMETER backtrace_functions from it.', rolname) AS sentence
FROM pg_roles WHERE rolname <> 'pamoja_gate' AND NOT rolsuper AND NOT pg_has_role(oid, 'pamoja_gate', 'MEMBER')
    AND has_parameter_privilege(oid, 'backtrace_functions', 'SET')
UNION ALL
SELECT format('The role %s belongs to pamoja_gate, which says whose transaction it is: REVOKE it.', rolname)
FROM pg_roles WHERE rolname NOT IN ('pamoja_gate', 'pamoja_owner') AND NOT rolsuper AND pg_has_role(oid, 'pamoja_gate', 'MEMBER')
UNION ALL
SELECT 'The clock of the database is set off by ' || seconds || ' seconds, which is for tests and demos: DELETE FROM clock_offset as the owner.' FROM clock_offset
UNION ALL
SELECT 'Everybody can do what the program''s roles must not, such as see who else is connected: run docker/catalogue.sql.'
WHERE has_function_privilege('public', 'pg_stat_get_activity(integer)', 'EXECUTE')
UNION ALL
SELECT format('The role %s has a setting of its own in this database (%s): run docker/roles.sql, and find out who set it.', rolname, setting)
FROM pg_db_role_setting JOIN pg_roles ON pg_roles.oid = setrole JOIN pg_database ON pg_database.oid = setdatabase CROSS JOIN unnest(setconfig) AS setting
WHERE datname = current_database() AND rolname = ANY ($1::text[])
UNION ALL
SELECT 'Everybody can connect to this database: run docker/roles.sql.'
FROM pg_database WHERE datname = current_database() AND has_database_privilege('public', oid, 'CONNECT')
