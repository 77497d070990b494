-- What every policy stands on. The roles exist before the first migration: see docker/roles.sql.

CREATE EXTENSION pg_trgm;

-- After a transaction has ended, a local setting reads as '' and not as NULL: hence nullif everywhere.
CREATE FUNCTION tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('pamoja.organisation_id', true), '')::uuid;
COMMENT ON FUNCTION tenant() IS 'The organisation that the transaction was opened for.';

CREATE FUNCTION acting_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('pamoja.user_id', true), '')::uuid;
COMMENT ON FUNCTION acting_user() IS 'The signed-in user that the transaction was opened for.';

CREATE FUNCTION door() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('pamoja.door', true), '');
COMMENT ON FUNCTION door() IS 'Through which door the transaction came in: member, sign_in, threshold, job, housekeeping or operator.';

CREATE FUNCTION moment() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    RETURN now() + coalesce(nullif(current_setting('pamoja.clock_offset', true), '')::interval, interval '0');
COMMENT ON FUNCTION moment() IS 'The time, as all of the program reads it. Only tests set an offset.';

GRANT USAGE ON SCHEMA public TO pamoja_app, pamoja_publisher;
