DROP POLICY referral_handler_read_back ON referral_handler;
DROP POLICY referral_handler_give_back ON referral_handler;
DROP POLICY referral_event_user_read_back ON referral_event_user;
DROP POLICY referral_event_user_give_back ON referral_event_user;
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
    UPDATE referral SET to_organisation_id = NULL WHERE from_organisation_id = sender AND id = wanted;
    RETURN true;
END
$$;
CREATE OR REPLACE FUNCTION address_open_referral(wanted uuid) RETURNS boolean LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    sender uuid;
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
    UPDATE referral SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND id = wanted;
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

ALTER TABLE referral DROP COLUMN reference;
COMMENT ON TABLE referral IS 'PARTIES: what was asked for; the sender amends service type, county and urgency, and withdrawal and erasure take act_before.';
DROP FUNCTION random_reference(integer);
