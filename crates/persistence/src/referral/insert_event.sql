-- Adds an event to the timeline. PostgreSQL writes down, for the acting organisation alone, who of its people made the move.
INSERT INTO referral_event (from_organisation_id, referral_id, to_organisation_id, status, by_organisation_id, without_slip, takes_back, amended)
VALUES ($1::uuid, $2::uuid, $3::uuid, $4::text, tenant(), $5::boolean, $6::boolean, $7::boolean)
RETURNING position
