DROP POLICY open_referral_remove ON open_referral;
CREATE POLICY open_referral_remove ON open_referral FOR DELETE TO pamoja_app USING (from_organisation_id = tenant());
REVOKE UPDATE (answer_by) ON referral_progress FROM pamoja_app;
ALTER TABLE referral_consent DROP CONSTRAINT referral_consent_erased;
ALTER TABLE referral_consent NO FORCE ROW LEVEL SECURITY;
UPDATE referral_consent SET given_by = 'CLIENT' WHERE given_by IS NULL;
ALTER TABLE referral_consent FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_consent ALTER COLUMN given_by SET NOT NULL;
COMMENT ON TABLE referral_consent IS 'PRIVATE from_organisation_id: who agreed to the referral, how and to which notice, and apart from it whether it may be counted.';
