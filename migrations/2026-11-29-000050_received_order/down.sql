ALTER TABLE referral NO FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_progress NO FORCE ROW LEVEL SECURITY;
UPDATE referral_progress SET listed_at = referral.created_at FROM referral
WHERE referral.from_organisation_id = referral_progress.from_organisation_id AND referral.id = referral_progress.referral_id
    AND referral_progress.act_before IS NOT NULL AND referral_progress.status IN ('WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW');
ALTER TABLE referral FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_progress FORCE ROW LEVEL SECURITY;
