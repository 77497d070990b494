-- A session that began before its organisation, or its account, was last let in again is over. A moment decides that, and not an UPDATE
-- of the sessions: a sign-in that is under way while an organisation is frozen would slip past an UPDATE.
ALTER TABLE organisation ADD COLUMN active_since timestamptz;
ALTER TABLE user_account ADD COLUMN enabled_since timestamptz;
ALTER TABLE organisation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE user_account NO FORCE ROW LEVEL SECURITY;
UPDATE organisation SET active_since = created_at;
UPDATE user_account SET enabled_since = created_at;
ALTER TABLE organisation FORCE ROW LEVEL SECURITY;
ALTER TABLE user_account FORCE ROW LEVEL SECURITY;
ALTER TABLE organisation ALTER COLUMN active_since SET DEFAULT moment(), ALTER COLUMN active_since SET NOT NULL;
ALTER TABLE user_account ALTER COLUMN enabled_since SET DEFAULT moment(), ALTER COLUMN enabled_since SET NOT NULL;
GRANT SELECT (active_since) ON organisation TO pamoja_app;
GRANT SELECT (enabled_since) ON user_account TO pamoja_app;

CREATE FUNCTION note_active_since() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.active_since := moment();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION note_active_since() IS 'Notes since when a member is active again: sessions from before then are over.';
CREATE TRIGGER organisation_active_since BEFORE UPDATE OF status ON organisation FOR EACH ROW
    WHEN (NEW.status = 'ACTIVE' AND OLD.status <> 'ACTIVE') EXECUTE FUNCTION note_active_since();

CREATE FUNCTION note_enabled_since() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.enabled_since := moment();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION note_enabled_since() IS 'Notes since when an account is enabled again: sessions from before then are over.';
CREATE TRIGGER user_account_enabled_since BEFORE UPDATE OF disabled_at ON user_account FOR EACH ROW
    WHEN (NEW.disabled_at IS NULL AND OLD.disabled_at IS NOT NULL) EXECUTE FUNCTION note_enabled_since();

-- A session on a shared device lasts half a day if nothing else is set, and never longer than a day.
ALTER TABLE user_session NO FORCE ROW LEVEL SECURITY;
UPDATE user_session SET ends_at = least(ends_at, created_at + interval '12 hours') WHERE device = 'shared';
ALTER TABLE user_session FORCE ROW LEVEL SECURITY;
CREATE FUNCTION longest_session(device text) RETURNS interval LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN device = 'shared' THEN interval '24 hours' ELSE interval '168 hours' END;
COMMENT ON FUNCTION longest_session(text) IS 'How long a session on such a device may last at most.';
ALTER TABLE user_session ADD CONSTRAINT user_session_lifetime CHECK (ends_at <= created_at + longest_session(device));

-- When a session ends: the one place that says it.
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

CREATE OR REPLACE FUNCTION open_member(session uuid) RETURNS void LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM user_session
    WHERE organisation_id = tenant() AND id = session AND user_id = acting_user() AND session_until(session) > moment();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the session has ended' USING ERRCODE = 'PA401';
    END IF;
END
$$;

COMMENT ON TABLE refresh_token IS 'PRIVATE: hashes of the tokens that renew a session, on a shared device of its access tokens; an old one that comes again revokes its session.';
