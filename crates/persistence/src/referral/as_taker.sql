-- Open referrals as the members that could take them see them, in the columns of as_party.sql. What they may not see is null in
-- SQL already, and the sender is OrganisationId::WITHHELD. The tenant's own referrals aren't among them. The caller adds
-- conditions.
SELECT referral.id, '00000000-0000-0000-0000-000000000000'::uuid AS from_organisation_id, NULL::uuid AS to_organisation_id,
    referral.service_type, referral.county_code, referral.urgency, NULL::timestamptz AS act_before, referral.created_at,
    progress.service_id, progress.status, referral.created_at AS status_at, referral.created_at AS opened_at, NULL::date AS scheduled_on,
    NULL::text AS decline_reason, false AS consent_withdrawn, progress.expires_at, progress.updated_at,
    NULL::uuid AS referred_by, client.client, NULL::text[] AS populations, NULL::text AS age_band,
    NULL::text AS under_18, NULL::text[] AS shared, NULL::text AS non_completion_reason,
    NULL::uuid AS instead_service_id, NULL::uuid AS instead_of_referral_id,
    false AS referred_instead,
    NULL::timestamptz AS moved_at, NULL::text AS moved_to, NULL::text AS moved_from, NULL::boolean AS moved_by_actor, NULL::boolean AS moved_for_good,
    NULL::uuid AS handled_by, NULL::text AS reference, false AS check_in_asked
FROM open_referral_offer AS offer
JOIN open_referral AS referral ON referral.from_organisation_id = offer.from_organisation_id AND referral.id = offer.referral_id
CROSS JOIN LATERAL (
    SELECT NULL::uuid AS service_id, 'REQUESTED' AS status, referral.created_at AS updated_at, referral.expires_at, referral.id AS referral_id
) AS progress
CROSS JOIN (SELECT NULL::text AS client) AS client
CROSS JOIN (SELECT NULL::timestamptz AS assigned_at) AS handler
WHERE offer.organisation_id = (SELECT tenant()) AND referral.closed_at IS NULL AND referral.expires_at > moment()
