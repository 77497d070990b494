-- A receiver that declines may name a better place: a service of another member, which is in the directory for everybody. Services are never
-- deleted, and a key would lock the other member's row.
ALTER TABLE referral_progress ADD COLUMN instead_service_id uuid;
GRANT SELECT (instead_service_id), UPDATE (instead_service_id) ON referral_progress TO pamoja_app;
ALTER TABLE referral_undo ADD COLUMN instead_service_id uuid;
GRANT SELECT (instead_service_id), INSERT (instead_service_id) ON referral_undo TO pamoja_app;

-- That a referral was made in another's stead tells that both are of one client: only the sender knows, and withdrawal and erasure take it.
ALTER TABLE referral_sender ADD COLUMN instead_of_referral_id uuid,
    ADD CONSTRAINT referral_sender_instead_of FOREIGN KEY (from_organisation_id, instead_of_referral_id)
        REFERENCES referral (from_organisation_id, id) ON DELETE SET NULL (instead_of_referral_id);
GRANT SELECT (instead_of_referral_id), UPDATE (instead_of_referral_id) ON referral_sender TO pamoja_app;
CREATE INDEX referral_sender_instead_of ON referral_sender (from_organisation_id, instead_of_referral_id) WHERE instead_of_referral_id IS NOT NULL;
COMMENT ON TABLE referral_sender IS 'PRIVATE from_organisation_id: who of the sender referred, why it was called off, and in whose stead it was made.';
