-- PostgreSQL knows years that no reader does. A row with one would fail the whole page on which it stands, for everybody.
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT conrelid::regclass AS name, conname, attname, atttypid::regtype AS type
        FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'c' AND conname ~ '_readable$' AND pg_get_constraintdef(pg_constraint.oid) LIKE '%isfinite%'
    LOOP
        EXECUTE format(
            'ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I CHECK (isfinite(%I) AND %I >= %L::%s AND %I < %L::%s)',
            found.name, found.conname, found.conname, found.attname, found.attname, '0001-01-01', found.type, found.attname,
            CASE WHEN found.type = 'date'::regtype THEN '10000-01-01' ELSE '10000-01-01 00:00:00+00' END, found.type
        );
    END LOOP;
END
$$;
-- Nor is a month one that isn't.
ALTER TABLE training_request ADD CONSTRAINT training_request_months_readable
    CHECK (array_to_string(preferred_months, ' ') ~ '^([1-9][0-9]{3}-(0[1-9]|1[0-2])( |$))*$');

-- What PostgreSQL prints of a function's plans for a developer who asks for it tells what the function found, to whoever calls it or has
-- it called at commit.
DO $$
DECLARE
    called regprocedure;
BEGIN
    FOR called IN
        SELECT oid FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace AND pg_has_role(proowner, 'USAGE')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET client_min_messages = warning', called);
    END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION begin_sign_in(
    username text, OUT attempt uuid, OUT home uuid, OUT salt bytea, OUT memory_kib integer, OUT passes integer, OUT lanes integer
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET client_min_messages = warning AS $$
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
    -- Of an account that doesn't exist there stands as much as of one that does.
    INSERT INTO sign_in_attempt (account_hash, organisation_id, user_id) VALUES (account, home, coalesce(member, gen_random_uuid())) RETURNING id INTO attempt;
END
$$;
