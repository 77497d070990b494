-- A process tells its subscribers of changes. Before it does, all of their sessions are proved at once, and what is equal for several of them
-- is read once. Whoever calls these functions learns nothing of a session whose secret they don't have.
CREATE FUNCTION sessions_in_force(organisations uuid[], members uuid[], sessions uuid[], secrets uuid[])
RETURNS TABLE (place bigint, roles text[], device text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET client_min_messages = warning AS $$
    -- As open_member lets in. A test compares them.
    SELECT asked.place, account.roles, user_session.device
    FROM unnest(organisations, members, sessions, secrets) WITH ORDINALITY AS asked (organisation, member, session, secret, place)
    JOIN access_token AS token ON token.organisation_id = asked.organisation AND token.session_id = asked.session
        AND token.secret_hash = sha256(uuid_send(asked.secret))
    JOIN user_session ON user_session.organisation_id = token.organisation_id AND user_session.id = token.session_id
    JOIN user_account AS account ON account.organisation_id = user_session.organisation_id AND account.id = user_session.user_id
    JOIN organisation AS home ON home.id = account.organisation_id
    WHERE token.expires_at >= moment() - interval '30 seconds'
        AND user_session.user_id = asked.member
        AND user_session.revoked_at IS NULL
        AND user_session.ends_at > moment()
        AND (user_session.device = 'own' OR user_session.last_used_at > moment() - interval '15 minutes')
        AND account.disabled_at IS NULL
        AND account.enabled_since <= user_session.created_at
        AND home.status = 'ACTIVE'
        AND home.active_since <= user_session.created_at
$$;
COMMENT ON FUNCTION sessions_in_force(uuid[], uuid[], uuid[], uuid[]) IS 'Which of these sessions are proved by their secrets and in force, by their places, with the roles of each user and the kind of device.';

CREATE POLICY outbox_gate ON outbox FOR SELECT TO pamoja_gate USING (true);
GRANT SELECT (organisation_id, position) ON outbox TO pamoja_gate;
CREATE FUNCTION news_for(organisations uuid[], members uuid[], sessions uuid[], secrets uuid[], positions bigint[])
RETURNS TABLE (place bigint, news boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET client_min_messages = warning AS $$
    -- By the order in both, and not by subscripts: an array may begin at another one than 1.
    SELECT proved.place, EXISTS (SELECT FROM outbox WHERE outbox.organisation_id = asked.organisation AND outbox.position > asked.after)
    FROM sessions_in_force(organisations, members, sessions, secrets) AS proved
    JOIN unnest(organisations, positions) WITH ORDINALITY AS asked (organisation, after, place) ON asked.place = proved.place
$$;
COMMENT ON FUNCTION news_for(uuid[], uuid[], uuid[], uuid[], bigint[]) IS 'Of these sessions, those that are proved and in force, by their places, each with whether its organisation has changes after its position.';

GRANT CREATE ON SCHEMA public TO pamoja_gate;
ALTER FUNCTION sessions_in_force(uuid[], uuid[], uuid[], uuid[]) OWNER TO pamoja_gate;
ALTER FUNCTION news_for(uuid[], uuid[], uuid[], uuid[], bigint[]) OWNER TO pamoja_gate;
REVOKE CREATE ON SCHEMA public FROM pamoja_gate;
REVOKE ALL ON FUNCTION sessions_in_force(uuid[], uuid[], uuid[], uuid[]), news_for(uuid[], uuid[], uuid[], uuid[], bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sessions_in_force(uuid[], uuid[], uuid[], uuid[]), news_for(uuid[], uuid[], uuid[], uuid[], bigint[]) TO pamoja_app;
