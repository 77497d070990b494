COMMENT ON TABLE referral_sender IS 'PRIVATE from_organisation_id: who of the sender referred, and why it was called off.';
ALTER TABLE referral_sender DROP COLUMN instead_of_referral_id;
ALTER TABLE referral_undo DROP COLUMN instead_service_id;
ALTER TABLE referral_progress DROP COLUMN instead_service_id;
