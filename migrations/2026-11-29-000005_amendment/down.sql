ALTER TABLE referral_consent NO FORCE ROW LEVEL SECURITY;
DELETE FROM referral_consent USING referral_consent AS later
WHERE later.from_organisation_id = referral_consent.from_organisation_id AND later.referral_id = referral_consent.referral_id
    AND later.recorded_at > referral_consent.recorded_at;
ALTER TABLE referral_consent FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_consent DROP CONSTRAINT referral_consent_pkey, ADD PRIMARY KEY (from_organisation_id, referral_id);
ALTER TABLE referral_event DROP COLUMN amended;
REVOKE UPDATE (urgency) ON open_referral FROM pamoja_app;
COMMENT ON TABLE referral IS 'PARTIES: what was asked for; it never changes, but that withdrawal and erasure take act_before.';
REVOKE UPDATE (service_type, county_code, urgency) ON referral FROM pamoja_app;
