DROP TABLE outbox_for_all;
REVOKE USAGE ON SEQUENCE outbox_position_seq FROM pamoja_app;
DROP POLICY outbox_add ON outbox;
DROP POLICY outbox_add_training ON outbox;
ALTER TABLE outbox ALTER COLUMN kind TYPE text;
CREATE POLICY outbox_add_training ON outbox FOR INSERT TO pamoja_app WITH CHECK (
    kind = 'TRAINING_REQUEST'
    AND EXISTS (
        SELECT FROM training_request
        WHERE training_request.id = outbox.node_id
            AND (
                outbox.organisation_id IN (training_request.from_organisation_id, training_request.to_organisation_id)
                OR (training_request.to_organisation_id IS NULL AND offers_training(outbox.organisation_id, training_request.topic, training_request.county_code))
            )
    )
);
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('REFERRAL', 'TRAINING_REQUEST'));
CREATE POLICY outbox_add ON outbox FOR INSERT TO pamoja_app WITH CHECK (
    EXISTS (
        SELECT FROM referral
        WHERE referral.id = outbox.node_id AND outbox.organisation_id IN (referral.from_organisation_id, referral.to_organisation_id)
    )
    OR EXISTS (
        SELECT FROM open_referral_offer AS offer
        WHERE offer.from_organisation_id = tenant() AND offer.referral_id = outbox.node_id AND offer.organisation_id = outbox.organisation_id
    )
);
DROP DOMAIN change_kind;
