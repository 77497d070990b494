-- What PostgreSQL lets everybody do, and the program's roles must not: taken from PUBLIC in this database, and given back to the roles
-- that need it. Run it as a superuser in the program's own database, after roles.sql and again after each update of the program or of
-- PostgreSQL and after each restore: it can be run any number of times.
--
-- What stays open is listed, and all else is closed: what a later PostgreSQL adds is closed until somebody has judged it. A function
-- stays open when it computes from its arguments alone, tells of the own session alone, or describes how tables are made.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pamoja_watch') THEN
        CREATE ROLE pamoja_watch;
    END IF;
END
$$;
-- Nobody connects as this role. It owns the function that ends what runs too long.
ALTER ROLE pamoja_watch NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
DO $$
DECLARE
    role name;
BEGIN
    FOREACH role IN ARRAY ARRAY['pg_signal_backend', 'pg_read_all_stats'] LOOP
        IF NOT pg_has_role('pamoja_watch', role, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO pamoja_watch', role);
        END IF;
    END LOOP;
END
$$;

-- 1. Databases, schema and languages.
DO $$
DECLARE
    name text;
BEGIN
    EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    -- What is closed below is closed in this database alone. So nobody must come by another one.
    FOR name IN SELECT datname FROM pg_database
        WHERE datname IN ('postgres', 'template1') AND has_database_privilege('public', oid, 'CONNECT, TEMPORARY')
    LOOP
        EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', name);
    END LOOP;
END
$$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
-- Without a language there is neither DO nor CREATE FUNCTION. Functions that exist run for whoever may execute them.
REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC;
GRANT USAGE ON LANGUAGE plpgsql, sql TO pamoja_owner, pamoja_gate;
GRANT USAGE ON LANGUAGE plpgsql TO pamoja_statement;

-- 2. Functions of PostgreSQL. Judged are those that everybody may execute in a new database and that a statement can name.
CREATE TEMPORARY VIEW judged_function AS
SELECT function.oid, function.oid::regprocedure AS name,
    function.oid <> 'age(xid)'::regprocedure AND function.proname::text = ANY (
        -- They compute from their arguments, and from the clock, chance and the settings of the session.
        regexp_split_to_array(
           'age array_sample array_shuffle array_to_json array_to_string clock_timestamp concat concat_ws convert convert_from convert_to
            date_add date_part date_subtract date_trunc enum_first enum_last enum_range extract format gen_random_uuid generate_series
            get_current_ts_config
            interval_pl_timestamptz json_build_array json_build_object json_populate_record json_populate_recordset json_to_record
            json_to_recordset
            json_to_tsvector jsonb_build_array jsonb_build_object jsonb_path_exists_tz jsonb_path_match_tz jsonb_path_query_array_tz
            jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record jsonb_populate_record_valid jsonb_populate_recordset
            jsonb_to_record
            jsonb_to_recordset jsonb_to_tsvector length make_timestamptz now overlaps pg_collation_for pg_input_error_info
            pg_input_is_valid pg_typeof phraseto_tsquery
            plainto_tsquery quote_literal quote_nullable random random_normal row_to_json setseed statement_timestamp timeofday timezone
            to_char to_date
            timestamptz to_json to_jsonb to_number to_timestamp to_tsquery to_tsvector transaction_timestamp ts_headline uuidv4 uuidv7
            websearch_to_tsquery xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document',
           '\s+')
        || regexp_split_to_array(
        -- They tell of the own session, or what every connection is told anyway.
           'current_database current_query current_schema current_schemas current_setting current_user getdatabaseencoding getpgusername
            inet_client_addr inet_client_port inet_server_addr inet_server_port pg_backend_pid pg_char_to_encoding pg_client_encoding
            pg_cursor
            pg_encoding_to_char pg_is_in_recovery pg_is_other_temp_schema pg_my_temp_schema pg_prepared_statement pg_settings_get_flags
            pg_show_all_settings pg_timezone_abbrevs pg_timezone_abbrevs_abbrevs pg_timezone_abbrevs_zone pg_timezone_names
            pg_trigger_depth
            row_security_active session_user set_config system_user version',
           '\s+')
        || regexp_split_to_array(
        -- They describe how tables, functions, roles and rights are made, as drivers, psql and information_schema ask.
           'aclexplode col_description format_type has_any_column_privilege has_column_privilege has_database_privilege
            has_foreign_data_wrapper_privilege has_function_privilege has_language_privilege has_parameter_privilege has_schema_privilege
            has_sequence_privilege has_server_privilege has_table_privilege has_tablespace_privilege has_type_privilege obj_description
            oidvectortypes
            pg_basetype pg_collation_is_visible pg_column_is_updatable pg_conversion_is_visible pg_describe_object pg_function_is_visible
            pg_get_acl
            pg_get_catalog_foreign_keys pg_get_constraintdef pg_get_expr pg_get_function_arg_default pg_get_function_arguments
            pg_get_function_identity_arguments pg_get_function_result pg_get_function_sqlbody pg_get_functiondef pg_get_indexdef
            pg_get_keywords
            pg_get_object_address pg_get_partition_constraintdef pg_get_partkeydef pg_get_replica_identity_index pg_get_ruledef
            pg_get_serial_sequence pg_get_statisticsobjdef pg_get_statisticsobjdef_columns pg_get_statisticsobjdef_expressions
            pg_get_triggerdef
            pg_get_userbyid pg_get_viewdef pg_has_role pg_identify_object pg_identify_object_as_address pg_index_column_has_property
            pg_index_has_property pg_indexam_has_property pg_opclass_is_visible pg_operator_is_visible pg_opfamily_is_visible
            pg_options_to_table
            pg_partition_ancestors pg_partition_tree pg_relation_is_publishable pg_relation_is_updatable pg_sequence_parameters
            pg_statistics_obj_is_visible pg_table_is_visible pg_ts_config_is_visible pg_ts_dict_is_visible pg_ts_parser_is_visible
            pg_ts_template_is_visible pg_type_is_visible shobj_description to_regclass to_regcollation to_regnamespace to_regoper
            to_regoperator
            to_regproc to_regprocedure to_regrole to_regtype to_regtypemod',
           '\s+')
    ) AS open
FROM pg_proc AS function
WHERE function.pronamespace = 'pg_catalog'::regnamespace
    -- An immutable function looks at nothing but its arguments. What stands behind an operator, a cast, an aggregate or a type does
    -- not either, and can't be missed; what takes or returns internal things can't be called by a statement.
    AND function.provolatile <> 'i' AND function.prokind NOT IN ('a', 'w')
    AND NOT EXISTS (SELECT FROM pg_operator WHERE oprcode = function.oid)
    AND NOT EXISTS (SELECT FROM pg_cast WHERE castfunc = function.oid)
    AND NOT EXISTS (SELECT FROM pg_amproc WHERE amproc = function.oid)
    AND NOT EXISTS (
        SELECT FROM pg_type WHERE function.oid IN (typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze, typsubscript)
    )
    AND NOT EXISTS (
        SELECT FROM pg_type WHERE pg_type.oid = ANY (function.proargtypes::oid[] || function.prorettype) AND typtype = 'p'
            AND typname IN (
                'internal', 'trigger', 'event_trigger', 'language_handler', 'index_am_handler', 'table_am_handler', 'fdw_handler',
                'tsm_handler'
            )
    )
    -- What a new database keeps from everybody was granted by somebody who wanted it.
    AND EXISTS (
        SELECT FROM aclexplode(coalesce(
            (SELECT initprivs FROM pg_init_privs WHERE objoid = function.oid AND classoid = 'pg_proc'::regclass AND objsubid = 0),
            acldefault('f', function.proowner)
        )) WHERE grantee = 0
    );

DO $$
DECLARE
    names text;
    back record;
BEGIN
    SELECT string_agg(name::text, ', ') INTO names FROM judged_function JOIN pg_proc USING (oid)
    WHERE NOT open AND EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0);
    IF names IS NOT NULL THEN
        EXECUTE 'REVOKE EXECUTE ON FUNCTION ' || names || ' FROM PUBLIC';
    END IF;
    SELECT string_agg(name::text, ', ') INTO names FROM judged_function WHERE open AND NOT has_function_privilege('public', oid, 'EXECUTE');
    IF names IS NOT NULL THEN
        EXECUTE 'GRANT EXECUTE ON FUNCTION ' || names || ' TO PUBLIC';
    END IF;
    FOR back IN
        SELECT role, string_agg(name::text, ', ') AS names
        FROM judged_function JOIN pg_proc USING (oid) CROSS JOIN (VALUES
            -- The owner serves no request. It migrates, psql describes things to it, and what a role may do in one narrow way only
            -- is a function of the owner's. Large objects nobody needs.
            ('pamoja_owner', '^(?!lo_|loread|lowrite)'),
            -- The gate lets those who sign in as one account wait for each other, remembers in which transaction a password came, and sees
            -- whether a transaction has written something.
            ('pamoja_gate', '^(pg_advisory_xact_lock|pg_current_xact_id|pg_current_xact_id_if_assigned)$'),
            -- Jobs take turns, and the audit is sealed up to where no transaction is under way.
            ('pamoja_worker', '^(pg_(try_)?advisory_|pg_current_snapshot$)'),
            -- One publication at a time.
            ('pamoja_publisher', '^pg_(try_)?advisory_'),
            -- Whoever watches the server; pg_monitor belongs to this role.
            ('pg_read_all_stats', '^pg_(stat_|lock_status|blocking_pids|safe_snapshot_|prepared_xact$|get_replication_slots|current_wal_|last_)'),
            ('pg_read_all_stats', '^pg_(database|tablespace|relation|table|indexes|total_relation)_size$'),
            ('pamoja_watch', '^pg_terminate_backend$')
        ) AS needs (role, pattern)
        WHERE NOT open AND proname ~ pattern AND NOT EXISTS (
            SELECT FROM aclexplode(proacl) WHERE grantee = role::regrole AND privilege_type = 'EXECUTE'
        )
        GROUP BY role
    LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', back.names, back.role);
    END LOOP;
END
$$;
DROP VIEW judged_function;

-- The two roles of the process that the internet reaches call functions of the program and nothing else: not even an operator is theirs.
-- Some of PostgreSQL's functions look for no interruption, so that nothing ends them, and with any of them a statement can be made as long
-- or as dear as somebody likes. What stays open is open to all others who connect.
DO $$
DECLARE
    names text;
    others text;
BEGIN
    SELECT string_agg(oid::regprocedure::text, ', ') INTO names FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind <> 'p'
        AND EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0);
    SELECT string_agg(quote_ident(rolname), ', ') INTO others FROM pg_roles
    WHERE rolname IN (
        'pamoja_owner', 'pamoja_gate', 'pamoja_watch', 'pamoja_statement', 'pamoja_app', 'pamoja_worker', 'pamoja_operator', 'pamoja_publisher',
        -- Whoever watches the server or backs it up.
        'pg_monitor', 'pg_read_all_data', 'pg_read_all_settings', 'pg_read_all_stats'
    );
    IF names IS NOT NULL THEN
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', names, others);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', names);
    END IF;
END
$$;
-- How long a session lasts is told in seconds.
GRANT EXECUTE ON FUNCTION make_interval(integer, integer, integer, integer, integer, integer, double precision) TO pamoja_sign_in;

-- 3. Tables and views of PostgreSQL. Open is what describes tables, functions, roles and rights.
CREATE TEMPORARY VIEW judged_relation AS
SELECT relation.oid, relation.oid::regclass AS name, relation.relname::text = ANY (regexp_split_to_array(
    'pg_aggregate pg_am pg_amop pg_amproc pg_attrdef pg_attribute pg_auth_members pg_cast pg_class pg_collation pg_constraint pg_conversion
     pg_cursors pg_database pg_default_acl pg_depend pg_description pg_enum pg_event_trigger pg_extension pg_foreign_data_wrapper
     pg_foreign_server pg_foreign_table pg_group pg_index pg_indexes pg_inherits pg_init_privs pg_language pg_matviews pg_namespace
     pg_opclass pg_operator pg_opfamily pg_parameter_acl pg_partitioned_table pg_policies pg_policy pg_prepared_statements pg_proc pg_publication
     pg_publication_namespace pg_publication_rel pg_range pg_rewrite pg_roles pg_rules pg_sequence pg_settings pg_shdescription
     pg_statistic_ext pg_tables pg_tablespace pg_timezone_abbrevs pg_timezone_names pg_transform pg_trigger pg_ts_config pg_ts_config_map
     pg_ts_dict pg_ts_parser pg_ts_template pg_type pg_user pg_views',
    '\s+')) AS open,
    -- What grows and ages with the rows of all organisations stands in columns beside what describes a table.
    CASE relation.relname
        WHEN 'pg_class' THEN ARRAY['relpages', 'reltuples', 'relallvisible', 'relallfrozen', 'relfrozenxid', 'relminmxid', 'relfilenode']
        WHEN 'pg_database' THEN ARRAY['datfrozenxid', 'datminmxid', 'datlastsysoid']
    END AS closed_columns
FROM pg_class AS relation
WHERE relation.relnamespace = 'pg_catalog'::regnamespace AND relation.relkind IN ('r', 'v', 'm')
    AND EXISTS (
        SELECT FROM pg_init_privs, aclexplode(initprivs)
        WHERE objoid = relation.oid AND classoid = 'pg_class'::regclass AND grantee = 0 AND privilege_type = 'SELECT'
    );

DO $$
DECLARE
    names text;
    relation record;
BEGIN
    -- SELECT alone: an UPDATE of pg_settings is a SET, and that is open to everybody.
    SELECT string_agg(name::text, ', ') INTO names FROM judged_relation JOIN pg_class USING (oid)
    WHERE EXISTS (
        SELECT FROM aclexplode(relacl) WHERE (NOT open OR closed_columns IS NOT NULL) AND grantee = 0 AND privilege_type = 'SELECT'
        UNION ALL
        SELECT FROM pg_attribute, aclexplode(attacl) WHERE NOT open AND attrelid = oid AND grantee = 0 AND privilege_type = 'SELECT'
    );
    IF names IS NOT NULL THEN
        EXECUTE 'REVOKE SELECT ON ' || names || ' FROM PUBLIC';
    END IF;
    -- A column granted by itself brings no system column, and these tell of transactions.
    FOR relation IN
        SELECT name, string_agg(quote_ident(attname), ', ') AS columns
        FROM judged_relation JOIN pg_attribute ON attrelid = oid
        WHERE open AND closed_columns IS NOT NULL AND attnum > 0 AND NOT attisdropped AND attname <> ALL (closed_columns)
            AND NOT EXISTS (SELECT FROM aclexplode(attacl) WHERE grantee = 0 AND privilege_type = 'SELECT')
        GROUP BY name
    LOOP
        EXECUTE format('GRANT SELECT (%s) ON %s TO PUBLIC', relation.columns, relation.name);
    END LOOP;
    FOR relation IN
        SELECT name, role
        FROM judged_relation JOIN pg_class USING (oid) CROSS JOIN (VALUES
            ('pamoja_owner', '.'),
            -- `pamoja doctor` looks whether a role changed its own settings.
            ('pamoja_operator', '^pg_db_role_setting$'),
            ('pg_read_all_stats', '^pg_(stat|locks|prepared_xacts|replication_slots|class|database)')
        ) AS needs (role, pattern)
        WHERE (NOT open OR closed_columns IS NOT NULL) AND relname ~ pattern AND NOT EXISTS (
            SELECT FROM aclexplode(relacl) WHERE grantee = role::regrole AND privilege_type = 'SELECT'
        )
    LOOP
        EXECUTE format('GRANT SELECT ON %s TO %I', relation.name, relation.role);
    END LOOP;
END
$$;
DROP VIEW judged_relation;

-- 4. Statements that define something. No right guards ALTER DEFAULT PRIVILEGES for the own role, which leaves a row that names the
-- transaction, and DROP OWNED BY the own role asks for none before it begins.
CREATE OR REPLACE FUNCTION refuse_definitions() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF session_user IN ('pamoja_server', 'pamoja_app', 'pamoja_sign_in', 'pamoja_worker', 'pamoja_operator', 'pamoja_publisher') THEN
        RAISE EXCEPTION 'permission denied: % is not for %', tg_tag, session_user USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$;
COMMENT ON FUNCTION refuse_definitions() IS 'Refuses what makes, changes or drops something of the schema to the roles that serve.';
REVOKE ALL ON FUNCTION refuse_definitions() FROM PUBLIC;
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'refuse_definitions') THEN
        CREATE EVENT TRIGGER refuse_definitions ON ddl_command_start EXECUTE FUNCTION refuse_definitions();
    END IF;
END
$$;

-- 5. The watcher. Whoever sends SQL can raise their own statement_timeout, so it is not what bounds a role that was taken over.
CREATE OR REPLACE FUNCTION end_overlong_statements() RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FILTER (WHERE ended)::integer
    FROM (
        SELECT pg_terminate_backend(pid) AS ended
        FROM pg_stat_activity
        WHERE datname = current_database() AND usename IN ('pamoja_server', 'pamoja_app', 'pamoja_sign_in')
            -- One statement can end its transaction and begin another.
            AND least(xact_start, CASE WHEN state IN ('active', 'fastpath function call') THEN query_start END)
                < clock_timestamp() - interval '15 seconds'
    ) AS overlong
$$;
COMMENT ON FUNCTION end_overlong_statements() IS
    'Ends the connections of the exposed roles whose transaction or statement lasts longer than 15 seconds; returns how many.';
ALTER FUNCTION end_overlong_statements() OWNER TO pamoja_watch;
REVOKE ALL ON FUNCTION end_overlong_statements() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION end_overlong_statements() TO pamoja_worker;

-- 6. The functions of the program's statements. They act as pamoja_statement, which nobody logs in as, and the owner has them made.
CREATE OR REPLACE FUNCTION make_statement(name text, parameters text, returned text, body text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- What PostgreSQL would print of plans and sorts for a developer who asks for it (debug_print_plan) stays in the function.
    EXECUTE format(
        'CREATE OR REPLACE FUNCTION statement.%I(%s) RETURNS %s LANGUAGE plpgsql SECURITY DEFINER
             SET search_path = public, pg_temp SET client_min_messages = warning AS %L',
        name, parameters, returned, body
    );
    EXECUTE format('REVOKE ALL ON FUNCTION statement.%I FROM PUBLIC', name);
    -- A trigger's function is nobody's to call.
    EXECUTE format('GRANT EXECUTE ON FUNCTION statement.%I TO %I', name, CASE returned WHEN 'trigger' THEN 'pamoja_owner' ELSE 'pamoja_server' END);
END
$$;
COMMENT ON FUNCTION make_statement(text, text, text, text) IS 'Makes the function of a statement, which the serving role may call.';
ALTER FUNCTION make_statement(text, text, text, text) OWNER TO pamoja_statement;
REVOKE ALL ON FUNCTION make_statement(text, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_statement(text, text, text, text) TO pamoja_owner;

CREATE OR REPLACE FUNCTION drop_unlisted_statements(listed text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    unlisted record;
BEGIN
    FOR unlisted IN
        SELECT oid::regprocedure AS name, obj_description(oid, 'pg_proc')::timestamptz AS since, proname::text = ANY (listed) AS back
        FROM pg_proc WHERE pronamespace = 'statement'::regnamespace AND proowner = 'pamoja_statement'::regrole AND starts_with(proname, 's_')
            AND (proname::text <> ALL (listed) OR obj_description(oid, 'pg_proc') IS NOT NULL)
    LOOP
        IF unlisted.back THEN
            EXECUTE format('COMMENT ON FUNCTION %s IS NULL', unlisted.name);
        ELSIF unlisted.since IS NULL THEN
            EXECUTE format('COMMENT ON FUNCTION %s IS %L', unlisted.name, now());
        ELSIF unlisted.since < now() - interval '1 day' THEN
            EXECUTE format('DROP FUNCTION %s', unlisted.name);
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION drop_unlisted_statements(text[]) IS
    'Drops the functions of statements that the program has not sent for a day; a process of before may still call the others.';
ALTER FUNCTION drop_unlisted_statements(text[]) OWNER TO pamoja_statement;
REVOKE ALL ON FUNCTION drop_unlisted_statements(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_unlisted_statements(text[]) TO pamoja_owner;
