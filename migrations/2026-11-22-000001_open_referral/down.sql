DROP TABLE referral_consent;

DROP POLICY outbox_add ON outbox;
CREATE POLICY outbox_add ON outbox FOR INSERT TO pamoja_app WITH CHECK (
    EXISTS (
        SELECT FROM referral
        WHERE referral.id = outbox.node_id AND outbox.organisation_id IN (referral.from_organisation_id, referral.to_organisation_id)
    )
);
DROP FUNCTION open_referral_of_slip(bytea);
DROP FUNCTION take_open_referral(uuid);
DROP POLICY referral_take ON referral;
DROP POLICY referral_take_read ON referral;
DROP POLICY referral_progress_take ON referral_progress;
DROP POLICY referral_progress_take_read ON referral_progress;
DROP POLICY referral_shared_take ON referral_shared;
DROP POLICY referral_shared_take_read ON referral_shared;
DROP POLICY referral_note_take ON referral_note;
DROP POLICY referral_note_take_read ON referral_note;
DROP POLICY referral_slip_take ON referral_slip;
DROP POLICY referral_slip_take_read ON referral_slip;
DROP POLICY referral_non_completion_take ON referral_non_completion;
DROP POLICY referral_non_completion_take_read ON referral_non_completion;
DROP POLICY referral_event_take ON referral_event;
DROP POLICY referral_event_take_read ON referral_event;
DROP POLICY open_referral_read ON open_referral;
DROP POLICY open_referral_take_read ON open_referral;
DROP TABLE open_referral_offer;
DROP TABLE open_referral;

DROP INDEX referral_progress_received_listed;
ALTER TABLE referral_progress DROP COLUMN listed_at;
DROP INDEX referral_slip_open;

-- What is addressed to nobody can't be kept.
ALTER TABLE referral NO FORCE ROW LEVEL SECURITY;
DELETE FROM referral WHERE to_organisation_id IS NULL;
ALTER TABLE referral FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_progress DROP CONSTRAINT referral_progress_of, ALTER COLUMN to_organisation_id SET NOT NULL;
ALTER TABLE referral_shared DROP CONSTRAINT referral_shared_of, ALTER COLUMN to_organisation_id SET NOT NULL;
ALTER TABLE referral_note DROP CONSTRAINT referral_note_of, ALTER COLUMN to_organisation_id SET NOT NULL;
ALTER TABLE referral_slip DROP CONSTRAINT referral_slip_of, ALTER COLUMN to_organisation_id SET NOT NULL;
ALTER TABLE referral_non_completion DROP CONSTRAINT referral_non_completion_of, ALTER COLUMN to_organisation_id SET NOT NULL;
ALTER TABLE referral_event DROP CONSTRAINT referral_event_of, ALTER COLUMN to_organisation_id SET NOT NULL;
ALTER TABLE service DROP CONSTRAINT service_county;
ALTER TABLE referral DROP CONSTRAINT referral_county;
DROP POLICY referral_forget ON referral;
ALTER TABLE referral DROP COLUMN act_before;
COMMENT ON TABLE referral IS 'PARTIES: what was asked for; it never changes.';
ALTER TABLE referral ALTER COLUMN to_organisation_id SET NOT NULL;
