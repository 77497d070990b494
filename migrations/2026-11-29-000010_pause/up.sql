-- A service or an offer that is paused is shown to everybody, and takes nothing new; what it has goes on.
ALTER TABLE service ADD COLUMN paused boolean NOT NULL DEFAULT false;
ALTER TABLE training_offer ADD COLUMN paused boolean NOT NULL DEFAULT false;
GRANT SELECT (paused), UPDATE (paused) ON service TO pamoja_app;
GRANT SELECT (paused), UPDATE (paused) ON training_offer TO pamoja_app;

-- Past the program, too, an open referral is offered to nobody whose services of the type and county are all paused.
DROP POLICY open_referral_offer_add ON open_referral_offer;
CREATE POLICY open_referral_offer_add ON open_referral_offer FOR INSERT TO pamoja_app WITH CHECK (
    from_organisation_id = tenant() AND organisation_id <> tenant() AND door() = 'member'
    AND EXISTS (
        SELECT FROM open_referral
        JOIN service ON service.service_type = open_referral.service_type AND service.county_code = open_referral.county_code
        WHERE open_referral.from_organisation_id = tenant() AND open_referral.id = open_referral_offer.referral_id
            AND service.organisation_id = open_referral_offer.organisation_id AND service.closed_at IS NULL AND NOT service.paused
    )
);

-- An open request for a training isn't offered on the strength of a paused offer.
CREATE OR REPLACE FUNCTION offers_training(candidate uuid, wanted_topic text, wanted_county text) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (
        SELECT FROM training_offer
        WHERE organisation_id = candidate AND topic = wanted_topic AND (county_codes = '{}' OR wanted_county = ANY (county_codes))
            AND closed_at IS NULL AND NOT paused AND (open_until IS NULL OR open_until >= present_day())
    );
