-- A foreign key locks the row that it refers to until the transaction ends. What the receiver must not notice refers to a row that only the
-- sender reads, and so locks nothing for which the receiver waits.
ALTER TABLE referral_handler DROP CONSTRAINT referral_handler_from_organisation_id_referral_id_fkey,
    ADD CONSTRAINT referral_handler_of FOREIGN KEY (from_organisation_id, referral_id)
        REFERENCES referral_sender (from_organisation_id, referral_id) ON DELETE CASCADE;
ALTER TABLE referral_follow_up DROP CONSTRAINT referral_follow_up_from_organisation_id_referral_id_fkey,
    ADD CONSTRAINT referral_follow_up_of FOREIGN KEY (from_organisation_id, referral_id)
        REFERENCES referral_sender (from_organisation_id, referral_id) ON DELETE CASCADE;
ALTER TABLE referral_sender DROP CONSTRAINT referral_sender_instead_of,
    ADD CONSTRAINT referral_sender_instead_of FOREIGN KEY (from_organisation_id, instead_of_referral_id)
        REFERENCES referral_sender (from_organisation_id, referral_id) ON DELETE SET NULL (instead_of_referral_id);

-- Whoever only looks a slip up holds nothing for which the sender waits.
CREATE FUNCTION is_blank_slip(hash bytea) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT door() = 'member' AND EXISTS (
        SELECT FROM blank_slip WHERE look_up_hash = hash AND organisation_id <> tenant() AND expires_at > moment()
    )
$$;
COMMENT ON FUNCTION is_blank_slip(bytea) IS 'Whether this is a slip that another organisation printed in advance and that has no referral yet; it locks nothing.';
REVOKE ALL ON FUNCTION is_blank_slip(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_blank_slip(bytea) TO pamoja_app;
