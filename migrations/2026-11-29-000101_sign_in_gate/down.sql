-- What the functions of signing in were is the program's again.
DROP FUNCTION session_standing(uuid, uuid, uuid), note_use(uuid, uuid, uuid), end_session(uuid, uuid, uuid), has_proved(uuid, uuid, uuid, interval),
    renew_session(uuid, text, bytea, uuid, bytea, uuid), conclude_sign_in(uuid, uuid, text, interval, bytea, uuid), keep_secret(uuid, uuid, uuid),
    withdraw_sign_in(uuid), present_password(uuid, bytea), begin_sign_in(text);
REVOKE INSERT (organisation_id, user_id, action, node_id) ON audit_entry FROM pamoja_gate;
DROP POLICY audit_entry_gate ON audit_entry;
REVOKE SELECT, INSERT ON refresh_token FROM pamoja_gate;
REVOKE UPDATE (used_at) ON refresh_token FROM pamoja_gate;
DROP POLICY refresh_token_gate ON refresh_token;
REVOKE SELECT ON user_credential FROM pamoja_gate;
DROP POLICY user_credential_gate ON user_credential;
DROP TABLE sign_in_key;
DROP TABLE sign_in_attempt;

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
GRANT SELECT (account_hash, failed_at), INSERT, DELETE ON sign_in_failure TO pamoja_app;
CREATE INDEX sign_in_failure_age ON sign_in_failure (failed_at);

-- A hash can't be undone. Whoever had a session signs in anew; passwords have to be given anew, too.
ALTER TABLE refresh_token NO FORCE ROW LEVEL SECURITY;
DELETE FROM refresh_token;
ALTER TABLE refresh_token FORCE ROW LEVEL SECURITY;
ALTER TABLE user_credential ADD COLUMN password_hash text NOT NULL DEFAULT '';
ALTER TABLE user_credential ALTER COLUMN password_hash DROP DEFAULT, DROP COLUMN salt, DROP COLUMN memory_kib, DROP COLUMN passes, DROP COLUMN lanes,
    DROP COLUMN output_hash;
COMMENT ON TABLE user_credential IS 'PRIVATE: password hashes, read at sign-in alone.';
GRANT SELECT (password_hash) ON user_credential TO pamoja_app;
