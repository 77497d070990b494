CREATE TABLE user_account (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    handle text NOT NULL CHECK (handle ~ '^[a-z][a-z0-9-]{1,31}$'),
    display_name text NOT NULL CHECK (char_length(display_name) BETWEEN 1 AND 60),
    roles text[] NOT NULL CHECK (cardinality(roles) > 0 AND roles <@ ARRAY['PEER_EDUCATOR', 'CASEWORKER', 'TRAINER', 'ANALYST', 'ORGANISATION_ADMIN', 'COALITION_ADMIN']),
    created_at timestamptz NOT NULL DEFAULT moment(),
    disabled_at timestamptz,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, handle)
);
COMMENT ON TABLE user_account IS 'PRIVATE: accounts, known by a handle that the organisation chose.';
ALTER TABLE user_account ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_account FORCE ROW LEVEL SECURITY;
CREATE POLICY user_account_read ON user_account FOR SELECT TO pamoja_app USING (organisation_id = tenant());
CREATE POLICY user_account_add ON user_account FOR INSERT TO pamoja_app WITH CHECK (organisation_id = tenant() AND door() = 'operator');
CREATE POLICY user_account_change ON user_account FOR UPDATE TO pamoja_app
    USING (organisation_id = tenant() AND door() = 'operator') WITH CHECK (organisation_id = tenant() AND door() = 'operator');
GRANT SELECT, INSERT ON user_account TO pamoja_app;
GRANT UPDATE (display_name, roles, disabled_at) ON user_account TO pamoja_app;

-- Apart from the account, so that a signed-in user's transaction can't read a password hash.
CREATE TABLE user_credential (
    organisation_id uuid NOT NULL,
    user_id uuid NOT NULL,
    password_hash text NOT NULL,
    PRIMARY KEY (organisation_id, user_id),
    FOREIGN KEY (organisation_id, user_id) REFERENCES user_account (organisation_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE user_credential IS 'PRIVATE: password hashes, read at sign-in alone.';
ALTER TABLE user_credential ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_credential FORCE ROW LEVEL SECURITY;
CREATE POLICY user_credential_read ON user_credential FOR SELECT TO pamoja_app USING (organisation_id = tenant() AND door() = 'sign_in');
CREATE POLICY user_credential_add ON user_credential FOR INSERT TO pamoja_app WITH CHECK (organisation_id = tenant() AND door() = 'operator');
GRANT SELECT, INSERT ON user_credential TO pamoja_app;

CREATE TABLE user_session (
    organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    device text NOT NULL CHECK (device IN ('own', 'shared')),
    created_at timestamptz NOT NULL DEFAULT moment(),
    last_used_at timestamptz NOT NULL DEFAULT moment(),
    ends_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, user_id) REFERENCES user_account (organisation_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE user_session IS 'PRIVATE: sign-ins; each is the family of its refresh tokens.';
CREATE INDEX user_session_user ON user_session (organisation_id, user_id);
ALTER TABLE user_session ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_session FORCE ROW LEVEL SECURITY;
CREATE POLICY user_session_read ON user_session FOR SELECT TO pamoja_app USING (organisation_id = tenant());
CREATE POLICY user_session_add ON user_session FOR INSERT TO pamoja_app WITH CHECK (organisation_id = tenant() AND door() = 'sign_in');
CREATE POLICY user_session_change ON user_session FOR UPDATE TO pamoja_app
    USING (organisation_id = tenant() AND door() = 'sign_in') WITH CHECK (organisation_id = tenant());
CREATE POLICY user_session_remove ON user_session FOR DELETE TO pamoja_app USING (organisation_id = tenant() AND door() = 'job');
GRANT SELECT, INSERT, DELETE ON user_session TO pamoja_app;
GRANT UPDATE (last_used_at, revoked_at) ON user_session TO pamoja_app;

CREATE TABLE refresh_token (
    organisation_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    session_id uuid NOT NULL,
    issued_at timestamptz NOT NULL DEFAULT moment(),
    used_at timestamptz,
    PRIMARY KEY (organisation_id, token_hash),
    FOREIGN KEY (organisation_id, session_id) REFERENCES user_session (organisation_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE refresh_token IS 'PRIVATE: hashes of refresh tokens; one that is used again revokes its session.';
CREATE INDEX refresh_token_session ON refresh_token (organisation_id, session_id);
ALTER TABLE refresh_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE refresh_token FORCE ROW LEVEL SECURITY;
CREATE POLICY refresh_token_read ON refresh_token FOR SELECT TO pamoja_app USING (organisation_id = tenant() AND door() IN ('sign_in', 'job'));
CREATE POLICY refresh_token_add ON refresh_token FOR INSERT TO pamoja_app WITH CHECK (organisation_id = tenant() AND door() = 'sign_in');
CREATE POLICY refresh_token_change ON refresh_token FOR UPDATE TO pamoja_app
    USING (organisation_id = tenant() AND door() = 'sign_in') WITH CHECK (organisation_id = tenant());
GRANT SELECT, INSERT ON refresh_token TO pamoja_app;
GRANT UPDATE (used_at) ON refresh_token TO pamoja_app;

-- Before anybody is known there is no tenant: a keyed hash of the username, whether such an account exists or not.
CREATE TABLE sign_in_failure (
    account_hash bytea NOT NULL,
    failed_at timestamptz NOT NULL DEFAULT moment()
);
COMMENT ON TABLE sign_in_failure IS 'SYSTEM: failed sign-ins of the last minutes, for throttling.';
CREATE INDEX sign_in_failure_account ON sign_in_failure (account_hash, failed_at);
ALTER TABLE sign_in_failure ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_failure FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in_failure_doors ON sign_in_failure FOR ALL TO pamoja_app
    USING (door() IN ('threshold', 'housekeeping')) WITH CHECK (door() = 'threshold');
GRANT SELECT, INSERT, DELETE ON sign_in_failure TO pamoja_app;

-- Part of the batch that opens a member's transaction: whoever isn't let in here has a failed transaction.
CREATE FUNCTION open_member(session uuid) RETURNS void LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
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
COMMENT ON FUNCTION open_member(uuid) IS 'Raises PA401 unless session, account and membership are all in force.';
