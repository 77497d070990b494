-- What both parties of a referral may see of it, and nothing that is kept for one of them. The columns are those of as_party.sql; the ones
-- that are not read are null or false. The caller adds conditions.
SELECT referral.id, referral.from_organisation_id, referral.to_organisation_id, referral.service_type,
    referral.county_code, referral.urgency, referral.act_before, referral.created_at,
    progress.service_id, progress.status, progress.status_at, progress.opened_at, progress.scheduled_on, progress.decline_reason,
    progress.consent_withdrawn, progress.expires_at, progress.updated_at,
    NULL::uuid AS referred_by, NULL::text AS client,
    NULL::text[] AS populations, NULL::text AS age_band,
    NULL::text AS under_18, NULL::text[] AS shared, NULL::text AS non_completion_reason,
    progress.instead_service_id, NULL::uuid AS instead_of_referral_id,
    false AS referred_instead,
    NULL::timestamptz AS moved_at, NULL::text AS moved_to, NULL::text AS moved_from, NULL::boolean AS moved_by_actor, NULL::boolean AS moved_for_good,
    NULL::uuid AS handled_by, referral.reference,
    false AS check_in_asked
FROM referral
JOIN referral_progress AS progress ON progress.from_organisation_id = referral.from_organisation_id AND progress.referral_id = referral.id
WHERE true
