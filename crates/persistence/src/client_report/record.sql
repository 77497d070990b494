-- A rating is of the service that the sender named, wherever the receiver has moved the referral since.
INSERT INTO client_report AS known
    (from_organisation_id, referral_id, outcome, friendliness, service_organisation_id, service_id, rated_in)
SELECT tenant(), $1::uuid, $2::text, $3::integer, CASE WHEN $3 IS NOT NULL THEN progress.to_organisation_id END,
    CASE WHEN $3 IS NOT NULL THEN sent.service_id END, CASE WHEN $3 IS NOT NULL THEN present_month() END
FROM referral_progress AS progress
JOIN referral_sender AS sent ON sent.from_organisation_id = progress.from_organisation_id AND sent.referral_id = progress.referral_id
WHERE progress.from_organisation_id = tenant() AND progress.referral_id = $1
ON CONFLICT (from_organisation_id, referral_id) DO UPDATE SET
    outcome = coalesce(excluded.outcome, known.outcome),
    friendliness = coalesce(excluded.friendliness, known.friendliness),
    service_organisation_id = coalesce(excluded.service_organisation_id, known.service_organisation_id),
    service_id = coalesce(excluded.service_id, known.service_id),
    rated_in = coalesce(excluded.rated_in, known.rated_in),
    -- Something else that the client says is to be documented anew.
    not_documented = known.not_documented AND coalesce(excluded.outcome = known.outcome, true)
