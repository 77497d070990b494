-- Everything of PostgreSQL's own that a role may run or read because everybody may, sorted by why it is harmless.
SELECT class || ' = ' || string_agg(name, ' ' ORDER BY name) AS line
FROM (
    SELECT DISTINCT function.proname::text AS name,
        CASE
            WHEN function.provolatile = 'i' THEN 'function: immutable'
            WHEN function.prokind IN ('a', 'w') THEN 'function: aggregate or window'
            WHEN EXISTS (SELECT FROM pg_operator WHERE oprcode = function.oid) THEN 'function: behind an operator'
            WHEN EXISTS (SELECT FROM pg_cast WHERE castfunc = function.oid) THEN 'function: behind a cast'
            WHEN EXISTS (SELECT FROM pg_amproc WHERE amproc = function.oid) THEN 'function: behind an index'
            WHEN EXISTS (
                SELECT FROM pg_type
                WHERE function.oid IN (typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze, typsubscript)
            ) THEN 'function: behind a type'
            WHEN EXISTS (
                SELECT FROM pg_type WHERE pg_type.oid = ANY (function.proargtypes::oid[] || function.prorettype) AND typtype = 'p'
                    AND typname IN (
                        'internal', 'trigger', 'event_trigger', 'language_handler', 'index_am_handler', 'table_am_handler', 'fdw_handler',
                        'tsm_handler'
                    )
            ) THEN 'function: no statement can call it'
            ELSE 'function: judged'
        END AS class
    FROM pg_proc AS function
    WHERE function.pronamespace = 'pg_catalog'::regnamespace AND has_function_privilege(function.oid, 'EXECUTE')
    UNION ALL
    SELECT relation.relname::text,
        'relation of ' || relation.relnamespace::regnamespace
            || CASE WHEN has_table_privilege(relation.oid, 'SELECT') THEN ': whole' ELSE ': by column' END
    FROM pg_class AS relation
    WHERE relation.relnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        AND relation.relkind IN ('r', 'v', 'm', 'f') AND has_any_column_privilege(relation.oid, 'SELECT')
    UNION ALL
    SELECT lanname, 'language' FROM pg_language WHERE lanpltrusted AND has_language_privilege(oid, 'USAGE')
    UNION ALL
    SELECT datname || ' ' || privilege, 'database'
    FROM pg_database CROSS JOIN unnest(ARRAY['CONNECT', 'TEMPORARY', 'CREATE']) AS privilege
    WHERE datname IN (current_database(), 'postgres', 'template1') AND has_database_privilege(oid, privilege)
    UNION ALL
    SELECT nspname || ' ' || privilege, 'schema' FROM pg_namespace CROSS JOIN unnest(ARRAY['USAGE', 'CREATE']) AS privilege
    WHERE has_schema_privilege(pg_namespace.oid, privilege)
    UNION ALL
    SELECT parname || ' ' || privilege, 'parameter' FROM pg_parameter_acl CROSS JOIN unnest(ARRAY['SET', 'ALTER SYSTEM']) AS privilege
    WHERE has_parameter_privilege(parname, privilege)
    UNION ALL
    SELECT rolname, 'member of' FROM pg_roles WHERE rolname <> current_user AND pg_has_role(oid, 'MEMBER')
) AS open
WHERE class !~ '^function: (immutable|aggregate|behind|no statement)'
GROUP BY class ORDER BY class
