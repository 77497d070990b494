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
