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
UNION ALL
SELECT format('The role %s can log in, and nobody should as it: when no process of before runs any more, ALTER ROLE %s NOLOGIN.', rolname, rolname)
FROM pg_roles WHERE rolname IN ('pamoja_app', 'pamoja_statement', 'pamoja_gate') AND rolcanlogin
    AND has_database_privilege(oid, current_database(), 'CONNECT')
UNION ALL
SELECT format('The role %s belongs to %s, and so can send statements of its own as that one: REVOKE it.', member.rolname, other.rolname)
FROM pg_auth_members JOIN pg_roles AS member ON member.oid = pg_auth_members.member JOIN pg_roles AS other ON other.oid = roleid
WHERE other.rolname IN ('pamoja_app', 'pamoja_statement') AND member.rolname <> 'pamoja_statement'
UNION ALL
SELECT format('The role pamoja_server may use %s by statements of its own: REVOKE it.', relname)
FROM pg_class JOIN pg_roles ON rolname = 'pamoja_server'
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
    AND (has_any_column_privilege(pg_roles.oid, pg_class.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
        OR has_table_privilege(pg_roles.oid, pg_class.oid, 'DELETE, TRUNCATE, TRIGGER'))
