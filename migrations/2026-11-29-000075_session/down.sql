COMMENT ON TABLE refresh_token IS 'PRIVATE: hashes of refresh tokens; one that is used again revokes its session.';
CREATE OR REPLACE FUNCTION open_member(session uuid) RETURNS void LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM user_session
        JOIN user_account ON user_account.organisation_id = user_session.organisation_id AND user_account.id = user_session.user_id
        JOIN organisation ON organisation.id = user_session.organisation_id
    WHERE user_session.organisation_id = tenant()
        AND user_session.id = session
        AND user_session.user_id = acting_user()
        AND user_session.revoked_at IS NULL
        AND user_session.ends_at > moment()
        AND (user_session.device = 'own' OR user_session.last_used_at > moment() - interval '15 minutes')
        AND user_account.disabled_at IS NULL
        AND organisation.status = 'ACTIVE';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the session has ended' USING ERRCODE = 'PA401';
    END IF;
END
$$;
DROP FUNCTION session_until(uuid);
ALTER TABLE user_session DROP CONSTRAINT user_session_lifetime;
DROP FUNCTION longest_session(text);
DROP TRIGGER user_account_enabled_since ON user_account;
DROP FUNCTION note_enabled_since();
DROP TRIGGER organisation_active_since ON organisation;
DROP FUNCTION note_active_since();
ALTER TABLE user_account DROP COLUMN enabled_since;
ALTER TABLE organisation DROP COLUMN active_since;
