-- Whose transaction it is can't be said by whoever sends SQL: the gate's functions say it, after they were shown a proof. What they found
-- stands until the transaction ends in a parameter that only superusers and the gate may set (docker/roles.sql), so that reading it
-- costs next to nothing, read-only transactions have it too, and nothing of it outlives the transaction.
DO $$
BEGIN
    IF (SELECT count(*) FROM pg_roles WHERE rolname IN ('pamoja_sign_in', 'pamoja_worker', 'pamoja_operator', 'pamoja_gate')) < 4
        OR NOT pg_has_role('pamoja_owner', 'pamoja_gate', 'MEMBER')
        OR NOT has_parameter_privilege('pamoja_gate', 'backtrace_functions', 'SET')
    THEN
        RAISE EXCEPTION 'the roles of the doors are missing: run docker/roles.sql as a superuser in this database, then migrate again';
    END IF;
END
$$;
GRANT USAGE ON SCHEMA public TO pamoja_gate, pamoja_sign_in, pamoja_worker, pamoja_operator;

CREATE TABLE clock_offset (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    seconds integer NOT NULL
);
COMMENT ON TABLE clock_offset IS 'SYSTEM: by how much the clock of a test or a demo is ahead; empty in production.';
ALTER TABLE clock_offset ENABLE ROW LEVEL SECURITY;
ALTER TABLE clock_offset FORCE ROW LEVEL SECURITY;
CREATE POLICY clock_offset_owner ON clock_offset FOR ALL TO pamoja_owner USING (true) WITH CHECK (true);
CREATE POLICY clock_offset_gate ON clock_offset FOR SELECT TO pamoja_gate USING (true);
GRANT SELECT ON clock_offset TO pamoja_gate;

-- The parts of the context: 'pamoja', the door, the organisation, the user, the session, and by how many seconds the clock is ahead, with
-- an m for minus: the parameter takes letters, digits and commas.
CREATE FUNCTION context_part(number integer) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE
        WHEN starts_with(current_setting('backtrace_functions'), 'pamoja,') THEN nullif(split_part(current_setting('backtrace_functions'), ',', number), '')
    END;
COMMENT ON FUNCTION context_part(integer) IS 'A part of what the gate found out about the transaction; null when no door was opened.';

CREATE OR REPLACE FUNCTION door() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE RETURN context_part(2);
COMMENT ON FUNCTION door() IS 'Through which door the transaction came in: member, sign_in, job, housekeeping, operator or publication.';
CREATE OR REPLACE FUNCTION tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE RETURN context_part(3)::uuid;
CREATE OR REPLACE FUNCTION acting_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE RETURN context_part(4)::uuid;
CREATE OR REPLACE FUNCTION moment() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    RETURN now() + make_interval(secs => coalesce(replace(context_part(6), 'm', '-')::double precision, 0));
COMMENT ON FUNCTION moment() IS 'The time, as all of the program reads it. The owner alone can set it off, for tests and demos, in clock_offset.';

CREATE FUNCTION ahead() RETURNS integer LANGUAGE sql STABLE SET search_path = public, pg_temp
    AS $$ SELECT coalesce((SELECT seconds FROM clock_offset), 0) $$;
COMMENT ON FUNCTION ahead() IS 'By how many seconds the clock is ahead.';

CREATE FUNCTION enter(door text, organisation uuid, member uuid, session uuid, ahead integer) RETURNS timestamptz LANGUAGE sql
    RETURN CASE
        WHEN set_config('backtrace_functions', concat(
            'pamoja,', door, ',', replace(organisation::text, '-', ''), ',', replace(member::text, '-', ''), ',', replace(session::text, '-', ''), ',',
            replace(nullif(ahead, 0)::text, '-', 'm')
        ), true) IS NOT NULL THEN now() + make_interval(secs => ahead)
    END;
COMMENT ON FUNCTION enter(text, uuid, uuid, uuid, integer) IS 'Says whose transaction this is, until it ends; returns the time.';

-- A token carries its session and a secret. Here stands what the secret can be recognised by.
CREATE TABLE access_token (
    organisation_id uuid NOT NULL,
    session_id uuid NOT NULL,
    secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, session_id, secret_hash),
    FOREIGN KEY (organisation_id, session_id) REFERENCES user_session (organisation_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE access_token IS 'PRIVATE: hashes of the secrets in access tokens, until these expire; several of a session are good at once.';
CREATE INDEX access_token_age ON access_token (organisation_id, expires_at);
ALTER TABLE access_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_token FORCE ROW LEVEL SECURITY;
CREATE POLICY access_token_gate ON access_token FOR ALL TO pamoja_gate USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (expires_at) ON access_token TO pamoja_gate;

-- What the gate looks at.
CREATE POLICY organisation_gate ON organisation FOR SELECT TO pamoja_gate USING (true);
GRANT SELECT (id, slug, status, active_since) ON organisation TO pamoja_gate;
CREATE POLICY user_account_gate ON user_account FOR SELECT TO pamoja_gate USING (true);
GRANT SELECT (organisation_id, id, handle, roles, disabled_at, enabled_since) ON user_account TO pamoja_gate;
CREATE POLICY user_session_gate ON user_session FOR ALL TO pamoja_gate USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON user_session TO pamoja_gate;
GRANT UPDATE (last_used_at, revoked_at) ON user_session TO pamoja_gate;

DROP FUNCTION open_member(uuid);
DROP FUNCTION session_until(uuid);

-- When a session ends: the one place that says it.
CREATE FUNCTION session_until(organisation uuid, session uuid) RETURNS timestamptz LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT least(
        user_session.ends_at,
        CASE WHEN user_session.device = 'shared' THEN user_session.last_used_at + interval '15 minutes' END
    )
    FROM user_session
    JOIN user_account ON user_account.organisation_id = user_session.organisation_id AND user_account.id = user_session.user_id
    JOIN organisation ON organisation.id = user_session.organisation_id
    WHERE user_session.organisation_id = session_until.organisation
        AND user_session.id = session_until.session
        AND user_session.revoked_at IS NULL
        AND user_account.disabled_at IS NULL
        AND user_account.enabled_since <= user_session.created_at
        AND organisation.status = 'ACTIVE'
        AND organisation.active_since <= user_session.created_at
$$;
COMMENT ON FUNCTION session_until(uuid, uuid) IS 'Until when a session is in force unless it is used meanwhile; null when something else has ended it.';

-- Otherwise whoever holds two sessions could change things in the name of the one, and commit in the name of the other.
CREATE FUNCTION refuse_second_door() RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    -- RESET ALL forgets the door. Whoever has written something by then has a transaction's number.
    IF door() IS NOT NULL OR pg_current_xact_id_if_assigned() IS NOT NULL THEN
        RAISE EXCEPTION 'a door of this transaction is open already' USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$;
COMMENT ON FUNCTION refuse_second_door() IS 'Refuses to open a second door in a transaction, or one after something was written.';

-- Thirty seconds: the clocks of two machines may differ by as much.
CREATE FUNCTION open_member(organisation uuid, member uuid, session uuid, secret uuid, OUT at timestamptz, OUT roles text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ahead integer := coalesce((SELECT seconds FROM clock_offset), 0);
BEGIN
    PERFORM refuse_second_door();
    -- A transaction can see what stood there when it began. So it opens its door then, and no later with a session that has ended meanwhile.
    IF clock_timestamp() > now() + interval '5 seconds' THEN
        RAISE EXCEPTION 'this transaction began too long ago to open a door' USING ERRCODE = 'query_canceled';
    END IF;
    at := now() + make_interval(secs => ahead);
    SELECT account.roles INTO roles
    FROM access_token AS token
    JOIN user_session ON user_session.organisation_id = token.organisation_id AND user_session.id = token.session_id
    JOIN user_account AS account ON account.organisation_id = user_session.organisation_id AND account.id = user_session.user_id
    JOIN organisation AS home ON home.id = account.organisation_id
    WHERE token.organisation_id = open_member.organisation
        AND token.session_id = open_member.session
        AND token.secret_hash = sha256(uuid_send(open_member.secret))
        AND token.expires_at >= at - interval '30 seconds'
        AND user_session.user_id = open_member.member
        AND user_session.revoked_at IS NULL
        AND user_session.ends_at > at
        AND (user_session.device = 'own' OR user_session.last_used_at > at - interval '15 minutes')
        AND account.disabled_at IS NULL
        AND account.enabled_since <= user_session.created_at
        AND home.status = 'ACTIVE'
        AND home.active_since <= user_session.created_at;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the session has ended' USING ERRCODE = 'PA401';
    END IF;
    at := enter('member', organisation, member, session, ahead);
END
$$;
COMMENT ON FUNCTION open_member(uuid, uuid, uuid, uuid) IS 'Opens the transaction for a signed-in user whose session the secret proves; raises PA401 unless token, session, account and membership are all in force.';

CREATE FUNCTION open_job(organisation uuid) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM refuse_second_door();
    RETURN enter(CASE WHEN organisation IS NULL THEN 'housekeeping' ELSE 'job' END, organisation, NULL, NULL, ahead());
END
$$;
COMMENT ON FUNCTION open_job(uuid) IS 'Opens the transaction for a job of one organisation, or for what belongs to none; returns the time.';

CREATE FUNCTION open_operator(organisation uuid) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM refuse_second_door();
    RETURN enter('operator', organisation, NULL, NULL, ahead());
END
$$;
COMMENT ON FUNCTION open_operator(uuid) IS 'Opens the transaction for a command of the operator, for one organisation or for what all share; returns the time.';

CREATE FUNCTION open_publication() RETURNS timestamptz LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT enter('publication', NULL, NULL, NULL, ahead()) $$;
COMMENT ON FUNCTION open_publication() IS 'Opens the transaction for the publication of figures; returns the time.';

GRANT CREATE ON SCHEMA public TO pamoja_gate;
ALTER FUNCTION ahead() OWNER TO pamoja_gate;
ALTER FUNCTION enter(text, uuid, uuid, uuid, integer) OWNER TO pamoja_gate;
ALTER FUNCTION refuse_second_door() OWNER TO pamoja_gate;
ALTER FUNCTION session_until(uuid, uuid) OWNER TO pamoja_gate;
ALTER FUNCTION open_member(uuid, uuid, uuid, uuid) OWNER TO pamoja_gate;
ALTER FUNCTION open_job(uuid) OWNER TO pamoja_gate;
ALTER FUNCTION open_operator(uuid) OWNER TO pamoja_gate;
ALTER FUNCTION open_publication() OWNER TO pamoja_gate;
REVOKE CREATE ON SCHEMA public FROM pamoja_gate;
REVOKE ALL ON FUNCTION ahead(), refuse_second_door(), enter(text, uuid, uuid, uuid, integer), session_until(uuid, uuid), open_member(uuid, uuid, uuid, uuid),
    open_job(uuid), open_operator(uuid), open_publication() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_member(uuid, uuid, uuid, uuid) TO pamoja_app;
GRANT EXECUTE ON FUNCTION open_job(uuid) TO pamoja_worker;
GRANT EXECUTE ON FUNCTION open_operator(uuid) TO pamoja_operator;
GRANT EXECUTE ON FUNCTION open_publication() TO pamoja_publisher;
