-- Who signs in, or renews a session, shows it to the database itself. No session comes into being without a password or a token that
-- a function here has compared, and the role that calls these functions reads and writes no table.

-- Of a password stands here what its Argon2 output hashes to, and what is needed to make that output: whoever reads it can't present it.
ALTER TABLE user_credential ADD COLUMN salt bytea, ADD COLUMN memory_kib integer, ADD COLUMN passes integer, ADD COLUMN lanes integer,
    ADD COLUMN output_hash bytea CHECK (octet_length(output_hash) = 32);
ALTER TABLE user_credential NO FORCE ROW LEVEL SECURITY;
-- $argon2id$v=19$m=19456,t=2,p=1$salt$output, the last two in base64 without padding.
UPDATE user_credential SET
    salt = decode(rpad(split_part(password_hash, '$', 5), (length(split_part(password_hash, '$', 5)) + 3) / 4 * 4, '='), 'base64'),
    memory_kib = substring(password_hash FROM 'm=([0-9]+)')::integer,
    passes = substring(password_hash FROM 't=([0-9]+)')::integer,
    lanes = substring(password_hash FROM 'p=([0-9]+)')::integer,
    output_hash = sha256(decode(rpad(split_part(password_hash, '$', 6), (length(split_part(password_hash, '$', 6)) + 3) / 4 * 4, '='), 'base64'));
ALTER TABLE user_credential FORCE ROW LEVEL SECURITY;
ALTER TABLE user_credential DROP COLUMN password_hash, ALTER COLUMN salt SET NOT NULL, ALTER COLUMN memory_kib SET NOT NULL,
    ALTER COLUMN passes SET NOT NULL, ALTER COLUMN lanes SET NOT NULL, ALTER COLUMN output_hash SET NOT NULL;
COMMENT ON TABLE user_credential IS 'PRIVATE: by what a password is recognised; only the functions of signing in read it.';

-- The program shows a keyed hash of a token that renews. What stood here was that hash; now it is a hash of it, so that whoever reads it
-- can't show it. Those that were issued before stay good.
ALTER TABLE refresh_token NO FORCE ROW LEVEL SECURITY;
UPDATE refresh_token SET token_hash = sha256(token_hash);
ALTER TABLE refresh_token FORCE ROW LEVEL SECURITY;

-- An attempt counts as a failure until it has succeeded. What is presented stands here before it is compared, in a transaction of its
-- own: were it compared at once, whoever rolls back could guess without being counted.
DROP TABLE sign_in_failure;
CREATE TABLE sign_in_attempt (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_hash bytea NOT NULL,
    organisation_id uuid,
    user_id uuid,
    attempted_at timestamptz NOT NULL DEFAULT moment(),
    presented_hash bytea,
    presented_in xid8
);
COMMENT ON TABLE sign_in_attempt IS 'SYSTEM: sign-ins of the last minutes that have not succeeded, whether the account exists or not.';
CREATE INDEX sign_in_attempt_account ON sign_in_attempt (account_hash, attempted_at);
CREATE INDEX sign_in_attempt_age ON sign_in_attempt (attempted_at);
ALTER TABLE sign_in_attempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_attempt FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in_attempt_gate ON sign_in_attempt FOR ALL TO pamoja_gate USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON sign_in_attempt TO pamoja_gate;
GRANT UPDATE (presented_hash, presented_in) ON sign_in_attempt TO pamoja_gate;

-- Usernames are hashed with it: what somebody types by mistake, such as a password, must not be found out from the hash. An account that
-- doesn't exist gets its salt from it, too.
CREATE TABLE sign_in_key (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    key bytea NOT NULL CHECK (octet_length(key) = 32)
);
COMMENT ON TABLE sign_in_key IS 'SYSTEM: a random key of this database, with which usernames are hashed.';
INSERT INTO sign_in_key (key) VALUES (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
ALTER TABLE sign_in_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_key FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in_key_gate ON sign_in_key FOR SELECT TO pamoja_gate USING (true);
GRANT SELECT ON sign_in_key TO pamoja_gate;

CREATE POLICY user_credential_gate ON user_credential FOR SELECT TO pamoja_gate USING (true);
GRANT SELECT ON user_credential TO pamoja_gate;
CREATE POLICY refresh_token_gate ON refresh_token FOR ALL TO pamoja_gate USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON refresh_token TO pamoja_gate;
GRANT UPDATE (used_at) ON refresh_token TO pamoja_gate;
CREATE POLICY audit_entry_gate ON audit_entry FOR INSERT TO pamoja_gate
    WITH CHECK (door() = 'sign_in' AND organisation_id = tenant() AND user_id IS NULL AND action IN ('signIn', 'signOut', 'refreshTokenReused'));
GRANT INSERT (organisation_id, user_id, action, node_id) ON audit_entry TO pamoja_gate;

CREATE FUNCTION begin_sign_in(
    username text, OUT attempt uuid, OUT home uuid, OUT salt bytea, OUT memory_kib integer, OUT passes integer, OUT lanes integer
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    secret bytea := (SELECT key FROM sign_in_key);
    account bytea := sha256(secret || sha256(secret || convert_to(username, 'UTF8')));
    at timestamptz := enter('sign_in', NULL, NULL, NULL, ahead());
    member uuid;
BEGIN
    -- A transaction that sees what stood there when it began overlooks the attempts that others make meanwhile.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'attempts to sign in are counted in READ COMMITTED alone' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    -- One after the other, so that many at once can't exceed the limit.
    PERFORM pg_advisory_xact_lock((20558::bigint << 48) | (('x' || encode(substr(account, 1, 6), 'hex'))::bit(48)::bigint));
    IF (SELECT count(*) FROM sign_in_attempt WHERE account_hash = account AND attempted_at > at - interval '15 minutes') >= 5 THEN
        RETURN;
    END IF;
    -- Members know each other's short names. Whether there is such an account can't be told from it.
    home := coalesce(
        (SELECT organisation.id FROM organisation WHERE organisation.slug = split_part(username, '@', 2)),
        encode(substr(sha256(secret || account || '\x00'), 1, 16), 'hex')::uuid
    );
    SELECT user_account.id, credential.salt, credential.memory_kib, credential.passes, credential.lanes
    INTO member, salt, memory_kib, passes, lanes
    FROM organisation
    JOIN user_account ON user_account.organisation_id = organisation.id
    JOIN user_credential AS credential ON credential.organisation_id = user_account.organisation_id AND credential.user_id = user_account.id
    WHERE organisation.slug = split_part(username, '@', 2) AND user_account.handle = split_part(username, '@', 1)
        AND username = user_account.handle || '@' || organisation.slug
        AND organisation.status = 'ACTIVE' AND user_account.disabled_at IS NULL;
    IF NOT FOUND THEN
        -- The same for the same username at any time, and like those of an account.
        salt := substr(sha256(secret || account), 1, 16);
        memory_kib := 19456;
        passes := 2;
        lanes := 1;
    END IF;
    INSERT INTO sign_in_attempt (account_hash, organisation_id, user_id) VALUES (account, home, member) RETURNING id INTO attempt;
END
$$;
COMMENT ON FUNCTION begin_sign_in(text) IS 'Counts an attempt to sign in and says how the password is to be hashed, whether the account exists or not; no attempt after five failures in 15 minutes.';

CREATE FUNCTION present_password(attempt uuid, output bytea) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM enter('sign_in', NULL, NULL, NULL, ahead());
    UPDATE sign_in_attempt SET presented_hash = sha256(output), presented_in = pg_current_xact_id()
    WHERE id = attempt AND presented_hash IS NULL AND attempted_at > moment() - interval '2 minutes';
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION present_password(uuid, bytea) IS 'Notes what a password came to, once for each attempt; whether it is right says conclude_sign_in, in a later transaction.';

CREATE FUNCTION withdraw_sign_in(attempt uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ DELETE FROM sign_in_attempt WHERE id = attempt AND presented_hash IS NULL $$;
COMMENT ON FUNCTION withdraw_sign_in(uuid) IS 'Takes back an attempt whose password was never looked at.';

-- Ten minutes: what the program says of an access token, too.
CREATE FUNCTION keep_secret(organisation uuid, session uuid, secret uuid) RETURNS void LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO access_token (organisation_id, session_id, secret_hash, expires_at)
    VALUES (organisation, session, sha256(uuid_send(secret)), moment() + interval '10 minutes')
    ON CONFLICT (organisation_id, session_id, secret_hash) DO UPDATE SET expires_at = excluded.expires_at
$$;
COMMENT ON FUNCTION keep_secret(uuid, uuid, uuid) IS 'Makes a secret good for a session, as long as the access token that carries it.';

CREATE FUNCTION conclude_sign_in(
    attempt uuid, session uuid, device text, lifetime interval, renewal bytea, secret uuid, OUT organisation uuid, OUT member uuid, OUT at timestamptz
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    account bytea;
    right_hash bytea;
BEGIN
    at := enter('sign_in', NULL, NULL, NULL, ahead());
    SELECT tried.organisation_id, tried.user_id, tried.account_hash, credential.output_hash INTO organisation, member, account, right_hash
    FROM sign_in_attempt AS tried
    JOIN user_credential AS credential ON credential.organisation_id = tried.organisation_id AND credential.user_id = tried.user_id
    JOIN user_account ON user_account.organisation_id = tried.organisation_id AND user_account.id = tried.user_id
    JOIN organisation AS home ON home.id = tried.organisation_id
    WHERE tried.id = attempt AND tried.attempted_at > at - interval '2 minutes'
        -- In a transaction before this one, which can't be rolled back any more.
        AND tried.presented_in <> pg_current_xact_id()
        AND tried.presented_hash = credential.output_hash
        AND user_account.disabled_at IS NULL AND home.status = 'ACTIVE'
    FOR UPDATE OF tried;
    IF NOT FOUND THEN
        organisation := NULL;
        member := NULL;
        RETURN;
    END IF;
    -- The failures of before, and not what somebody else who knows the password is about at this moment.
    DELETE FROM sign_in_attempt
    WHERE account_hash = account AND (id = attempt OR attempted_at < at - interval '1 minute' OR presented_hash <> right_hash);
    PERFORM enter('sign_in', organisation, NULL, NULL, ahead());
    INSERT INTO user_session (organisation_id, id, user_id, device, ends_at) VALUES (organisation, session, member, device, at + lifetime);
    INSERT INTO refresh_token (organisation_id, token_hash, session_id) VALUES (organisation, sha256(renewal), session);
    PERFORM keep_secret(organisation, session, secret);
    INSERT INTO audit_entry (organisation_id, action, node_id) VALUES (organisation, 'signIn', member);
END
$$;
COMMENT ON FUNCTION conclude_sign_in(uuid, uuid, text, interval, bytea, uuid) IS 'Begins a session if what was presented in an earlier transaction is right; otherwise returns nothing, and the attempt stays counted.';

CREATE FUNCTION renew_session(
    organisation uuid, device text, presented bytea, claimed uuid, successor bytea, secret uuid,
    OUT outcome text, OUT session uuid, OUT member uuid, OUT issued_at timestamptz, OUT at timestamptz
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    token refresh_token;
    next_token refresh_token;
    known user_session;
    until timestamptz;
BEGIN
    at := enter('sign_in', organisation, NULL, NULL, ahead());
    outcome := 'REFUSED';
    -- Locked, so that of two who present it at once the second finds it used, and gets the same successor.
    SELECT * INTO token FROM refresh_token
    WHERE refresh_token.organisation_id = organisation AND refresh_token.token_hash = sha256(presented) FOR UPDATE;
    IF NOT FOUND OR claimed <> token.session_id THEN
        RETURN;
    END IF;
    -- Locked, too, so that it isn't ended meanwhile.
    SELECT * INTO known FROM user_session
    WHERE user_session.organisation_id = organisation AND user_session.id = token.session_id FOR UPDATE;
    until := session_until(organisation, token.session_id);
    IF token.used_at IS NULL THEN
        -- It renews no more twelve hours after it was issued.
        IF known.device = renew_session.device AND until > at AND at - token.issued_at <= interval '12 hours' THEN
            UPDATE refresh_token SET used_at = at WHERE organisation_id = organisation AND token_hash = token.token_hash;
            INSERT INTO refresh_token (organisation_id, token_hash, session_id) VALUES (organisation, sha256(successor), token.session_id);
            outcome := 'RENEWED';
            issued_at := at;
        END IF;
    ELSE
        SELECT * INTO next_token FROM refresh_token
        WHERE refresh_token.organisation_id = organisation AND refresh_token.token_hash = sha256(successor) FOR UPDATE;
        IF FOUND AND next_token.used_at IS NULL AND at - token.used_at <= interval '60 seconds' THEN
            -- The answer was lost.
            IF known.device = renew_session.device AND until > at THEN
                outcome := 'REPEATED';
                issued_at := next_token.issued_at;
            END IF;
        ELSE
            -- Somebody has a copy.
            UPDATE user_session SET revoked_at = at
            WHERE user_session.organisation_id = organisation AND user_session.id = token.session_id
                AND user_session.revoked_at IS NULL AND user_session.ends_at > at;
            IF FOUND THEN
                outcome := 'REUSED';
                INSERT INTO audit_entry (organisation_id, action, node_id) VALUES (organisation, 'refreshTokenReused', known.user_id);
            END IF;
        END IF;
    END IF;
    IF outcome <> 'REFUSED' THEN
        session := known.id;
        member := known.user_id;
    END IF;
    IF outcome IN ('RENEWED', 'REPEATED') THEN
        PERFORM keep_secret(organisation, session, secret);
    END IF;
END
$$;
COMMENT ON FUNCTION renew_session(uuid, text, bytea, uuid, bytea, uuid) IS 'Uses up a token that renews and puts its successor in its place: RENEWED, REPEATED within 60 seconds while that is unused, REUSED which ends the session, or REFUSED.';

-- 16 minutes: on a shared device somebody may come back to the work a while after the token has expired.
CREATE FUNCTION has_proved(organisation uuid, session uuid, secret uuid, excused interval) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM access_token AS token
        WHERE token.organisation_id = has_proved.organisation AND token.session_id = has_proved.session
            AND token.secret_hash = sha256(uuid_send(has_proved.secret)) AND token.expires_at >= moment() - excused
    )
$$;
COMMENT ON FUNCTION has_proved(uuid, uuid, uuid, interval) IS 'Whether the secret is one of the session, and its token expired no longer ago than is excused.';

CREATE FUNCTION end_session(organisation uuid, session uuid, secret uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    member uuid;
BEGIN
    PERFORM enter('sign_in', organisation, NULL, NULL, ahead());
    IF NOT has_proved(organisation, session, secret, interval '16 minutes') THEN
        RETURN NULL;
    END IF;
    UPDATE user_session SET revoked_at = moment()
    WHERE user_session.organisation_id = organisation AND user_session.id = session AND user_session.revoked_at IS NULL AND user_session.ends_at > moment()
    RETURNING user_session.user_id INTO member;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO audit_entry (organisation_id, action, node_id) VALUES (organisation, 'signOut', member);
    RETURN true;
END
$$;
COMMENT ON FUNCTION end_session(uuid, uuid, uuid) IS 'Ends a session for good; false when it had ended already, null when the secret is none of its.';

CREATE FUNCTION note_use(organisation uuid, session uuid, secret uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM enter('sign_in', organisation, NULL, NULL, ahead());
    UPDATE user_session SET last_used_at = moment()
    WHERE user_session.organisation_id = organisation AND user_session.id = session AND user_session.device = 'shared'
        AND has_proved(organisation, session, secret, interval '30 seconds') AND session_until(organisation, session) > moment();
END
$$;
COMMENT ON FUNCTION note_use(uuid, uuid, uuid) IS 'Notes that a person uses a session on a shared device now, unless it is over.';

CREATE FUNCTION session_standing(organisation uuid, session uuid, secret uuid, OUT device text, OUT until timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM enter('sign_in', organisation, NULL, NULL, ahead());
    SELECT user_session.device, CASE WHEN session_until(organisation, session) > moment() THEN session_until(organisation, session) END INTO device, until
    FROM user_session
    WHERE user_session.organisation_id = session_standing.organisation AND user_session.id = session
        AND has_proved(organisation, session, secret, interval '16 minutes');
END
$$;
COMMENT ON FUNCTION session_standing(uuid, uuid, uuid) IS 'On which kind of device a session is, and until when it is in force unless it is used meanwhile; null when it is over.';

GRANT CREATE ON SCHEMA public TO pamoja_gate;
DO $$
DECLARE
    made regprocedure;
BEGIN
    FOREACH made IN ARRAY ARRAY[
        'begin_sign_in(text)', 'present_password(uuid, bytea)', 'withdraw_sign_in(uuid)', 'keep_secret(uuid, uuid, uuid)',
        'conclude_sign_in(uuid, uuid, text, interval, bytea, uuid)', 'renew_session(uuid, text, bytea, uuid, bytea, uuid)',
        'has_proved(uuid, uuid, uuid, interval)', 'end_session(uuid, uuid, uuid)', 'note_use(uuid, uuid, uuid)', 'session_standing(uuid, uuid, uuid)'
    ]::regprocedure[] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO pamoja_gate', made);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', made);
        IF (SELECT prosecdef FROM pg_proc WHERE oid = made) THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO pamoja_sign_in', made);
        END IF;
    END LOOP;
END
$$;
REVOKE CREATE ON SCHEMA public FROM pamoja_gate;
