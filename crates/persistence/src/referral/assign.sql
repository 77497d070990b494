INSERT INTO referral_handler (organisation_id, from_organisation_id, referral_id, user_id, assigned_at)
SELECT tenant(), referral.from_organisation_id, referral.id, $2::uuid, moment() FROM referral WHERE referral.id = ANY ($1::uuid[])
ON CONFLICT (organisation_id, from_organisation_id, referral_id) DO UPDATE SET user_id = excluded.user_id, assigned_at = excluded.assigned_at
