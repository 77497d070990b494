-- Kinds of changes are a vocabulary, and there is a place for what concerns every member.
CREATE DOMAIN change_kind AS text;
ALTER DOMAIN change_kind ADD CONSTRAINT change_kind_check CHECK (VALUE IN ('REFERRAL', 'TRAINING_REQUEST', 'SERVICE'));
-- A policy that reads the column holds its type, so it is made again in its own words.
DROP POLICY outbox_add_training ON outbox;
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check, ALTER COLUMN kind TYPE change_kind;
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

-- A change of a referral is of that kind, as a change of a training is.
DROP POLICY outbox_add ON outbox;
CREATE POLICY outbox_add ON outbox FOR INSERT TO pamoja_app WITH CHECK (
    kind = 'REFERRAL'
    AND (EXISTS (
            SELECT FROM referral
            WHERE referral.id = outbox.node_id AND outbox.organisation_id IN (referral.from_organisation_id, referral.to_organisation_id)
        )
        OR EXISTS (
            SELECT FROM open_referral_offer AS offer
            WHERE offer.from_organisation_id = tenant() AND offer.referral_id = outbox.node_id AND offer.organisation_id = outbox.organisation_id
        ))
);

-- One row for all, read once by each process. It shares the positions of the outbox, so that one look tells what is settled in both.
CREATE TABLE outbox_for_all (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    position bigint NOT NULL DEFAULT nextval('outbox_position_seq'),
    kind change_kind NOT NULL,
    node_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT moment(),
    PRIMARY KEY (organisation_id, position)
);
COMMENT ON TABLE outbox_for_all IS 'PRIVATE: changes that concern every member, by position; an organisation announces what is its own, and the housekeeping job reads them for all.';
CREATE INDEX outbox_for_all_position ON outbox_for_all (position);
CREATE INDEX outbox_for_all_age ON outbox_for_all (organisation_id, recorded_at);
ALTER TABLE outbox_for_all ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox_for_all FORCE ROW LEVEL SECURITY;
CREATE POLICY outbox_for_all_read ON outbox_for_all FOR SELECT TO pamoja_app USING (
    door() = 'housekeeping' OR (organisation_id = tenant() AND door() = 'job')
);
CREATE POLICY outbox_for_all_add ON outbox_for_all FOR INSERT TO pamoja_app WITH CHECK (
    organisation_id = tenant() AND kind = 'SERVICE'
    AND EXISTS (SELECT FROM service WHERE service.id = outbox_for_all.node_id AND service.organisation_id = tenant())
);
CREATE POLICY outbox_for_all_remove ON outbox_for_all FOR DELETE TO pamoja_app USING (organisation_id = tenant() AND door() = 'job');
GRANT SELECT (organisation_id, position, kind, node_id, recorded_at), INSERT (organisation_id, kind, node_id), DELETE ON outbox_for_all TO pamoja_app;
GRANT USAGE ON SEQUENCE outbox_position_seq TO pamoja_app;
CREATE TRIGGER outbox_for_all_hold_position BEFORE INSERT ON outbox_for_all FOR EACH STATEMENT EXECUTE FUNCTION hold_outbox_position();
