CREATE OR REPLACE FUNCTION meet_pending_check_in(wanted uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    receiver uuid;
BEGIN
    IF door() IS DISTINCT FROM 'member' THEN
        RETURN false;
    END IF;
    DELETE FROM pending_check_in USING referral_slip
    WHERE referral_slip.from_organisation_id = tenant() AND referral_slip.referral_id = wanted
        AND pending_check_in.organisation_id = referral_slip.to_organisation_id
        AND pending_check_in.look_up_hash = referral_slip.look_up_hash AND pending_check_in.expires_at > moment()
    RETURNING pending_check_in.organisation_id INTO receiver;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO referral_event (from_organisation_id, referral_id, to_organisation_id, status, by_organisation_id)
    VALUES (tenant(), wanted, receiver, 'ARRIVED', receiver);
    RETURN true;
END
$$;

DROP TABLE referral_event_user;
DROP TABLE referral_handler;
