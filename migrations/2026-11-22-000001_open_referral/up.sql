-- A referral can be open to every member that offers the service in the county; until one takes it, it is addressed to nobody.
-- What its would-be takers may see of it is a row of its own, which holds nothing else.

ALTER TABLE referral ALTER COLUMN to_organisation_id DROP NOT NULL;
ALTER TABLE referral ADD COLUMN act_before timestamptz;
-- It tells of an exposure: withdrawal and erasure take it. All else of what was asked for never changes.
CREATE POLICY referral_forget ON referral FOR UPDATE TO pamoja_app USING (coalesce(from_organisation_id = tenant(), false)) WITH CHECK (from_organisation_id = tenant());
GRANT UPDATE (act_before) ON referral TO pamoja_app;
COMMENT ON TABLE referral IS 'PARTIES: what was asked for; it never changes, but that withdrawal and erasure take act_before.';
ALTER TABLE referral ADD CONSTRAINT referral_county CHECK (county_code ~ '^0(0[1-9]|[1-3][0-9]|4[0-7])$');
ALTER TABLE service ADD CONSTRAINT service_county CHECK (county_code ~ '^0(0[1-9]|[1-3][0-9]|4[0-7])$');

-- While nobody is addressed, the keys that name both parties hold nothing together: each row belongs to its referral all the same.
ALTER TABLE referral_progress ALTER COLUMN to_organisation_id DROP NOT NULL,
    ADD CONSTRAINT referral_progress_of FOREIGN KEY (from_organisation_id, referral_id) REFERENCES referral (from_organisation_id, id) ON DELETE CASCADE;
ALTER TABLE referral_shared ALTER COLUMN to_organisation_id DROP NOT NULL,
    ADD CONSTRAINT referral_shared_of FOREIGN KEY (from_organisation_id, referral_id) REFERENCES referral (from_organisation_id, id) ON DELETE CASCADE;
ALTER TABLE referral_note ALTER COLUMN to_organisation_id DROP NOT NULL,
    ADD CONSTRAINT referral_note_of FOREIGN KEY (from_organisation_id, referral_id) REFERENCES referral (from_organisation_id, id) ON DELETE CASCADE;
ALTER TABLE referral_slip ALTER COLUMN to_organisation_id DROP NOT NULL,
    ADD CONSTRAINT referral_slip_of FOREIGN KEY (from_organisation_id, referral_id) REFERENCES referral (from_organisation_id, id) ON DELETE CASCADE;
ALTER TABLE referral_non_completion ALTER COLUMN to_organisation_id DROP NOT NULL,
    ADD CONSTRAINT referral_non_completion_of FOREIGN KEY (from_organisation_id, referral_id) REFERENCES referral (from_organisation_id, id) ON DELETE CASCADE;
ALTER TABLE referral_event ALTER COLUMN to_organisation_id DROP NOT NULL,
    ADD CONSTRAINT referral_event_of FOREIGN KEY (from_organisation_id, referral_id) REFERENCES referral (from_organisation_id, id) ON DELETE CASCADE;
CREATE INDEX referral_slip_open ON referral_slip (look_up_hash) WHERE to_organisation_id IS NULL;

-- Its place in the receiver's list, the latest first: what is unanswered and can't wait stands before all else.
ALTER TABLE referral_progress ADD COLUMN listed_at timestamptz NOT NULL DEFAULT moment();
ALTER TABLE referral NO FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_progress NO FORCE ROW LEVEL SECURITY;
UPDATE referral_progress SET listed_at = referral.created_at FROM referral
WHERE referral.from_organisation_id = referral_progress.from_organisation_id AND referral.id = referral_progress.referral_id;
ALTER TABLE referral FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_progress FORCE ROW LEVEL SECURITY;
CREATE INDEX referral_progress_received_listed ON referral_progress (to_organisation_id, listed_at, referral_id);
GRANT UPDATE (listed_at) ON referral_progress TO pamoja_app;

CREATE TABLE open_referral (
    from_organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    service_type text NOT NULL CHECK (service_type IN ('CONDOMS_LUBRICANT', 'HIV_TESTING', 'HIV_SELF_TEST', 'PREP', 'PEP', 'NEEDLE_SYRINGE_PROGRAMME', 'OPIOID_AGONIST_THERAPY', 'NALOXONE_OVERDOSE_RESPONSE', 'SAFER_USE_EDUCATION', 'WOUND_ABSCESS_CARE', 'ALCOHOL_DRUG_SUPPORT', 'PEER_EDUCATION', 'DROP_IN_CENTRE', 'ART', 'VIRAL_LOAD', 'STI_SCREENING_TREATMENT', 'HEPATITIS_B', 'HEPATITIS_C', 'TB_SCREENING_PREVENTION', 'ANAL_HEALTH', 'CERVICAL_SCREENING', 'CONTRACEPTION', 'EMERGENCY_CONTRACEPTION', 'GENDER_AFFIRMING_SUPPORT', 'GENERAL_OUTPATIENT', 'MENTAL_HEALTH', 'PSYCHOSOCIAL_SUPPORT', 'POST_TEST_CLUB', 'SUPPORT_GROUP', 'POST_VIOLENCE_CARE', 'CRISIS_RESPONSE', 'SHELTER', 'RELOCATION', 'LEGAL_AID', 'PARALEGAL', 'DETENTION_VISIT', 'DIGITAL_SAFETY', 'NUTRITION', 'ECONOMIC_EMPOWERMENT', 'TRANSPORT_SUPPORT', 'IDENTITY_DOCUMENTS', 'OTHER')),
    county_code text NOT NULL CHECK (county_code ~ '^0(0[1-9]|[1-3][0-9]|4[0-7])$'),
    urgency text NOT NULL CHECK (urgency IN ('ROUTINE', 'URGENT', 'EMERGENCY')),
    created_at timestamptz NOT NULL DEFAULT moment() CHECK (isfinite(created_at)),
    expires_at timestamptz NOT NULL CHECK (isfinite(expires_at)),
    closed_at timestamptz,
    PRIMARY KEY (from_organisation_id, id),
    FOREIGN KEY (from_organisation_id, id) REFERENCES referral (from_organisation_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE open_referral IS 'OFFERED: all that a member to whom it is offered may see of a referral that nobody has taken.';
CREATE INDEX open_referral_id ON open_referral (id);

-- To whom it is offered is settled when it is sent. Were it asked anew, a member could tell by changing what it says of its services
-- whether a client is under 18, or begin to offer what it wants to see.
CREATE TABLE open_referral_offer (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    from_organisation_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    PRIMARY KEY (organisation_id, from_organisation_id, referral_id),
    FOREIGN KEY (from_organisation_id, referral_id) REFERENCES open_referral (from_organisation_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE open_referral_offer IS 'OFFERED: which members can take an open referral; each sees its own row, the sender all.';
CREATE INDEX open_referral_offer_sent ON open_referral_offer (from_organisation_id, referral_id);

ALTER TABLE open_referral ENABLE ROW LEVEL SECURITY;
ALTER TABLE open_referral FORCE ROW LEVEL SECURITY;
CREATE POLICY open_referral_read ON open_referral FOR SELECT TO pamoja_app USING (
    from_organisation_id = tenant()
    OR (
        closed_at IS NULL
        AND EXISTS (
            SELECT FROM open_referral_offer AS offer
            WHERE offer.organisation_id = tenant()
                AND offer.from_organisation_id = open_referral.from_organisation_id AND offer.referral_id = open_referral.id
        )
    )
);
CREATE POLICY open_referral_take_read ON open_referral FOR SELECT TO pamoja_owner USING (
    EXISTS (
        SELECT FROM open_referral_offer AS offer
        WHERE offer.organisation_id = tenant()
            AND offer.from_organisation_id = open_referral.from_organisation_id AND offer.referral_id = open_referral.id
    )
);
CREATE POLICY open_referral_add ON open_referral FOR INSERT TO pamoja_app WITH CHECK (from_organisation_id = tenant() AND door() = 'member');
CREATE POLICY open_referral_close ON open_referral FOR UPDATE TO pamoja_app USING (from_organisation_id = tenant()) WITH CHECK (from_organisation_id = tenant());
CREATE POLICY open_referral_remove ON open_referral FOR DELETE TO pamoja_app USING (from_organisation_id = tenant());
GRANT SELECT, INSERT, DELETE ON open_referral TO pamoja_app;
GRANT UPDATE (closed_at) ON open_referral TO pamoja_app;

ALTER TABLE open_referral_offer ENABLE ROW LEVEL SECURITY;
ALTER TABLE open_referral_offer FORCE ROW LEVEL SECURITY;
CREATE POLICY open_referral_offer_read ON open_referral_offer FOR SELECT TO pamoja_app, pamoja_owner USING (
    from_organisation_id = tenant() OR organisation_id = tenant()
);
CREATE POLICY open_referral_offer_add ON open_referral_offer FOR INSERT TO pamoja_app WITH CHECK (
    from_organisation_id = tenant() AND organisation_id <> tenant() AND door() = 'member'
    AND EXISTS (
        SELECT FROM open_referral
        JOIN service ON service.service_type = open_referral.service_type AND service.county_code = open_referral.county_code
        WHERE open_referral.from_organisation_id = tenant() AND open_referral.id = open_referral_offer.referral_id
            AND service.organisation_id = open_referral_offer.organisation_id AND service.closed_at IS NULL
    )
);
GRANT SELECT, INSERT ON open_referral_offer TO pamoja_app;

-- Taking it writes what the taker may not read before. Only the functions below do that, as the owner, whom these policies let reach
-- what is addressed to nobody yet, and let address it to the acting organisation alone.
CREATE POLICY open_referral_take ON open_referral FOR UPDATE TO pamoja_owner USING (closed_at IS NULL) WITH CHECK (closed_at IS NOT NULL);
CREATE POLICY referral_take_read ON referral FOR SELECT TO pamoja_owner USING (to_organisation_id IS NULL OR to_organisation_id = tenant());
CREATE POLICY referral_take ON referral FOR UPDATE TO pamoja_owner USING (to_organisation_id IS NULL) WITH CHECK (to_organisation_id = tenant());
CREATE POLICY referral_progress_take_read ON referral_progress FOR SELECT TO pamoja_owner USING (to_organisation_id IS NULL OR to_organisation_id = tenant());
CREATE POLICY referral_progress_take ON referral_progress FOR UPDATE TO pamoja_owner USING (to_organisation_id IS NULL) WITH CHECK (to_organisation_id = tenant());
CREATE POLICY referral_shared_take_read ON referral_shared FOR SELECT TO pamoja_owner USING (to_organisation_id IS NULL OR to_organisation_id = tenant());
CREATE POLICY referral_shared_take ON referral_shared FOR UPDATE TO pamoja_owner USING (to_organisation_id IS NULL) WITH CHECK (to_organisation_id = tenant());
CREATE POLICY referral_note_take_read ON referral_note FOR SELECT TO pamoja_owner USING (to_organisation_id IS NULL OR to_organisation_id = tenant());
CREATE POLICY referral_note_take ON referral_note FOR UPDATE TO pamoja_owner USING (to_organisation_id IS NULL) WITH CHECK (to_organisation_id = tenant());
CREATE POLICY referral_slip_take_read ON referral_slip FOR SELECT TO pamoja_owner USING (to_organisation_id IS NULL OR to_organisation_id = tenant());
CREATE POLICY referral_slip_take ON referral_slip FOR UPDATE TO pamoja_owner USING (to_organisation_id IS NULL) WITH CHECK (to_organisation_id = tenant());
CREATE POLICY referral_non_completion_take_read ON referral_non_completion FOR SELECT TO pamoja_owner USING (to_organisation_id IS NULL OR to_organisation_id = tenant());
CREATE POLICY referral_non_completion_take ON referral_non_completion FOR UPDATE TO pamoja_owner USING (to_organisation_id IS NULL) WITH CHECK (to_organisation_id = tenant());
CREATE POLICY referral_event_take_read ON referral_event FOR SELECT TO pamoja_owner USING (to_organisation_id IS NULL OR to_organisation_id = tenant());
CREATE POLICY referral_event_take ON referral_event FOR UPDATE TO pamoja_owner USING (to_organisation_id IS NULL) WITH CHECK (to_organisation_id = tenant());

CREATE FUNCTION take_open_referral(wanted uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    sender uuid;
BEGIN
    IF door() IS DISTINCT FROM 'member' THEN
        RETURN false;
    END IF;
    SELECT from_organisation_id INTO sender FROM open_referral
    WHERE id = wanted AND closed_at IS NULL AND expires_at > moment() AND from_organisation_id <> tenant();
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- Of two who move it at once, takers or the sender, the second waits here, and then finds it closed. Everybody locks the progress first.
    PERFORM FROM referral_progress WHERE from_organisation_id = sender AND referral_id = wanted AND to_organisation_id IS NULL FOR UPDATE;
    PERFORM FROM open_referral
    WHERE from_organisation_id = sender AND id = wanted AND closed_at IS NULL AND expires_at > moment() FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE open_referral SET closed_at = moment() WHERE from_organisation_id = sender AND id = wanted;
    UPDATE referral SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND id = wanted;
    UPDATE referral_progress SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_shared SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_note SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_slip SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_non_completion SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND referral_id = wanted;
    UPDATE referral_event SET to_organisation_id = tenant() WHERE from_organisation_id = sender AND referral_id = wanted;
    RETURN true;
END
$$;
COMMENT ON FUNCTION take_open_referral(uuid) IS 'Addresses an open referral to the acting organisation, if it is offered to it; false when it is not, or no longer.';
REVOKE ALL ON FUNCTION take_open_referral(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_open_referral(uuid) TO pamoja_app;

CREATE FUNCTION open_referral_of_slip(hash bytea) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT referral_slip.referral_id FROM referral_slip
    JOIN open_referral ON open_referral.from_organisation_id = referral_slip.from_organisation_id AND open_referral.id = referral_slip.referral_id
    WHERE referral_slip.look_up_hash = hash AND referral_slip.to_organisation_id IS NULL
        AND open_referral.closed_at IS NULL AND open_referral.from_organisation_id <> tenant() AND door() = 'member'
$$;
COMMENT ON FUNCTION open_referral_of_slip(bytea) IS 'Which open referral a slip belongs to, for an organisation to which it is offered.';
REVOKE ALL ON FUNCTION open_referral_of_slip(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_referral_of_slip(bytea) TO pamoja_app;

-- To whom it is offered is told that there is one.
DROP POLICY outbox_add ON outbox;
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

CREATE TABLE referral_consent (
    from_organisation_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    given_by text NOT NULL CHECK (given_by IN ('CLIENT', 'PARENT', 'GUARDIAN', 'CAREGIVER')),
    notice_version text,
    manner text CHECK (manner IN ('SPOKEN', 'SIGNED', 'ON_SCREEN')),
    language text,
    counted boolean NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT moment(),
    PRIMARY KEY (from_organisation_id, referral_id),
    FOREIGN KEY (from_organisation_id, referral_id) REFERENCES referral (from_organisation_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE referral_consent IS 'PRIVATE from_organisation_id: who agreed to the referral, how and to which notice, and apart from it whether it may be counted.';
ALTER TABLE referral_consent ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_consent FORCE ROW LEVEL SECURITY;
CREATE POLICY referral_consent_read ON referral_consent FOR SELECT TO pamoja_app USING (from_organisation_id = (SELECT tenant()));
CREATE POLICY referral_consent_add ON referral_consent FOR INSERT TO pamoja_app WITH CHECK (from_organisation_id = tenant());
CREATE POLICY referral_consent_forget ON referral_consent FOR UPDATE TO pamoja_app USING (from_organisation_id = tenant()) WITH CHECK (from_organisation_id = tenant());
GRANT SELECT, INSERT ON referral_consent TO pamoja_app;
GRANT UPDATE (given_by, notice_version, manner, language) ON referral_consent TO pamoja_app;
