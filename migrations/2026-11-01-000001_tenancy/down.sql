REVOKE USAGE ON SCHEMA public FROM pamoja_app, pamoja_publisher;
DROP FUNCTION moment();
DROP FUNCTION door();
DROP FUNCTION acting_user();
DROP FUNCTION tenant();
DROP EXTENSION pg_trgm;
