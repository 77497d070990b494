-- The roles that the program connects as. Run once, as a superuser, in the program's own database.
-- Passwords are set apart from this file.
CREATE ROLE pamoja_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE ROLE pamoja_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE ROLE pamoja_publisher LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE pamoja_app SET statement_timeout = '5s';
ALTER ROLE pamoja_app SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE pamoja_app SET lock_timeout = '4s';
-- One request keeps one processor busy, and not three.
ALTER ROLE pamoja_app SET max_parallel_workers_per_gather = 0;
-- A temporary table can't stand in for one of ours.
ALTER ROLE pamoja_app SET search_path = public, pg_temp;
-- What goes wrong is logged without the values that a constraint's DETAIL and a statement's text could hold.
ALTER ROLE pamoja_app SET log_error_verbosity = 'terse';
ALTER ROLE pamoja_app SET log_min_error_statement = 'panic';
ALTER ROLE pamoja_app SET log_parameter_max_length = 0;
ALTER ROLE pamoja_app SET log_parameter_max_length_on_error = 0;
-- Publishing counts for as long as it takes; it sets its own limits.
ALTER ROLE pamoja_publisher SET search_path = public, pg_temp;
ALTER ROLE pamoja_publisher SET log_error_verbosity = 'terse';
ALTER ROLE pamoja_publisher SET log_min_error_statement = 'panic';
ALTER ROLE pamoja_publisher SET log_parameter_max_length = 0;
ALTER ROLE pamoja_publisher SET log_parameter_max_length_on_error = 0;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO pamoja_owner;
