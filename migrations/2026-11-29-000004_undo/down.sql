REVOKE UPDATE (expires_at) ON open_referral FROM pamoja_app;
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
    UPDATE referral_event SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND referral_id = wanted;
    RETURN true;
END
$$;
DROP FUNCTION give_back_open_referral(uuid);
DROP POLICY outbox_give_back ON outbox;
DROP POLICY referral_event_give_back ON referral_event;
DROP POLICY referral_non_completion_give_back ON referral_non_completion;
DROP POLICY referral_slip_give_back ON referral_slip;
DROP POLICY referral_note_give_back ON referral_note;
DROP POLICY referral_shared_give_back ON referral_shared;
DROP POLICY referral_progress_give_back ON referral_progress;
DROP POLICY referral_give_back ON referral;
DROP POLICY open_referral_give_back ON open_referral;
DROP POLICY open_referral_offer_give_back ON open_referral_offer;
DROP FUNCTION forget_undo(uuid[]);
DROP TABLE referral_undo;
DROP POLICY referral_non_completion_take_back ON referral_non_completion;
DROP POLICY referral_event_take_back ON referral_event;
ALTER TABLE referral_event DROP COLUMN takes_back, DROP COLUMN taken_back;
