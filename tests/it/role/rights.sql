-- What each role of the program may do in its tables and functions, as the tables of docs/roles.md.
WITH role (role) AS (
    VALUES ('pamoja_server'), ('pamoja_app'), ('pamoja_sign_in'), ('pamoja_worker'), ('pamoja_operator'), ('pamoja_publisher'), ('pamoja_gate'), ('pamoja_watch')
), given AS (
    SELECT role, relname::text AS name, privilege, count(*) AS columns, array_agg(attname::text ORDER BY attnum) FILTER (
        WHERE CASE WHEN privilege = 'DELETE' THEN has_table_privilege(role, pg_class.oid, privilege)
            ELSE has_column_privilege(role, pg_class.oid, attnum, privilege) END
    ) AS allowed
    FROM role CROSS JOIN pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
    CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
    GROUP BY role, relname, privilege
), cell AS (
    SELECT role, name, privilege, CASE
        WHEN allowed IS NULL THEN '–'
        WHEN privilege = 'DELETE' THEN 'yes'
        WHEN cardinality(allowed) = columns THEN 'all'
        WHEN cardinality(allowed) > 4 THEN cardinality(allowed) || ' of ' || columns || ' columns'
        ELSE '`' || array_to_string(allowed, '`, `') || '`'
    END AS text
    FROM given
), line AS (
    SELECT role, '| `' || name || '` | ' || string_agg(text, ' | ' ORDER BY array_position(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'], privilege)) || ' |' AS line
    FROM cell GROUP BY role, name HAVING bool_or(text <> '–')
), tables AS (
    SELECT role, E'| Table | reads | inserts | changes | deletes |\n|---|---|---|---|---|\n' || string_agg(line, E'\n' ORDER BY line COLLATE "C") AS text
    FROM line GROUP BY role
), functions AS (
    SELECT role, 'Functions: ' || string_agg('`' || pg_proc.oid::regprocedure::text || '`', ', ' ORDER BY pg_proc.oid::regprocedure::text COLLATE "C") || '.' AS text
    FROM role JOIN pg_proc ON pronamespace = 'public'::regnamespace AND has_function_privilege(role, pg_proc.oid, 'EXECUTE')
        AND NOT has_function_privilege('public', pg_proc.oid, 'EXECUTE')
    GROUP BY role
)
SELECT role, coalesce(tables.text, 'No table.') || E'\n\n' || coalesce(functions.text, 'No function.') AS text
FROM role LEFT JOIN tables USING (role) LEFT JOIN functions USING (role)
UNION ALL
SELECT 'everybody', 'Functions: ' || string_agg('`' || oid::regprocedure::text || '`', ', ' ORDER BY oid::regprocedure::text COLLATE "C") || '.'
FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
    AND has_function_privilege('public', oid, 'EXECUTE')
