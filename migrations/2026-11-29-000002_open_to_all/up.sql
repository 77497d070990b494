-- What is open to all is taken in one way and answers in one way who comes too late, whatever it is: two functions that act as the owner,
-- with a branch for each kind. To whom it is offered stays each kind's own rule.

CREATE FUNCTION was_offered(kind text, wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    RETURN door() = 'member' AND CASE kind
        -- As it was settled when it was sent.
        WHEN 'REFERRAL' THEN EXISTS (
            SELECT FROM open_referral_offer AS offer
            WHERE offer.organisation_id = tenant() AND offer.from_organisation_id <> tenant() AND offer.referral_id = wanted
        )
        -- Whoever offers it now.
        WHEN 'TRAINING_REQUEST' THEN EXISTS (
            SELECT FROM training_request
            WHERE id = wanted AND open_to_all AND from_organisation_id <> tenant() AND offers_training(tenant(), topic, county_code)
        )
    END;
COMMENT ON FUNCTION was_offered(text, uuid) IS 'Whether the acting organisation could have taken something that was open to all; of an unknown kind neither true nor false.';
REVOKE ALL ON FUNCTION was_offered(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION was_offered(text, uuid) TO pamoja_app;

-- What addresses each kind is called by take_open alone.
ALTER FUNCTION take_open_referral(uuid) RENAME TO address_open_referral;
ALTER FUNCTION address_open_referral(uuid) SECURITY INVOKER;
REVOKE EXECUTE ON FUNCTION address_open_referral(uuid) FROM pamoja_app;

CREATE FUNCTION address_open_training_request(wanted uuid) RETURNS boolean LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    -- Of two who move it at once, takers or the sender, the second waits here, and then finds it addressed or ended.
    UPDATE training_request SET to_organisation_id = tenant()
    WHERE id = wanted AND to_organisation_id IS NULL AND status = 'REQUESTED' AND from_organisation_id <> tenant();
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION address_open_training_request(uuid) IS 'Addresses an open request for a training to the acting organisation; false when it is open no longer.';
REVOKE ALL ON FUNCTION address_open_training_request(uuid) FROM PUBLIC;

CREATE FUNCTION take_open(kind text, wanted uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF was_offered(kind, wanted) IS NOT TRUE THEN
        RETURN false;
    END IF;
    CASE kind
        WHEN 'REFERRAL' THEN RETURN address_open_referral(wanted);
        WHEN 'TRAINING_REQUEST' THEN RETURN address_open_training_request(wanted);
    END CASE;
END
$$;
COMMENT ON FUNCTION take_open(text, uuid) IS 'Addresses something that is open to all to the acting organisation, if it is offered to it; false when it is not, or no longer.';
REVOKE ALL ON FUNCTION take_open(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_open(text, uuid) TO pamoja_app;

DROP FUNCTION training_request_was_open(uuid);

-- As for referrals: whoever could take it writes nothing of it before they have it.
DROP POLICY training_request_change ON training_request;
CREATE POLICY training_request_change ON training_request FOR UPDATE TO pamoja_app
    USING (coalesce(from_organisation_id = tenant() OR to_organisation_id = tenant(), false))
    WITH CHECK (coalesce(from_organisation_id = tenant() OR to_organisation_id = tenant(), false));
CREATE POLICY training_request_take ON training_request FOR UPDATE TO pamoja_owner
    USING (to_organisation_id IS NULL AND status = 'REQUESTED') WITH CHECK (to_organisation_id = tenant());
REVOKE UPDATE (to_organisation_id) ON training_request FROM pamoja_app;
