-- What erasure and withdrawal leave must be true, and tell nothing of what they took.

-- Of an erased client it isn't known any more who agreed; before, it was made to read as if the client had.
ALTER TABLE referral_consent ALTER COLUMN given_by DROP NOT NULL;
ALTER TABLE referral_consent ADD CONSTRAINT referral_consent_erased CHECK (given_by IS NOT NULL OR num_nonnulls(notice_version, manner, language) = 0);
COMMENT ON TABLE referral_consent IS 'PRIVATE from_organisation_id: who agreed to the referral, how and to which notice, and apart from it whether it may be counted; erasure leaves that alone.';

-- By when it was to be answered tells of an exposure as act_before does: of what was erased before now too.
GRANT UPDATE (answer_by) ON referral_progress TO pamoja_app;
ALTER TABLE audit_entry NO FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_consent NO FORCE ROW LEVEL SECURITY;
ALTER TABLE referral NO FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_progress NO FORCE ROW LEVEL SECURITY;
UPDATE referral_consent SET given_by = NULL, notice_version = NULL, manner = NULL, language = NULL FROM audit_entry
WHERE audit_entry.organisation_id = referral_consent.from_organisation_id AND audit_entry.node_id = referral_consent.referral_id
    AND audit_entry.action = 'eraseClient';
UPDATE referral_progress SET answer_by = referral.created_at + CASE referral.urgency
        WHEN 'EMERGENCY' THEN interval '4 hours'
        WHEN 'URGENT' THEN interval '24 hours'
        ELSE interval '72 hours'
    END
FROM referral
WHERE referral.from_organisation_id = referral_progress.from_organisation_id AND referral.id = referral_progress.referral_id
    AND referral_progress.act_before IS NULL AND referral_progress.consent_withdrawn;
ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_consent FORCE ROW LEVEL SECURITY;
ALTER TABLE referral FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_progress FORCE ROW LEVEL SECURITY;

-- Were the row taken before its time, those to whom it was offered could tell an erasure from all other endings.
DROP POLICY open_referral_remove ON open_referral;
CREATE POLICY open_referral_remove ON open_referral FOR DELETE TO pamoja_app USING (from_organisation_id = tenant() AND door() = 'job');
