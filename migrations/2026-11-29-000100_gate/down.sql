-- Settings say again whose transaction it is.
DROP FUNCTION open_publication(), open_operator(uuid), open_job(uuid), open_member(uuid, uuid, uuid, uuid), session_until(uuid, uuid),
    refuse_second_door(), enter(text, uuid, uuid, uuid, integer), ahead();
REVOKE SELECT, INSERT ON user_session FROM pamoja_gate;
REVOKE UPDATE (last_used_at, revoked_at) ON user_session FROM pamoja_gate;
DROP POLICY user_session_gate ON user_session;
REVOKE SELECT (organisation_id, id, handle, roles, disabled_at, enabled_since) ON user_account FROM pamoja_gate;
DROP POLICY user_account_gate ON user_account;
REVOKE SELECT (id, slug, status, active_since) ON organisation FROM pamoja_gate;
DROP POLICY organisation_gate ON organisation;
DROP TABLE access_token;
DROP TABLE clock_offset;

CREATE OR REPLACE FUNCTION tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('pamoja.organisation_id', true), '')::uuid;
CREATE OR REPLACE FUNCTION acting_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('pamoja.user_id', true), '')::uuid;
CREATE OR REPLACE FUNCTION door() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('pamoja.door', true), '');
COMMENT ON FUNCTION door() IS 'Through which door the transaction came in: member, sign_in, threshold, job, housekeeping or operator.';
CREATE OR REPLACE FUNCTION moment() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    RETURN now() + CASE
        WHEN starts_with(current_database(), 'test_') THEN coalesce(nullif(current_setting('pamoja.clock_offset', true), '')::interval, interval '0')
        ELSE interval '0'
    END;
COMMENT ON FUNCTION moment() IS 'The time, as all of the program reads it. Only in a database whose name begins with test_ can it be set off.';
DROP FUNCTION context_part(integer);

CREATE FUNCTION session_until(session uuid) RETURNS timestamptz LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT least(
        user_session.ends_at,
        CASE WHEN user_session.device = 'shared' THEN user_session.last_used_at + interval '15 minutes' END
    )
    FROM user_session
    JOIN user_account ON user_account.organisation_id = user_session.organisation_id AND user_account.id = user_session.user_id
    JOIN organisation ON organisation.id = user_session.organisation_id
    WHERE user_session.organisation_id = tenant()
        AND user_session.id = session
        AND user_session.revoked_at IS NULL
        AND user_account.disabled_at IS NULL
        AND user_account.enabled_since <= user_session.created_at
        AND organisation.status = 'ACTIVE'
        AND organisation.active_since <= user_session.created_at
$$;
COMMENT ON FUNCTION session_until(uuid) IS 'Until when a session of the tenant is in force unless it is used meanwhile; null when something else has ended it.';
CREATE FUNCTION open_member(session uuid) RETURNS void LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM user_session
    WHERE organisation_id = tenant() AND id = session AND user_id = acting_user() AND session_until(session) > moment();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the session has ended' USING ERRCODE = 'PA401';
    END IF;
END
$$;
COMMENT ON FUNCTION open_member(uuid) IS 'Raises PA401 unless session, account and membership are all in force.';
REVOKE USAGE ON SCHEMA public FROM pamoja_gate, pamoja_sign_in, pamoja_worker, pamoja_operator;
