-- Row-level security is by row and both parties are one database role: what only one party may see or remove is a row of its own.
--
-- A connection keeps the plan of a statement for all tenants, so that a plan must not be made for the one who happened to come first:
-- for an organisation without referrals the planner expects one row where another has a hundred thousand. Inside coalesce(…, false),
-- which changes nothing about who sees what, and inside (SELECT tenant()) it can't look at whose rows they are. The conditions that
-- indexes serve stand in the statements themselves.

CREATE TABLE referral (
    from_organisation_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    to_organisation_id uuid NOT NULL REFERENCES organisation (id),
    service_type text NOT NULL CHECK (service_type IN ('CONDOMS_LUBRICANT', 'HIV_TESTING', 'HIV_SELF_TEST', 'PREP', 'PEP', 'NEEDLE_SYRINGE_PROGRAMME', 'OPIOID_AGONIST_THERAPY', 'NALOXONE_OVERDOSE_RESPONSE', 'SAFER_USE_EDUCATION', 'WOUND_ABSCESS_CARE', 'ALCOHOL_DRUG_SUPPORT', 'PEER_EDUCATION', 'DROP_IN_CENTRE', 'ART', 'VIRAL_LOAD', 'STI_SCREENING_TREATMENT', 'HEPATITIS_B', 'HEPATITIS_C', 'TB_SCREENING_PREVENTION', 'ANAL_HEALTH', 'CERVICAL_SCREENING', 'CONTRACEPTION', 'EMERGENCY_CONTRACEPTION', 'GENDER_AFFIRMING_SUPPORT', 'GENERAL_OUTPATIENT', 'MENTAL_HEALTH', 'PSYCHOSOCIAL_SUPPORT', 'POST_TEST_CLUB', 'SUPPORT_GROUP', 'POST_VIOLENCE_CARE', 'CRISIS_RESPONSE', 'SHELTER', 'RELOCATION', 'LEGAL_AID', 'PARALEGAL', 'DETENTION_VISIT', 'DIGITAL_SAFETY', 'NUTRITION', 'ECONOMIC_EMPOWERMENT', 'TRANSPORT_SUPPORT', 'IDENTITY_DOCUMENTS', 'OTHER')),
    county_code text NOT NULL,
    urgency text NOT NULL CHECK (urgency IN ('ROUTINE', 'URGENT', 'EMERGENCY')),
    created_at timestamptz NOT NULL DEFAULT moment(),
    PRIMARY KEY (from_organisation_id, id),
    UNIQUE (from_organisation_id, id, to_organisation_id)
);
COMMENT ON TABLE referral IS 'PARTIES: what was asked for; it never changes.';
CREATE INDEX referral_id ON referral (id);
CREATE INDEX referral_sent ON referral (from_organisation_id, created_at, id);
CREATE INDEX referral_received ON referral (to_organisation_id, created_at, id);
ALTER TABLE referral ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral FORCE ROW LEVEL SECURITY;
CREATE POLICY referral_read ON referral FOR SELECT TO pamoja_app USING (coalesce(from_organisation_id = tenant() OR to_organisation_id = tenant(), false));
CREATE POLICY referral_add ON referral FOR INSERT TO pamoja_app WITH CHECK (from_organisation_id = tenant() AND door() = 'member');
GRANT SELECT, INSERT ON referral TO pamoja_app;

CREATE TABLE referral_progress (
    from_organisation_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    to_organisation_id uuid NOT NULL,
    service_id uuid,
    status text NOT NULL CHECK (status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'DECLINED', 'SCHEDULED', 'ARRIVED', 'NO_SHOW', 'COMPLETED', 'NOT_COMPLETED', 'CANCELLED', 'EXPIRED', 'ENTERED_IN_ERROR')),
    status_at timestamptz NOT NULL DEFAULT moment(),
    opened_at timestamptz NOT NULL DEFAULT moment(),
    scheduled_on date,
    decline_reason text CHECK (decline_reason IN ('NO_CAPACITY', 'WAITLIST_FULL', 'NOT_ELIGIBLE', 'SERVICE_NOT_OFFERED', 'OUT_OF_AREA', 'OUTSIDE_HOURS', 'COMMODITY_STOCKOUT', 'NEEDS_MORE_INFORMATION', 'DUPLICATE', 'SAFETY_CONCERN', 'CONFLICT_OF_INTEREST', 'BETTER_PLACED_PARTNER', 'OTHER')),
    consent_withdrawn boolean NOT NULL DEFAULT false,
    expires_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT moment(),
    PRIMARY KEY (from_organisation_id, referral_id),
    FOREIGN KEY (from_organisation_id, referral_id, to_organisation_id) REFERENCES referral (from_organisation_id, id, to_organisation_id) ON DELETE CASCADE,
    FOREIGN KEY (to_organisation_id, service_id) REFERENCES service (organisation_id, id)
);
COMMENT ON TABLE referral_progress IS 'PARTIES: where the referral stands.';
CREATE INDEX referral_progress_id ON referral_progress (referral_id);
CREATE INDEX referral_progress_sent_updated ON referral_progress (from_organisation_id, updated_at, referral_id);
CREATE INDEX referral_progress_received_updated ON referral_progress (to_organisation_id, updated_at, referral_id);
CREATE INDEX referral_progress_sent_expiring ON referral_progress (from_organisation_id, expires_at, referral_id);
CREATE INDEX referral_progress_received_expiring ON referral_progress (to_organisation_id, expires_at, referral_id);
ALTER TABLE referral_progress ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_progress FORCE ROW LEVEL SECURITY;
CREATE POLICY referral_progress_read ON referral_progress FOR SELECT TO pamoja_app USING (coalesce(from_organisation_id = tenant() OR to_organisation_id = tenant(), false));
CREATE POLICY referral_progress_add ON referral_progress FOR INSERT TO pamoja_app WITH CHECK (from_organisation_id = tenant() AND door() = 'member');
CREATE POLICY referral_progress_change ON referral_progress FOR UPDATE TO pamoja_app USING (coalesce(from_organisation_id = tenant() OR to_organisation_id = tenant(), false)) WITH CHECK (from_organisation_id = tenant() OR to_organisation_id = tenant());
GRANT SELECT, INSERT ON referral_progress TO pamoja_app;
GRANT UPDATE (service_id, status, status_at, opened_at, scheduled_on, decline_reason, consent_withdrawn, expires_at, updated_at)
    ON referral_progress TO pamoja_app;

CREATE TABLE referral_sender (
    from_organisation_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    user_id uuid NOT NULL,
    cancel_reason text CHECK (cancel_reason IN ('NO_LONGER_NEEDED', 'CONSENT_WITHDRAWN', 'WRONG_ORGANISATION', 'SAFETY_CONCERN', 'OTHER')),
    PRIMARY KEY (from_organisation_id, referral_id),
    FOREIGN KEY (from_organisation_id, referral_id) REFERENCES referral (from_organisation_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE referral_sender IS 'PRIVATE from_organisation_id: who of the sender referred, and why it was called off.';
CREATE INDEX referral_sender_user ON referral_sender (from_organisation_id, user_id);
ALTER TABLE referral_sender ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_sender FORCE ROW LEVEL SECURITY;
CREATE POLICY referral_sender_read ON referral_sender FOR SELECT TO pamoja_app USING (from_organisation_id = (SELECT tenant()));
CREATE POLICY referral_sender_add ON referral_sender FOR INSERT TO pamoja_app WITH CHECK (from_organisation_id = tenant() AND user_id = acting_user());
CREATE POLICY referral_sender_change ON referral_sender FOR UPDATE TO pamoja_app USING (from_organisation_id = tenant()) WITH CHECK (from_organisation_id = tenant());
GRANT SELECT, INSERT ON referral_sender TO pamoja_app;
GRANT UPDATE (cancel_reason) ON referral_sender TO pamoja_app;

CREATE TABLE referral_client (
    from_organisation_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    client text NOT NULL CHECK (client ~ '^[a-z2-7]{26}$'),
    populations text[] NOT NULL CHECK (populations <@ ARRAY['MSM', 'MALE_SEX_WORKER', 'FEMALE_SEX_WORKER', 'TRANS_WOMAN', 'TRANS_MAN', 'GENDER_DIVERSE', 'PERSON_WHO_INJECTS_DRUGS', 'PERSON_WHO_USES_DRUGS', 'PERSON_IN_PRISON', 'OTHER', 'NOT_STATED']),
    age_band text NOT NULL CHECK (age_band IN ('UNDER_15', 'FROM_15_TO_19', 'FROM_20_TO_24', 'FROM_25_TO_29', 'FROM_30', 'NOT_STATED')),
    PRIMARY KEY (from_organisation_id, referral_id),
    FOREIGN KEY (from_organisation_id, referral_id) REFERENCES referral (from_organisation_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE referral_client IS 'PRIVATE from_organisation_id: the sender''s pseudonym of the client and how the client describes themself; withdrawal deletes it.';
CREATE INDEX referral_client_client ON referral_client (from_organisation_id, client);
ALTER TABLE referral_client ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_client FORCE ROW LEVEL SECURITY;
CREATE POLICY referral_client_read ON referral_client FOR SELECT TO pamoja_app USING (from_organisation_id = (SELECT tenant()));
CREATE POLICY referral_client_add ON referral_client FOR INSERT TO pamoja_app WITH CHECK (from_organisation_id = tenant());
CREATE POLICY referral_client_remove ON referral_client FOR DELETE TO pamoja_app USING (from_organisation_id = tenant());
GRANT SELECT, INSERT, DELETE ON referral_client TO pamoja_app;

CREATE TABLE referral_shared (
    from_organisation_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    to_organisation_id uuid NOT NULL,
    fields text[] NOT NULL CHECK (fields <@ ARRAY['POPULATIONS', 'AGE_BAND']),
    populations text[] NOT NULL,
    age_band text NOT NULL,
    under_18 text NOT NULL CHECK (under_18 IN ('YES', 'NO', 'NOT_STATED')),
    PRIMARY KEY (from_organisation_id, referral_id),
    FOREIGN KEY (from_organisation_id, referral_id, to_organisation_id) REFERENCES referral (from_organisation_id, id, to_organisation_id) ON DELETE CASCADE
);
COMMENT ON TABLE referral_shared IS 'PARTIES: what the client agreed to show the receiver; withdrawal deletes it.';
ALTER TABLE referral_shared ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_shared FORCE ROW LEVEL SECURITY;
CREATE POLICY referral_shared_read ON referral_shared FOR SELECT TO pamoja_app USING (coalesce(from_organisation_id = tenant() OR to_organisation_id = tenant(), false));
CREATE POLICY referral_shared_add ON referral_shared FOR INSERT TO pamoja_app WITH CHECK (from_organisation_id = tenant());
CREATE POLICY referral_shared_remove ON referral_shared FOR DELETE TO pamoja_app USING (from_organisation_id = tenant());
GRANT SELECT, INSERT, DELETE ON referral_shared TO pamoja_app;

CREATE TABLE referral_note (
    from_organisation_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    to_organisation_id uuid NOT NULL,
    sealed text NOT NULL CHECK (octet_length(sealed) <= 24576),
    PRIMARY KEY (from_organisation_id, referral_id),
    FOREIGN KEY (from_organisation_id, referral_id, to_organisation_id) REFERENCES referral (from_organisation_id, id, to_organisation_id) ON DELETE CASCADE
);
COMMENT ON TABLE referral_note IS 'PARTIES: a note that only the receiver''s device can open; withdrawal and retention delete it.';
ALTER TABLE referral_note ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_note FORCE ROW LEVEL SECURITY;
CREATE POLICY referral_note_read ON referral_note FOR SELECT TO pamoja_app USING (coalesce(from_organisation_id = tenant() OR to_organisation_id = tenant(), false));
CREATE POLICY referral_note_add ON referral_note FOR INSERT TO pamoja_app WITH CHECK (from_organisation_id = tenant());
CREATE POLICY referral_note_remove ON referral_note FOR DELETE TO pamoja_app USING (from_organisation_id = tenant());
GRANT SELECT, INSERT, DELETE ON referral_note TO pamoja_app;

CREATE TABLE referral_slip (
    from_organisation_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    to_organisation_id uuid NOT NULL,
    nonce bytea NOT NULL CHECK (octet_length(nonce) = 16),
    look_up_hash bytea NOT NULL CHECK (octet_length(look_up_hash) = 32),
    issued_at timestamptz NOT NULL DEFAULT moment(),
    PRIMARY KEY (from_organisation_id, referral_id),
    UNIQUE (to_organisation_id, look_up_hash),
    FOREIGN KEY (from_organisation_id, referral_id, to_organisation_id) REFERENCES referral (from_organisation_id, id, to_organisation_id) ON DELETE CASCADE
);
COMMENT ON TABLE referral_slip IS 'PARTIES: what a slip code is made of and found by, each with a key that is kept elsewhere; withdrawal and retention delete it.';
ALTER TABLE referral_slip ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_slip FORCE ROW LEVEL SECURITY;
CREATE POLICY referral_slip_read ON referral_slip FOR SELECT TO pamoja_app USING (coalesce(from_organisation_id = tenant() OR to_organisation_id = tenant(), false));
CREATE POLICY referral_slip_add ON referral_slip FOR INSERT TO pamoja_app WITH CHECK (from_organisation_id = tenant());
CREATE POLICY referral_slip_remove ON referral_slip FOR DELETE TO pamoja_app USING (from_organisation_id = tenant());
GRANT SELECT, INSERT, DELETE ON referral_slip TO pamoja_app;

CREATE TABLE referral_non_completion (
    from_organisation_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    to_organisation_id uuid NOT NULL,
    by_organisation_id uuid NOT NULL,
    reason text NOT NULL CHECK (reason IN ('CLIENT_DID_NOT_ARRIVE', 'CLIENT_DECLINED', 'NO_LONGER_NEEDED', 'COULD_NOT_BE_REACHED', 'UNSAFE_TO_FOLLOW_UP', 'TRANSPORT_OR_COST', 'TURNED_AWAY_OR_MISTREATED', 'DETAINED', 'MOVED', 'DIED', 'SERVICE_CLOSED', 'UNKNOWN')),
    recorded_at timestamptz NOT NULL DEFAULT moment(),
    PRIMARY KEY (from_organisation_id, referral_id, recorded_at),
    FOREIGN KEY (from_organisation_id, referral_id, to_organisation_id) REFERENCES referral (from_organisation_id, id, to_organisation_id) ON DELETE CASCADE
);
COMMENT ON TABLE referral_non_completion IS 'PARTIES: why it ended unserved, each time that it did; the accused neither records nor reads a complaint.';
ALTER TABLE referral_non_completion ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_non_completion FORCE ROW LEVEL SECURITY;
-- The receiver reads only what it recorded itself: were it only the complaints that it can't read, it could tell that there is one.
CREATE POLICY referral_non_completion_read ON referral_non_completion FOR SELECT TO pamoja_app USING (
    coalesce(from_organisation_id = tenant() OR (to_organisation_id = tenant() AND by_organisation_id = tenant()), false)
);
CREATE POLICY referral_non_completion_add ON referral_non_completion FOR INSERT TO pamoja_app WITH CHECK (
    by_organisation_id = tenant()
    AND (
        from_organisation_id = tenant()
        OR (to_organisation_id = tenant() AND reason NOT IN ('TURNED_AWAY_OR_MISTREATED', 'DETAINED', 'UNSAFE_TO_FOLLOW_UP'))
    )
);
GRANT SELECT, INSERT ON referral_non_completion TO pamoja_app;

CREATE TABLE referral_event (
    from_organisation_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY,
    to_organisation_id uuid NOT NULL,
    status text NOT NULL CHECK (status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'DECLINED', 'SCHEDULED', 'ARRIVED', 'NO_SHOW', 'COMPLETED', 'NOT_COMPLETED', 'CANCELLED', 'EXPIRED', 'ENTERED_IN_ERROR')),
    at timestamptz NOT NULL DEFAULT moment(),
    by_organisation_id uuid,
    without_slip boolean NOT NULL DEFAULT false,
    PRIMARY KEY (from_organisation_id, referral_id, position),
    FOREIGN KEY (from_organisation_id, referral_id, to_organisation_id) REFERENCES referral (from_organisation_id, id, to_organisation_id) ON DELETE CASCADE
);
COMMENT ON TABLE referral_event IS 'PARTIES: the states that a referral went through; by nobody where the clock did it.';
CREATE INDEX referral_event_referral ON referral_event (referral_id, position);
ALTER TABLE referral_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_event FORCE ROW LEVEL SECURITY;
CREATE POLICY referral_event_read ON referral_event FOR SELECT TO pamoja_app USING (coalesce(from_organisation_id = tenant() OR to_organisation_id = tenant(), false));
CREATE POLICY referral_event_add ON referral_event FOR INSERT TO pamoja_app WITH CHECK (
    (from_organisation_id = tenant() OR to_organisation_id = tenant())
    AND (by_organisation_id = tenant() OR (by_organisation_id IS NULL AND status = 'EXPIRED' AND at <= moment()))
);
GRANT SELECT, INSERT ON referral_event TO pamoja_app;

CREATE TABLE slip_attempt (
    organisation_id uuid NOT NULL,
    user_id uuid NOT NULL,
    attempted_at timestamptz NOT NULL DEFAULT moment(),
    FOREIGN KEY (organisation_id, user_id) REFERENCES user_account (organisation_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE slip_attempt IS 'PRIVATE: unknown slip codes that somebody tried within the last hour.';
CREATE INDEX slip_attempt_user ON slip_attempt (organisation_id, user_id, attempted_at);
ALTER TABLE slip_attempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE slip_attempt FORCE ROW LEVEL SECURITY;
CREATE POLICY slip_attempt_read ON slip_attempt FOR SELECT TO pamoja_app USING (organisation_id = tenant());
CREATE POLICY slip_attempt_add ON slip_attempt FOR INSERT TO pamoja_app WITH CHECK (organisation_id = tenant() AND user_id = acting_user());
CREATE POLICY slip_attempt_remove ON slip_attempt FOR DELETE TO pamoja_app USING (organisation_id = tenant() AND door() = 'job');
GRANT SELECT, INSERT, DELETE ON slip_attempt TO pamoja_app;
