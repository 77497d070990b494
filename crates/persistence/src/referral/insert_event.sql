-- Adds an event to the timeline, and writes down for the acting organisation alone who of its people made the move.
WITH made AS (
    INSERT INTO referral_event (from_organisation_id, referral_id, to_organisation_id, status, by_organisation_id, without_slip, takes_back, amended)
    VALUES ($1::uuid, $2::uuid, $3::uuid, $4::text, tenant(), $5::boolean, $6::boolean, $7::boolean)
    RETURNING from_organisation_id, referral_id, position
)
INSERT INTO referral_event_user (organisation_id, from_organisation_id, referral_id, position, user_id)
SELECT tenant(), made.from_organisation_id, made.referral_id, made.position, acting_user() FROM made
RETURNING position
