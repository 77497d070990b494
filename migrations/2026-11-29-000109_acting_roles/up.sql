-- A member's transaction also knows the roles of the account, so that a statement can ask for them: what only a caseworker may see is shown
-- to no analyst, whatever the program asks.
CREATE FUNCTION acts_as(roles text[]) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(string_to_array(context_part(7), ' ') && roles, false);
COMMENT ON FUNCTION acts_as(text[]) IS 'Whether the transaction is a member''s who has one of these roles.';

CREATE OR REPLACE FUNCTION open_member(organisation uuid, member uuid, session uuid, secret uuid, OUT at timestamptz, OUT roles text[])
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
    PERFORM set_config('backtrace_functions', current_setting('backtrace_functions') || ',' || array_to_string(roles, ' '), true);
END
$$;
