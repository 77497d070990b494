UPDATE referral_progress AS progress SET act_before = NULL, answer_by = referral.created_at + make_interval(hours => answer.hours)
FROM referral JOIN unnest($2::text[], $3::integer[]) AS answer (urgency, hours) ON answer.urgency = referral.urgency
WHERE progress.from_organisation_id = tenant() AND progress.referral_id = ANY ($1) AND progress.act_before IS NOT NULL
    AND referral.from_organisation_id = tenant() AND referral.id = progress.referral_id
