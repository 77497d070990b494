-- The role that serves members calls a function for each statement that the program may send, and reads no table. `pamoja migrate` makes
-- the functions after the migrations, from the program's list.
DO $$
BEGIN
    IF (SELECT count(*) FROM pg_roles WHERE rolname IN ('pamoja_server', 'pamoja_statement')) < 2
        OR NOT pg_has_role('pamoja_statement', 'pamoja_app', 'USAGE')
        OR to_regprocedure('make_statement(text, text, text, text)') IS NULL
    THEN
        RAISE EXCEPTION 'the role that serves is missing: run docker/roles.sql and docker/catalogue.sql as a superuser in this database, then migrate again';
    END IF;
END
$$;
CREATE SCHEMA statement;
COMMENT ON SCHEMA statement IS 'A function for each statement that a member''s request can send.';
GRANT USAGE, CREATE ON SCHEMA statement TO pamoja_statement;
GRANT USAGE ON SCHEMA statement TO pamoja_server;

-- What is checked when a transaction commits is checked as whoever commits, and pamoja_server sees no table. So these checks, which look
-- with a member's own rights, look as the functions of the statements do.
DO $$
DECLARE
    checking name;
    checks record;
BEGIN
    FOREACH checking IN ARRAY ARRAY['check_training_timeline', 'check_consent_withdrawn', 'check_erased'] LOOP
        PERFORM make_statement(checking, '', 'trigger', (SELECT prosrc FROM pg_proc WHERE oid = checking::text::regproc));
        FOR checks IN
            SELECT tgname, tgrelid::regclass AS checked, pg_get_triggerdef(oid) AS definition FROM pg_trigger WHERE tgfoid = checking::text::regproc
        LOOP
            EXECUTE format('DROP TRIGGER %I ON %s', checks.tgname, checks.checked);
            EXECUTE regexp_replace(checks.definition, 'EXECUTE FUNCTION .*$', format('EXECUTE FUNCTION statement.%I()', checking));
        END LOOP;
        EXECUTE format('DROP FUNCTION %I()', checking);
    END LOOP;
END
$$;
