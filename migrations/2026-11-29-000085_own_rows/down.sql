DROP FUNCTION is_blank_slip(bytea);
ALTER TABLE referral_sender DROP CONSTRAINT referral_sender_instead_of,
    ADD CONSTRAINT referral_sender_instead_of FOREIGN KEY (from_organisation_id, instead_of_referral_id)
        REFERENCES referral (from_organisation_id, id) ON DELETE SET NULL (instead_of_referral_id);
ALTER TABLE referral_follow_up DROP CONSTRAINT referral_follow_up_of,
    ADD FOREIGN KEY (from_organisation_id, referral_id) REFERENCES referral (from_organisation_id, id) ON DELETE CASCADE;
ALTER TABLE referral_handler DROP CONSTRAINT referral_handler_of,
    ADD FOREIGN KEY (from_organisation_id, referral_id) REFERENCES referral (from_organisation_id, id) ON DELETE CASCADE;
