GRANT UPDATE (to_organisation_id) ON training_request TO pamoja_app;
DROP POLICY training_request_take ON training_request;
DROP POLICY training_request_change ON training_request;
CREATE POLICY training_request_change ON training_request FOR UPDATE TO pamoja_app
    USING (
        coalesce(from_organisation_id = tenant() OR to_organisation_id = tenant(), false)
        OR (to_organisation_id IS NULL AND status = 'REQUESTED' AND offers_training(tenant(), topic, county_code))
    )
    WITH CHECK (coalesce(from_organisation_id = tenant() OR to_organisation_id = tenant(), false));

DROP FUNCTION take_open(text, uuid);
DROP FUNCTION address_open_training_request(uuid);
ALTER FUNCTION address_open_referral(uuid) RENAME TO take_open_referral;
ALTER FUNCTION take_open_referral(uuid) SECURITY DEFINER;
GRANT EXECUTE ON FUNCTION take_open_referral(uuid) TO pamoja_app;
DROP FUNCTION was_offered(text, uuid);

CREATE FUNCTION training_request_was_open(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    RETURN door() = 'member' AND EXISTS (
        SELECT FROM training_request
        WHERE id = wanted AND open_to_all AND from_organisation_id <> tenant() AND offers_training(tenant(), topic, county_code)
    );
COMMENT ON FUNCTION training_request_was_open(uuid) IS 'Whether the acting organisation could have taken a request that was open to all who offer the training.';
REVOKE ALL ON FUNCTION training_request_was_open(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION training_request_was_open(uuid) TO pamoja_app;
