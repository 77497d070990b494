-- Figures over all members. A job counts them under a role of its own and publishes each month once, for good; the program that members
-- reach can read what was published and nothing of what it was counted from.

CREATE TABLE statistic_release (
    month date NOT NULL PRIMARY KEY CHECK (extract(day FROM month) = 1),
    published_at timestamptz NOT NULL DEFAULT moment(),
    noise_key_id text NOT NULL
);
COMMENT ON TABLE statistic_release IS 'PUBLISHED: the months whose figures are published; nobody changes them.';
ALTER TABLE statistic_release ENABLE ROW LEVEL SECURITY;
ALTER TABLE statistic_release FORCE ROW LEVEL SECURITY;
CREATE POLICY statistic_release_read ON statistic_release FOR SELECT TO pamoja_app USING (door() IS NOT NULL);
CREATE POLICY statistic_release_publish_read ON statistic_release FOR SELECT TO pamoja_publisher USING (true);
CREATE POLICY statistic_release_publish ON statistic_release FOR INSERT TO pamoja_publisher WITH CHECK (true);
GRANT SELECT (month, published_at, noise_key_id) ON statistic_release TO pamoja_app;
GRANT SELECT (month, published_at, noise_key_id), INSERT (month, noise_key_id) ON statistic_release TO pamoja_publisher;

-- What is suppressed isn't there: nor is what is zero, so that the one can't be told from the other. No keys: the total.
CREATE TABLE statistic_cell (
    table_name text NOT NULL,
    measure text NOT NULL,
    period_kind text NOT NULL CHECK (period_kind IN ('MONTH', 'QUARTER', 'YEAR')),
    period date NOT NULL,
    keys text[] NOT NULL,
    value bigint NOT NULL CHECK (value > 0),
    PRIMARY KEY (table_name, measure, period_kind, period, keys)
);
COMMENT ON TABLE statistic_cell IS 'PUBLISHED: the figures over all members, perturbed; nobody changes them.';
ALTER TABLE statistic_cell ENABLE ROW LEVEL SECURITY;
ALTER TABLE statistic_cell FORCE ROW LEVEL SECURITY;
CREATE POLICY statistic_cell_read ON statistic_cell FOR SELECT TO pamoja_app USING (door() IS NOT NULL);
CREATE POLICY statistic_cell_publish_read ON statistic_cell FOR SELECT TO pamoja_publisher USING (true);
CREATE POLICY statistic_cell_publish ON statistic_cell FOR INSERT TO pamoja_publisher WITH CHECK (true);
GRANT SELECT (table_name, measure, period_kind, period, keys, value) ON statistic_cell TO pamoja_app;
GRANT SELECT (table_name, measure, period_kind, period, keys, value), INSERT (table_name, measure, period_kind, period, keys, value)
    ON statistic_cell TO pamoja_publisher;

-- What a month's figures were counted as, until the year that they belong to is published.
CREATE TABLE statistic_rollup (
    table_name text NOT NULL,
    measure text NOT NULL,
    month date NOT NULL,
    keys text[] NOT NULL,
    units bigint NOT NULL CHECK (units > 0),
    cell_key bigint NOT NULL,
    sessions bigint NOT NULL CHECK (sessions >= 0),
    contributors uuid[] NOT NULL,
    counterparts uuid[] NOT NULL CHECK (cardinality(counterparts) = cardinality(contributors)),
    shares bigint[] NOT NULL CHECK (cardinality(shares) = cardinality(contributors)),
    PRIMARY KEY (month, table_name, measure, keys)
);
COMMENT ON TABLE statistic_rollup IS 'UNPUBLISHED: true figures with each organisation''s part, for quarters and years that are still to be published.';
ALTER TABLE statistic_rollup ENABLE ROW LEVEL SECURITY;
ALTER TABLE statistic_rollup FORCE ROW LEVEL SECURITY;
CREATE POLICY statistic_rollup_publish_read ON statistic_rollup FOR SELECT TO pamoja_publisher USING (true);
CREATE POLICY statistic_rollup_publish ON statistic_rollup FOR INSERT TO pamoja_publisher WITH CHECK (true);
CREATE POLICY statistic_rollup_publish_remove ON statistic_rollup FOR DELETE TO pamoja_publisher USING (true);
GRANT SELECT (table_name, measure, month, keys, units, cell_key, sessions, contributors, counterparts, shares),
    INSERT (table_name, measure, month, keys, units, cell_key, sessions, contributors, counterparts, shares), DELETE
    ON statistic_rollup TO pamoja_publisher;

-- What figures are counted from: never a pseudonym, a note, a slip or a user.
CREATE POLICY organisation_publish ON organisation FOR SELECT TO pamoja_publisher USING (true);
GRANT SELECT (id, kind) ON organisation TO pamoja_publisher;
CREATE POLICY referral_publish ON referral FOR SELECT TO pamoja_publisher USING (true);
GRANT SELECT (from_organisation_id, id, to_organisation_id, service_type, county_code, created_at) ON referral TO pamoja_publisher;
CREATE POLICY referral_progress_publish ON referral_progress FOR SELECT TO pamoja_publisher USING (true);
GRANT SELECT (from_organisation_id, referral_id, status, status_at, decline_reason) ON referral_progress TO pamoja_publisher;
CREATE POLICY referral_client_publish ON referral_client FOR SELECT TO pamoja_publisher USING (true);
GRANT SELECT (from_organisation_id, referral_id, populations, age_band) ON referral_client TO pamoja_publisher;
CREATE POLICY referral_shared_publish ON referral_shared FOR SELECT TO pamoja_publisher USING (true);
GRANT SELECT (from_organisation_id, referral_id, under_18) ON referral_shared TO pamoja_publisher;
CREATE POLICY referral_event_publish ON referral_event FOR SELECT TO pamoja_publisher USING (true);
GRANT SELECT (from_organisation_id, referral_id, status, at, by_organisation_id) ON referral_event TO pamoja_publisher;
CREATE POLICY referral_non_completion_publish ON referral_non_completion FOR SELECT TO pamoja_publisher USING (true);
GRANT SELECT (from_organisation_id, referral_id, reason, recorded_at) ON referral_non_completion TO pamoja_publisher;
CREATE POLICY referral_consent_publish ON referral_consent FOR SELECT TO pamoja_publisher USING (true);
GRANT SELECT (from_organisation_id, referral_id, counted) ON referral_consent TO pamoja_publisher;
CREATE POLICY training_session_publish ON training_session FOR SELECT TO pamoja_publisher USING (true);
GRANT SELECT (trainer_organisation_id, id, topic, county_code, delivered_at) ON training_session TO pamoja_publisher;
CREATE POLICY training_participants_publish ON training_participants FOR SELECT TO pamoja_publisher USING (true);
GRANT SELECT (trainer_organisation_id, session_id, host_organisation_id, cadre, count) ON training_participants TO pamoja_publisher;
CREATE INDEX training_session_recorded ON training_session (delivered_at) WHERE delivered_at IS NOT NULL;

-- What was published stands in the audit of the coalition's own office.
CREATE POLICY audit_entry_publish ON audit_entry FOR INSERT TO pamoja_publisher WITH CHECK (
    user_id IS NULL AND node_id IS NULL AND action ~ '^publishFigures [0-9]{4}-[0-9]{2}$'
    AND EXISTS (SELECT FROM organisation WHERE organisation.id = audit_entry.organisation_id AND organisation.kind = 'SECRETARIAT')
);
GRANT INSERT (organisation_id, action) ON audit_entry TO pamoja_publisher;
