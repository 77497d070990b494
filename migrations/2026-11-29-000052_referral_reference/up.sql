-- A short reference that two desks say to each other on the phone. It means something only between the two organisations, and tells
-- nothing of the client: it is drawn at random. Its letters and digits are Crockford's: none looks like another.

CREATE FUNCTION random_reference(length integer) RETURNS text LANGUAGE sql VOLATILE PARALLEL SAFE SET search_path = public, pg_temp
    -- The first six bytes of such a UUID are random in all their bits.
    RETURN (
        SELECT string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + (get_byte(drawn.random, byte) & 31), 1), '')
        FROM (SELECT uuid_send(gen_random_uuid()) AS random) AS drawn, generate_series(0, length - 1) AS byte WHERE byte < 6
    );
COMMENT ON FUNCTION random_reference(integer) IS 'So many random letters and digits, at most six; null for null.';
REVOKE ALL ON FUNCTION random_reference(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION random_reference(integer) TO pamoja_app;

ALTER TABLE referral ADD COLUMN reference text
    CONSTRAINT referral_reference_form CHECK (reference ~ '^[0-9A-HJKMNP-TV-Z]{4,6}$')
    CONSTRAINT referral_reference_of_two CHECK (reference IS NULL OR to_organisation_id IS NOT NULL);
GRANT SELECT (reference) ON referral TO pamoja_app;
COMMENT ON TABLE referral IS 'PARTIES: what was asked for; the sender amends service type, county and urgency, withdrawal and erasure take act_before, and whoever takes what is open to all gives it a reference.';

ALTER TABLE referral NO FORCE ROW LEVEL SECURITY;
DO $$
DECLARE
    round integer := 0;
BEGIN
    LOOP
        UPDATE referral SET reference = random_reference(4 + round / 4) WHERE to_organisation_id IS NOT NULL AND reference IS NULL;
        EXIT WHEN NOT FOUND;
        UPDATE referral SET reference = NULL
        FROM (
            SELECT from_organisation_id, id, row_number() OVER (
                    PARTITION BY reference, least(from_organisation_id, to_organisation_id), greatest(from_organisation_id, to_organisation_id)
                    ORDER BY created_at, id
                ) AS place
            FROM referral WHERE reference IS NOT NULL
        ) AS numbered
        WHERE numbered.place > 1 AND numbered.from_organisation_id = referral.from_organisation_id AND numbered.id = referral.id;
        round := round + 1;
    END LOOP;
END
$$;
ALTER TABLE referral FORCE ROW LEVEL SECURITY;
-- It begins with the reference, so that it also finds a referral by what was said on the phone.
CREATE UNIQUE INDEX referral_reference ON referral (
    reference, least(from_organisation_id, to_organisation_id), greatest(from_organisation_id, to_organisation_id)
);

CREATE OR REPLACE FUNCTION address_open_referral(wanted uuid) RETURNS boolean LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    sender uuid;
    attempt integer := 0;
BEGIN
    IF door() IS DISTINCT FROM 'member' THEN
        RETURN false;
    END IF;
    SELECT from_organisation_id INTO sender FROM open_referral
    WHERE id = wanted AND closed_at IS NULL AND expires_at > moment() AND from_organisation_id <> tenant();
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- Of two who move it at once, takers or the sender, the second waits here, and then finds it closed. Everybody locks the progress first.
    PERFORM FROM referral_progress WHERE from_organisation_id = sender AND referral_id = wanted AND to_organisation_id IS NULL FOR UPDATE;
    PERFORM FROM open_referral
    WHERE from_organisation_id = sender AND id = wanted AND closed_at IS NULL AND expires_at > moment() FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE open_referral SET closed_at = moment() WHERE from_organisation_id = sender AND id = wanted;
    LOOP
        BEGIN
            UPDATE referral SET to_organisation_id = tenant(), reference = random_reference(4 + attempt / 4)
            WHERE from_organisation_id = sender AND id = wanted;
            EXIT;
        EXCEPTION WHEN unique_violation THEN
            -- Another referral between the two has it. The more they have, the more letters and digits it takes.
            attempt := attempt + 1;
            IF attempt >= 12 THEN
                RAISE;
            END IF;
        END;
    END LOOP;
    UPDATE referral_progress SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_shared SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_note SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_slip SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_non_completion SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_event SET to_organisation_id = tenant()
    WHERE from_organisation_id = sender AND referral_id = wanted AND NOT takes_back AND NOT taken_back;
    RETURN true;
END
$$;

-- What is given back has no reference any more, and nobody here who handles it.
CREATE POLICY referral_handler_read_back ON referral_handler FOR SELECT TO pamoja_owner USING (organisation_id = tenant());
CREATE POLICY referral_handler_give_back ON referral_handler FOR DELETE TO pamoja_owner USING (organisation_id = tenant());
CREATE POLICY referral_event_user_read_back ON referral_event_user FOR SELECT TO pamoja_owner USING (organisation_id = tenant());
CREATE POLICY referral_event_user_give_back ON referral_event_user FOR DELETE TO pamoja_owner USING (organisation_id = tenant());
CREATE OR REPLACE FUNCTION give_back_open_referral(wanted uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    sender uuid;
    until timestamptz;
BEGIN
    IF door() IS DISTINCT FROM 'member' THEN
        RETURN false;
    END IF;
    -- It was closed when it was taken: that moment is the database's own.
    SELECT progress.from_organisation_id, progress.expires_at INTO sender, until
    FROM referral_progress AS progress
    JOIN open_referral ON open_referral.from_organisation_id = progress.from_organisation_id AND open_referral.id = progress.referral_id
    WHERE progress.referral_id = wanted AND progress.to_organisation_id = tenant() AND progress.from_organisation_id <> tenant()
        AND progress.status = 'REQUESTED' AND progress.service_id IS NULL
        AND open_referral.closed_at > moment() - interval '15 minutes'
    FOR UPDATE OF progress;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO outbox (organisation_id, kind, node_id)
    SELECT offer.organisation_id, 'REFERRAL', wanted FROM open_referral_offer AS offer
    WHERE offer.from_organisation_id = sender AND offer.referral_id = wanted AND offer.organisation_id <> tenant();
    -- The rows that name both parties go first: they refer to the referral's own.
    UPDATE referral_progress SET to_organisation_id = NULL WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_shared SET to_organisation_id = NULL WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_note SET to_organisation_id = NULL WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_slip SET to_organisation_id = NULL WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_non_completion SET to_organisation_id = NULL WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_event SET to_organisation_id = NULL WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE open_referral SET closed_at = NULL, expires_at = until WHERE from_organisation_id = sender AND id = wanted;
    -- The reference meant something between the two alone, and who handled it here does so no longer.
    UPDATE referral SET to_organisation_id = NULL, reference = NULL WHERE from_organisation_id = sender AND id = wanted;
    DELETE FROM referral_handler WHERE organisation_id = tenant() AND from_organisation_id = sender AND referral_id = wanted;
    DELETE FROM referral_event_user WHERE organisation_id = tenant() AND from_organisation_id = sender AND referral_id = wanted;
    RETURN true;
END
$$;
