CREATE TABLE audit_entry (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    position bigint GENERATED ALWAYS AS IDENTITY,
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL DEFAULT moment(),
    user_id uuid,
    action text NOT NULL,
    node_id uuid,
    PRIMARY KEY (organisation_id, position)
);
COMMENT ON TABLE audit_entry IS 'PRIVATE: who did what to which id, never what was in it; user_id is null where the clock or an operator did it.';
CREATE INDEX audit_entry_order ON audit_entry (organisation_id, transaction_id, position);
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_entry_read ON audit_entry FOR SELECT TO pamoja_app USING (organisation_id = tenant());
CREATE POLICY audit_entry_add ON audit_entry FOR INSERT TO pamoja_app
    WITH CHECK (organisation_id = tenant() AND user_id IS NOT DISTINCT FROM acting_user());
GRANT SELECT, INSERT ON audit_entry TO pamoja_app;

CREATE TABLE audit_seal (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    number bigint NOT NULL,
    last_transaction_id xid8 NOT NULL,
    last_position bigint NOT NULL,
    entries bigint NOT NULL,
    hash bytea NOT NULL,
    key_id text NOT NULL,
    signature bytea NOT NULL,
    sealed_at timestamptz NOT NULL DEFAULT moment(),
    PRIMARY KEY (organisation_id, number)
);
COMMENT ON TABLE audit_seal IS 'PRIVATE: the hash chain over the audit entries; each seal covers those since the last one and is signed.';
ALTER TABLE audit_seal ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_seal FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_seal_read ON audit_seal FOR SELECT TO pamoja_app USING (organisation_id = tenant());
CREATE POLICY audit_seal_add ON audit_seal FOR INSERT TO pamoja_app WITH CHECK (organisation_id = tenant() AND door() = 'job');
GRANT SELECT, INSERT ON audit_seal TO pamoja_app;

CREATE TABLE client_mutation (
    organisation_id uuid NOT NULL,
    user_id uuid NOT NULL,
    operation text NOT NULL,
    key uuid NOT NULL,
    input_hash bytea NOT NULL,
    node_id uuid,
    recorded_at timestamptz NOT NULL DEFAULT moment(),
    PRIMARY KEY (organisation_id, user_id, operation, key),
    FOREIGN KEY (organisation_id, user_id) REFERENCES user_account (organisation_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE client_mutation IS 'PRIVATE: idempotency keys of the last seven days; a keyed hash of the input and the node that came of it.';
CREATE INDEX client_mutation_age ON client_mutation (organisation_id, recorded_at);
ALTER TABLE client_mutation ENABLE ROW LEVEL SECURITY;
ALTER TABLE client_mutation FORCE ROW LEVEL SECURITY;
CREATE POLICY client_mutation_read ON client_mutation FOR SELECT TO pamoja_app
    USING (organisation_id = tenant() AND (user_id = acting_user() OR door() = 'job'));
CREATE POLICY client_mutation_add ON client_mutation FOR INSERT TO pamoja_app WITH CHECK (organisation_id = tenant() AND user_id = acting_user());
CREATE POLICY client_mutation_change ON client_mutation FOR UPDATE TO pamoja_app
    USING (organisation_id = tenant() AND user_id = acting_user()) WITH CHECK (organisation_id = tenant() AND user_id = acting_user());
CREATE POLICY client_mutation_remove ON client_mutation FOR DELETE TO pamoja_app
    USING (organisation_id = tenant() AND (user_id = acting_user() OR door() = 'job'));
GRANT SELECT, INSERT, DELETE ON client_mutation TO pamoja_app;
GRANT UPDATE (node_id) ON client_mutation TO pamoja_app;
