-- What changed, for those who subscribe: ids and kinds, no content. A row a recipient.
CREATE TABLE outbox (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    position bigint GENERATED ALWAYS AS IDENTITY,
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    kind text NOT NULL CHECK (kind IN ('REFERRAL')),
    node_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT moment(),
    PRIMARY KEY (organisation_id, position)
);
COMMENT ON TABLE outbox IS 'PRIVATE: changes that this organisation can be told of, in the order of commit; both parties of a change put it there.';
CREATE INDEX outbox_order ON outbox (organisation_id, transaction_id, position);
CREATE INDEX outbox_age ON outbox (organisation_id, recorded_at);
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY outbox_read ON outbox FOR SELECT TO pamoja_app USING (organisation_id = tenant());
-- Only a party of the referral sees it, so only a party can announce it, and only to the parties.
CREATE POLICY outbox_add ON outbox FOR INSERT TO pamoja_app WITH CHECK (
    EXISTS (
        SELECT FROM referral
        WHERE referral.id = outbox.node_id AND outbox.organisation_id IN (referral.from_organisation_id, referral.to_organisation_id)
    )
);
CREATE POLICY outbox_remove ON outbox FOR DELETE TO pamoja_app USING (organisation_id = tenant() AND door() = 'job');
GRANT SELECT, INSERT, DELETE ON outbox TO pamoja_app;
