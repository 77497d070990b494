-- Trainings: who offers them, who asks for them, when they are held, and who came, in numbers. Only the parties see a session's day and
-- county: a gathering is a target.

CREATE FUNCTION present_day() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (moment() AT TIME ZONE 'UTC' + interval '3 hours')::date;
COMMENT ON FUNCTION present_day() IS 'The day that it is in Kenya.';

CREATE TABLE training_offer (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    topic text NOT NULL CHECK (topic IN ('HARM_REDUCTION_BASICS', 'OVERDOSE_RESPONSE', 'SAFER_USE', 'SAFER_SEX', 'HIV_PREVENTION', 'PEER_EDUCATION', 'COUNSELLING', 'HUMAN_RIGHTS_AND_LAW', 'REPORTING_VIOLATIONS', 'SAFETY_AND_SECURITY', 'DIGITAL_SAFETY', 'PROVIDER_SENSITISATION', 'SUBSTANCE_USE_CONVERSATIONS', 'MENTAL_HEALTH_FIRST_AID', 'GENDER_BASED_VIOLENCE', 'DATA_PROTECTION', 'MONITORING_AND_EVALUATION', 'OTHER')),
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 120),
    description text NOT NULL CHECK (char_length(description) BETWEEN 1 AND 1000),
    modes text[] NOT NULL CHECK (cardinality(modes) > 0 AND modes <@ ARRAY['IN_PERSON', 'ONLINE', 'BLENDED', 'WEBINAR']),
    county_codes text[] NOT NULL,
    languages text[] NOT NULL CHECK (cardinality(languages) > 0),
    duration_hours double precision NOT NULL CHECK (duration_hours BETWEEN 0.5 AND 200),
    maximum_participants integer NOT NULL CHECK (maximum_participants BETWEEN 1 AND 1000),
    open_until date,
    created_at timestamptz NOT NULL DEFAULT moment(),
    closed_at timestamptz,
    PRIMARY KEY (organisation_id, id)
);
COMMENT ON TABLE training_offer IS 'DIRECTORY: the trainings that the members offer.';
CREATE INDEX training_offer_id ON training_offer (id);
CREATE INDEX training_offer_order ON training_offer (title, id) WHERE closed_at IS NULL;
ALTER TABLE training_offer ENABLE ROW LEVEL SECURITY;
ALTER TABLE training_offer FORCE ROW LEVEL SECURITY;
CREATE POLICY training_offer_read ON training_offer FOR SELECT TO pamoja_app USING (door() IS NOT NULL);
CREATE POLICY training_offer_add ON training_offer FOR INSERT TO pamoja_app WITH CHECK (organisation_id = tenant());
CREATE POLICY training_offer_change ON training_offer FOR UPDATE TO pamoja_app USING (organisation_id = tenant()) WITH CHECK (organisation_id = tenant());
-- For training_request_was_open alone.
CREATE POLICY training_offer_own ON training_offer FOR SELECT TO pamoja_owner USING (organisation_id = tenant());
GRANT SELECT (organisation_id, id, topic, title, description, modes, county_codes, languages, duration_hours, maximum_participants, open_until, created_at, closed_at),
    INSERT (organisation_id, id, topic, title, description, modes, county_codes, languages, duration_hours, maximum_participants, open_until),
    UPDATE (title, description, modes, county_codes, languages, duration_hours, maximum_participants, open_until, closed_at)
    ON training_offer TO pamoja_app;

-- Counties that are left out are all of them: what is held over a line.
CREATE FUNCTION offers_training(candidate uuid, wanted_topic text, wanted_county text) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (
        SELECT FROM training_offer
        WHERE organisation_id = candidate AND topic = wanted_topic AND (county_codes = '{}' OR wanted_county = ANY (county_codes))
            AND closed_at IS NULL AND (open_until IS NULL OR open_until >= present_day())
    );
COMMENT ON FUNCTION offers_training(uuid, text, text) IS 'Whether an organisation offers trainings on that topic in that county now.';

CREATE TABLE training_session (
    trainer_organisation_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    topic text NOT NULL CHECK (topic IN ('HARM_REDUCTION_BASICS', 'OVERDOSE_RESPONSE', 'SAFER_USE', 'SAFER_SEX', 'HIV_PREVENTION', 'PEER_EDUCATION', 'COUNSELLING', 'HUMAN_RIGHTS_AND_LAW', 'REPORTING_VIOLATIONS', 'SAFETY_AND_SECURITY', 'DIGITAL_SAFETY', 'PROVIDER_SENSITISATION', 'SUBSTANCE_USE_CONVERSATIONS', 'MENTAL_HEALTH_FIRST_AID', 'GENDER_BASED_VIOLENCE', 'DATA_PROTECTION', 'MONITORING_AND_EVALUATION', 'OTHER')),
    held_on date NOT NULL,
    mode text NOT NULL CHECK (mode IN ('IN_PERSON', 'ONLINE', 'BLENDED', 'WEBINAR')),
    county_code text NOT NULL CHECK (county_code ~ '^0(0[1-9]|[1-3][0-9]|4[0-7])$'),
    hosts uuid[] NOT NULL CHECK (cardinality(hosts) > 0),
    hours double precision CHECK (hours BETWEEN 0.5 AND 200),
    delivered_at timestamptz,
    satisfaction_mean double precision CHECK (satisfaction_mean BETWEEN 1 AND 5),
    pre_score_mean double precision CHECK (pre_score_mean BETWEEN 0 AND 100),
    post_score_mean double precision CHECK (post_score_mean BETWEEN 0 AND 100),
    pairs integer CHECK (pairs >= 5),
    evaluated_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT moment(),
    PRIMARY KEY (trainer_organisation_id, id),
    CHECK ((hours IS NULL) = (delivered_at IS NULL)),
    CHECK (num_nulls(pre_score_mean, post_score_mean, pairs) % 3 = 0),
    CHECK (evaluated_at IS NULL OR delivered_at IS NOT NULL)
);
COMMENT ON TABLE training_session IS 'HOSTED: trainings that are held, or were; the trainer''s, and each host''s to read.';
CREATE INDEX training_session_id ON training_session (id);
CREATE INDEX training_session_delivered ON training_session (trainer_organisation_id, held_on) WHERE delivered_at IS NOT NULL;

CREATE TABLE training_request (
    from_organisation_id uuid NOT NULL REFERENCES organisation (id),
    id uuid NOT NULL,
    to_organisation_id uuid REFERENCES organisation (id),
    offer_id uuid,
    topic text NOT NULL CHECK (topic IN ('HARM_REDUCTION_BASICS', 'OVERDOSE_RESPONSE', 'SAFER_USE', 'SAFER_SEX', 'HIV_PREVENTION', 'PEER_EDUCATION', 'COUNSELLING', 'HUMAN_RIGHTS_AND_LAW', 'REPORTING_VIOLATIONS', 'SAFETY_AND_SECURITY', 'DIGITAL_SAFETY', 'PROVIDER_SENSITISATION', 'SUBSTANCE_USE_CONVERSATIONS', 'MENTAL_HEALTH_FIRST_AID', 'GENDER_BASED_VIOLENCE', 'DATA_PROTECTION', 'MONITORING_AND_EVALUATION', 'OTHER')),
    audience text[] NOT NULL CHECK (cardinality(audience) > 0 AND audience <@ ARRAY['PEER_EDUCATOR', 'OUTREACH_WORKER', 'CLINICIAN', 'COUNSELLOR', 'PARALEGAL', 'COMMUNITY_MEMBER', 'POLICE', 'HEALTH_PROVIDER', 'RELIGIOUS_LEADER', 'MEDIA', 'STAFF', 'OTHER']),
    expected_participants integer NOT NULL CHECK (expected_participants BETWEEN 1 AND 1000),
    preferred_months text[] NOT NULL,
    county_code text NOT NULL CHECK (county_code ~ '^0(0[1-9]|[1-3][0-9]|4[0-7])$'),
    languages text[] NOT NULL,
    open_to_all boolean NOT NULL,
    status text NOT NULL CHECK (status IN ('REQUESTED', 'ACCEPTED', 'DECLINED', 'SCHEDULED', 'DELIVERED', 'EVALUATED', 'CANCELLED')),
    reason text CHECK (reason IN ('NO_TRAINER', 'NO_FUNDS', 'NO_VENUE', 'UNSAFE', 'DATES', 'TOPIC_NOT_OFFERED', 'NO_LONGER_NEEDED', 'OTHER')),
    session_id uuid,
    created_at timestamptz NOT NULL DEFAULT moment(),
    updated_at timestamptz NOT NULL DEFAULT moment(),
    PRIMARY KEY (from_organisation_id, id),
    UNIQUE (from_organisation_id, id, to_organisation_id),
    FOREIGN KEY (to_organisation_id, offer_id) REFERENCES training_offer (organisation_id, id),
    FOREIGN KEY (to_organisation_id, session_id) REFERENCES training_session (trainer_organisation_id, id),
    CHECK (to_organisation_id IS DISTINCT FROM from_organisation_id)
);
COMMENT ON TABLE training_request IS 'PARTIES: what was asked for, and where it stands; seen by all who offer it while it is open to them.';
CREATE INDEX training_request_id ON training_request (id);
CREATE INDEX training_request_sent ON training_request (from_organisation_id, created_at, id);
CREATE INDEX training_request_received ON training_request (to_organisation_id, created_at, id);
CREATE INDEX training_request_open ON training_request (created_at, id) WHERE to_organisation_id IS NULL AND status = 'REQUESTED';
CREATE INDEX training_request_waits ON training_request (to_organisation_id, created_at, id) WHERE status = 'REQUESTED';
CREATE INDEX training_request_session ON training_request (to_organisation_id, session_id);

ALTER TABLE training_session ENABLE ROW LEVEL SECURITY;
ALTER TABLE training_session FORCE ROW LEVEL SECURITY;
CREATE POLICY training_session_read ON training_session FOR SELECT TO pamoja_app USING (trainer_organisation_id = tenant() OR tenant() = ANY (hosts));
CREATE POLICY training_session_add ON training_session FOR INSERT TO pamoja_app WITH CHECK (trainer_organisation_id = tenant());
CREATE POLICY training_session_change ON training_session FOR UPDATE TO pamoja_app USING (trainer_organisation_id = tenant()) WITH CHECK (trainer_organisation_id = tenant());
CREATE POLICY training_session_remove ON training_session FOR DELETE TO pamoja_app USING (trainer_organisation_id = tenant());
GRANT SELECT (trainer_organisation_id, id, topic, held_on, mode, county_code, hosts, hours, delivered_at, satisfaction_mean, pre_score_mean, post_score_mean, pairs, evaluated_at, created_at),
    INSERT (trainer_organisation_id, id, topic, held_on, mode, county_code, hosts),
    UPDATE (held_on, mode, county_code, hosts, hours, delivered_at, satisfaction_mean, pre_score_mean, post_score_mean, pairs, evaluated_at), DELETE
    ON training_session TO pamoja_app;

ALTER TABLE training_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE training_request FORCE ROW LEVEL SECURITY;
CREATE POLICY training_request_read ON training_request FOR SELECT TO pamoja_app USING (
    coalesce(from_organisation_id = tenant() OR to_organisation_id = tenant(), false)
    OR (to_organisation_id IS NULL AND status = 'REQUESTED' AND offers_training(tenant(), topic, county_code))
);
CREATE POLICY training_request_add ON training_request FOR INSERT TO pamoja_app WITH CHECK (
    from_organisation_id = tenant() AND status = 'REQUESTED' AND session_id IS NULL AND open_to_all = (to_organisation_id IS NULL)
);
-- Whoever could take it may address it to itself, and to nobody else.
CREATE POLICY training_request_change ON training_request FOR UPDATE TO pamoja_app
    USING (
        coalesce(from_organisation_id = tenant() OR to_organisation_id = tenant(), false)
        OR (to_organisation_id IS NULL AND status = 'REQUESTED' AND offers_training(tenant(), topic, county_code))
    )
    WITH CHECK (coalesce(from_organisation_id = tenant() OR to_organisation_id = tenant(), false));
-- For the functions that act as the owner.
CREATE POLICY training_request_own ON training_request FOR SELECT TO pamoja_owner USING (from_organisation_id = tenant());
CREATE POLICY training_request_late ON training_request FOR SELECT TO pamoja_owner USING (open_to_all AND offers_training(tenant(), topic, county_code));
GRANT SELECT (from_organisation_id, id, to_organisation_id, offer_id, topic, audience, expected_participants, preferred_months, county_code, languages, open_to_all, status, reason, session_id, created_at, updated_at),
    INSERT (from_organisation_id, id, to_organisation_id, offer_id, topic, audience, expected_participants, preferred_months, county_code, languages, open_to_all, status),
    UPDATE (to_organisation_id, status, reason, session_id, updated_at)
    ON training_request TO pamoja_app;

CREATE POLICY training_session_left_read ON training_session FOR SELECT TO pamoja_owner USING (
    EXISTS (
        SELECT FROM training_request
        WHERE training_request.from_organisation_id = tenant() AND training_request.to_organisation_id = training_session.trainer_organisation_id
    )
);
CREATE POLICY training_session_leave ON training_session FOR UPDATE TO pamoja_owner USING (tenant() = ANY (hosts)) WITH CHECK (NOT tenant() = ANY (hosts));
CREATE POLICY training_session_leave_last ON training_session FOR DELETE TO pamoja_owner USING (tenant() = ANY (hosts));

CREATE FUNCTION leave_training_session(wanted uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF door() IS DISTINCT FROM 'member' THEN
        RETURN;
    END IF;
    DELETE FROM training_session WHERE id = wanted AND hosts = ARRAY[tenant()] AND delivered_at IS NULL;
    UPDATE training_session SET hosts = array_remove(hosts, tenant()) WHERE id = wanted AND tenant() = ANY (hosts) AND delivered_at IS NULL;
END
$$;
COMMENT ON FUNCTION leave_training_session(uuid) IS 'Takes the acting organisation out of a session that is still to be held; with its last host the session goes.';
REVOKE ALL ON FUNCTION leave_training_session(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION leave_training_session(uuid) TO pamoja_app;

CREATE FUNCTION training_request_was_open(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    RETURN door() = 'member' AND EXISTS (
        SELECT FROM training_request
        WHERE id = wanted AND open_to_all AND from_organisation_id <> tenant() AND offers_training(tenant(), topic, county_code)
    );
COMMENT ON FUNCTION training_request_was_open(uuid) IS 'Whether the acting organisation could have taken a request that was open to all who offer the training.';
REVOKE ALL ON FUNCTION training_request_was_open(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION training_request_was_open(uuid) TO pamoja_app;

CREATE TABLE training_event (
    from_organisation_id uuid NOT NULL,
    request_id uuid NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY,
    status text NOT NULL CHECK (status IN ('REQUESTED', 'ACCEPTED', 'DECLINED', 'SCHEDULED', 'DELIVERED', 'EVALUATED', 'CANCELLED')),
    at timestamptz NOT NULL DEFAULT moment(),
    by_organisation_id uuid NOT NULL,
    PRIMARY KEY (from_organisation_id, request_id, position),
    FOREIGN KEY (from_organisation_id, request_id) REFERENCES training_request (from_organisation_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE training_event IS 'ALONGSIDE training_request: the states that it went through; whoever sees the request sees them.';
ALTER TABLE training_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE training_event FORCE ROW LEVEL SECURITY;
CREATE POLICY training_event_read ON training_event FOR SELECT TO pamoja_app USING (
    EXISTS (
        SELECT FROM training_request
        WHERE training_request.from_organisation_id = training_event.from_organisation_id AND training_request.id = training_event.request_id
    )
);
CREATE POLICY training_event_add ON training_event FOR INSERT TO pamoja_app WITH CHECK (
    by_organisation_id = tenant()
    AND EXISTS (
        SELECT FROM training_request
        WHERE training_request.from_organisation_id = training_event.from_organisation_id AND training_request.id = training_event.request_id
            AND (training_request.from_organisation_id = tenant() OR training_request.to_organisation_id = tenant())
    )
);
GRANT SELECT (from_organisation_id, request_id, position, status, at, by_organisation_id),
    INSERT (from_organisation_id, request_id, status, by_organisation_id)
    ON training_event TO pamoja_app;

CREATE TABLE training_participants (
    trainer_organisation_id uuid NOT NULL,
    session_id uuid NOT NULL,
    host_organisation_id uuid NOT NULL,
    request_id uuid NOT NULL,
    cadre text NOT NULL CHECK (cadre IN ('PEER_EDUCATOR', 'OUTREACH_WORKER', 'CLINICIAN', 'COUNSELLOR', 'PARALEGAL', 'COMMUNITY_MEMBER', 'POLICE', 'HEALTH_PROVIDER', 'RELIGIOUS_LEADER', 'MEDIA', 'STAFF', 'OTHER')),
    count integer NOT NULL CHECK (count BETWEEN 1 AND 1000),
    PRIMARY KEY (trainer_organisation_id, session_id, host_organisation_id, cadre),
    FOREIGN KEY (trainer_organisation_id, session_id) REFERENCES training_session (trainer_organisation_id, id) ON DELETE CASCADE,
    FOREIGN KEY (host_organisation_id, request_id, trainer_organisation_id) REFERENCES training_request (from_organisation_id, id, to_organisation_id)
);
COMMENT ON TABLE training_participants IS 'HOSTED: how many of a host''s people came, by cadre; the trainer''s, and the host''s own to read.';
CREATE INDEX training_participants_host ON training_participants (host_organisation_id, session_id);
CREATE INDEX training_participants_request ON training_participants (host_organisation_id, request_id);
ALTER TABLE training_participants ENABLE ROW LEVEL SECURITY;
ALTER TABLE training_participants FORCE ROW LEVEL SECURITY;
CREATE POLICY training_participants_read ON training_participants FOR SELECT TO pamoja_app USING (trainer_organisation_id = tenant() OR host_organisation_id = tenant());
CREATE POLICY training_participants_add ON training_participants FOR INSERT TO pamoja_app WITH CHECK (trainer_organisation_id = tenant());
CREATE POLICY training_participants_remove ON training_participants FOR DELETE TO pamoja_app USING (trainer_organisation_id = tenant());
GRANT SELECT (trainer_organisation_id, session_id, host_organisation_id, request_id, cadre, count),
    INSERT (trainer_organisation_id, session_id, host_organisation_id, request_id, cadre, count), DELETE
    ON training_participants TO pamoja_app;

CREATE TABLE training_follow_up (
    from_organisation_id uuid NOT NULL,
    request_id uuid NOT NULL,
    to_organisation_id uuid NOT NULL,
    months_after integer NOT NULL CHECK (months_after = 3 OR months_after = 6),
    asked integer NOT NULL CHECK (asked >= 5),
    still_using integer NOT NULL CHECK (still_using BETWEEN 0 AND asked),
    PRIMARY KEY (from_organisation_id, request_id, months_after),
    FOREIGN KEY (from_organisation_id, request_id, to_organisation_id) REFERENCES training_request (from_organisation_id, id, to_organisation_id)
);
COMMENT ON TABLE training_follow_up IS 'PARTIES: how many of a host''s people still use what they learned.';
ALTER TABLE training_follow_up ENABLE ROW LEVEL SECURITY;
ALTER TABLE training_follow_up FORCE ROW LEVEL SECURITY;
CREATE POLICY training_follow_up_read ON training_follow_up FOR SELECT TO pamoja_app USING (from_organisation_id = tenant() OR to_organisation_id = tenant());
CREATE POLICY training_follow_up_add ON training_follow_up FOR INSERT TO pamoja_app WITH CHECK (from_organisation_id = tenant() OR to_organisation_id = tenant());
CREATE POLICY training_follow_up_change ON training_follow_up FOR UPDATE TO pamoja_app
    USING (from_organisation_id = tenant() OR to_organisation_id = tenant()) WITH CHECK (from_organisation_id = tenant() OR to_organisation_id = tenant());
GRANT SELECT (from_organisation_id, request_id, to_organisation_id, months_after, asked, still_using),
    INSERT (from_organisation_id, request_id, to_organisation_id, months_after, asked, still_using),
    UPDATE (asked, still_using)
    ON training_follow_up TO pamoja_app;

CREATE TABLE training_satisfaction (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    topic text NOT NULL CHECK (topic IN ('HARM_REDUCTION_BASICS', 'OVERDOSE_RESPONSE', 'SAFER_USE', 'SAFER_SEX', 'HIV_PREVENTION', 'PEER_EDUCATION', 'COUNSELLING', 'HUMAN_RIGHTS_AND_LAW', 'REPORTING_VIOLATIONS', 'SAFETY_AND_SECURITY', 'DIGITAL_SAFETY', 'PROVIDER_SENSITISATION', 'SUBSTANCE_USE_CONVERSATIONS', 'MENTAL_HEALTH_FIRST_AID', 'GENDER_BASED_VIOLENCE', 'DATA_PROTECTION', 'MONITORING_AND_EVALUATION', 'OTHER')),
    month date NOT NULL,
    satisfaction double precision NOT NULL CHECK (satisfaction BETWEEN 1 AND 5 AND satisfaction * 2 = trunc(satisfaction * 2)),
    PRIMARY KEY (organisation_id, topic)
);
COMMENT ON TABLE training_satisfaction IS 'DIRECTORY: how satisfied people were with an organisation''s trainings on a topic as it was when that month began, rounded to halves; no row below the threshold.';
ALTER TABLE training_satisfaction ENABLE ROW LEVEL SECURITY;
ALTER TABLE training_satisfaction FORCE ROW LEVEL SECURITY;
CREATE POLICY training_satisfaction_read ON training_satisfaction FOR SELECT TO pamoja_app USING (door() IS NOT NULL);
CREATE POLICY training_satisfaction_add ON training_satisfaction FOR INSERT TO pamoja_app WITH CHECK (organisation_id = tenant() AND door() = 'job');
CREATE POLICY training_satisfaction_remove ON training_satisfaction FOR DELETE TO pamoja_app USING (organisation_id = tenant() AND door() = 'job');
GRANT SELECT (organisation_id, topic, month, satisfaction), INSERT (organisation_id, topic, month, satisfaction), DELETE
    ON training_satisfaction TO pamoja_app;

-- A training is told of like a referral: to its parties, and while it is open to those who could take it.
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check, ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('REFERRAL', 'TRAINING_REQUEST'));
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
