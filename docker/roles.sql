-- The roles that the program connects as. Run once, as a superuser, in the program's own database.
-- Passwords are set apart from this file.
CREATE ROLE pamoja_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE ROLE pamoja_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE ROLE pamoja_publisher LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE pamoja_app SET statement_timeout = '5s';
ALTER ROLE pamoja_app SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE pamoja_app SET lock_timeout = '4s';
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO pamoja_owner;
