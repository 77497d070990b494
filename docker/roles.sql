-- The roles that the program connects as, one for each door, and the one that opens them. Run it as a superuser in the program's own
-- database, before the first migration and again after each update: it can be run any number of times. Passwords are set apart from it.
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['pamoja_owner', 'pamoja_server', 'pamoja_sign_in', 'pamoja_worker', 'pamoja_operator', 'pamoja_publisher', 'pamoja_app', 'pamoja_statement', 'pamoja_gate'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I', role);
        END IF;
        EXECUTE format('ALTER ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', role);
        -- Nobody logs in as this one. It keeps the login and the limits that it had before there was a pamoja_server, until no process of before
        -- runs any more.
        CONTINUE WHEN role = 'pamoja_app';
        -- A role may change its own settings: what whoever took it over has set is taken back.
        EXECUTE format('ALTER ROLE %I RESET ALL', role);
        EXECUTE format('ALTER ROLE %I IN DATABASE %I RESET ALL', role, current_database());
        -- Nor as these.
        IF role IN ('pamoja_statement', 'pamoja_gate') THEN
            EXECUTE format('ALTER ROLE %I NOLOGIN', role);
            CONTINUE;
        END IF;
        EXECUTE format('ALTER ROLE %I LOGIN', role);
        CONTINUE WHEN role = 'pamoja_owner';
        -- A temporary table can't stand in for one of ours.
        EXECUTE format('ALTER ROLE %I SET search_path = public, pg_temp', role);
        -- What goes wrong is logged without the values that a constraint's DETAIL and a statement's text could hold.
        EXECUTE format('ALTER ROLE %I SET log_error_verbosity = %L', role, 'terse');
        EXECUTE format('ALTER ROLE %I SET log_min_error_statement = %L', role, 'panic');
        EXECUTE format('ALTER ROLE %I SET log_parameter_max_length = 0', role);
        EXECUTE format('ALTER ROLE %I SET log_parameter_max_length_on_error = 0', role);
    END LOOP;
    -- Publishing counts for as long as it takes; it sets its own limits.
    FOREACH role IN ARRAY ARRAY['pamoja_server', 'pamoja_sign_in', 'pamoja_worker', 'pamoja_operator'] LOOP
        EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', role, '5s');
        EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', role, '10s');
        EXECUTE format('ALTER ROLE %I SET lock_timeout = %L', role, '4s');
        -- One request keeps one processor busy, and not three.
        EXECUTE format('ALTER ROLE %I SET max_parallel_workers_per_gather = 0', role);
        -- Compiling a plan takes longer than the few rows that it reads.
        EXECUTE format('ALTER ROLE %I SET jit = off', role);
        -- A statement is planned once a connection. With plans of its own for each execution, reading referrals took 21 ms of planning
        -- for less than 1 ms of reading.
        EXECUTE format('ALTER ROLE %I SET plan_cache_mode = %L', role, 'force_generic_plan');
    END LOOP;
    -- A role can't change this one for itself, so it holds against one that was taken over, too.
    ALTER ROLE pamoja_server SET temp_file_limit = '1GB';
    ALTER ROLE pamoja_sign_in SET temp_file_limit = '64MB';
END
$$;

-- Who a transaction acts for is kept in a parameter that superusers alone may set, and that has no other effect here: PostgreSQL has no
-- variables of its own that one role may set and another only read. The gate's functions set it, and nobody else can.
GRANT SET ON PARAMETER backtrace_functions TO pamoja_gate;
-- The owner gives its migrations' functions to the gate.
GRANT pamoja_gate TO pamoja_owner;
-- What a member's request may do is granted to pamoja_app. The functions of the program's statements do it, and belong to pamoja_statement;
-- pamoja_server may call them, and do nothing else.
GRANT pamoja_app TO pamoja_statement;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO pamoja_owner;
DO $$
BEGIN
    EXECUTE format('GRANT CREATE ON DATABASE %I TO pamoja_owner', current_database());
    EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format(
        'GRANT CONNECT ON DATABASE %I TO pamoja_owner, pamoja_server, pamoja_sign_in, pamoja_worker, pamoja_operator, pamoja_publisher',
        current_database()
    );
END
$$;
