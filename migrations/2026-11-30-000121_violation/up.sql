-- Rights violations: what was done to somebody, in codes and months. They are the own organisation's alone, and of its people a paralegal's and
-- whoever documented them. Nothing here refers by foreign key to a row that anybody else reads: the lock of such a row would tell them.

ALTER DOMAIN roles DROP CONSTRAINT roles_check;
ALTER DOMAIN roles ADD CONSTRAINT roles_check CHECK (VALUE <@ ARRAY['PEER_EDUCATOR', 'CASEWORKER', 'PARALEGAL', 'TRAINER', 'ANALYST', 'ORGANISATION_ADMIN', 'COALITION_ADMIN'] AND coalesce(array_ndims(VALUE), 1) = 1);
ALTER DOMAIN change_kind DROP CONSTRAINT change_kind_check;
ALTER DOMAIN change_kind ADD CONSTRAINT change_kind_check CHECK (VALUE IN ('REFERRAL', 'TRAINING_REQUEST', 'SERVICE', 'VIOLATION'));

CREATE DOMAIN violation_types AS text[];
CREATE DOMAIN perpetrators AS text[];
CREATE DOMAIN violation_causes AS text[];
CREATE DOMAIN violation_reasons AS text[];
CREATE DOMAIN violation_consent_giver AS text;
CREATE DOMAIN violation_status AS text;
CREATE DOMAIN violation_outcome AS text;
CREATE DOMAIN violation_step_kind AS text;
ALTER DOMAIN violation_types ADD CONSTRAINT violation_types_check CHECK (VALUE <@ ARRAY['VERBAL_ABUSE', 'PHYSICAL_ASSAULT', 'SEXUAL_VIOLENCE', 'PSYCHOLOGICAL_ABUSE', 'HARASSMENT', 'DISCRIMINATION_AT_WORK', 'DENIAL_OF_HEALTH_SERVICE', 'DENIAL_OF_OTHER_SERVICE', 'CONFIDENTIALITY_BREACH', 'FORCED_TEST_OR_EXAMINATION', 'ARBITRARY_ARREST', 'DETENTION_WITHOUT_CHARGE', 'EXTORTION_BLACKMAIL', 'ENTRAPMENT', 'OUTING', 'EVICTION', 'EXPULSION_BY_FAMILY', 'EXCOMMUNICATION', 'CONVERSION_PRACTICE', 'ONLINE_ABUSE', 'HATE_SPEECH', 'CONFISCATION_OF_COMMODITIES', 'ROBBERY', 'NON_PAYMENT', 'RAID_ON_ORGANISATION', 'THREAT_TO_STAFF', 'KILLING', 'OTHER'] AND coalesce(array_ndims(VALUE), 1) = 1);
ALTER DOMAIN perpetrators ADD CONSTRAINT perpetrators_check CHECK (VALUE <@ ARRAY['POLICE', 'LOCAL_AUTHORITY', 'HEALTH_PROVIDER', 'EDUCATION', 'EMPLOYER', 'RELIGIOUS_GROUP', 'FAMILY', 'PARTNER', 'SEX_WORK_CUSTOMER', 'NEIGHBOUR_OR_LANDLORD', 'COMMUNITY', 'GANG', 'PEER', 'ONLINE_UNKNOWN', 'OTHER', 'NOT_STATED'] AND coalesce(array_ndims(VALUE), 1) = 1);
ALTER DOMAIN violation_causes ADD CONSTRAINT violation_causes_check CHECK (VALUE <@ ARRAY['RELIGION', 'CULTURE', 'WORKPLACE', 'LAW', 'FAMILY', 'SEX_WORK', 'SEXUALITY', 'GENDER', 'DRUG_USE', 'HIV_STATUS', 'OTHER'] AND coalesce(array_ndims(VALUE), 1) = 1);
ALTER DOMAIN violation_reasons ADD CONSTRAINT violation_reasons_check CHECK (VALUE <@ ARRAY['TOO_LONG', 'TOO_COSTLY', 'FEAR_OF_EXPOSURE', 'FEAR_OF_POLICE_OR_COURT', 'PRESSURE', 'NO_TRUST', 'DID_NOT_KNOW_HOW', 'DISTANCE', 'SELF_BLAME', 'RETALIATION', 'OTHER'] AND coalesce(array_ndims(VALUE), 1) = 1);
ALTER DOMAIN violation_consent_giver ADD CONSTRAINT violation_consent_giver_check CHECK (VALUE IN ('SURVIVOR', 'PARENT', 'GUARDIAN', 'NEXT_OF_KIN', 'ORGANISATION'));
ALTER DOMAIN violation_status ADD CONSTRAINT violation_status_check CHECK (VALUE IN ('OPEN', 'ENDED', 'CONSENT_WITHDRAWN', 'ENTERED_IN_ERROR'));
ALTER DOMAIN violation_outcome ADD CONSTRAINT violation_outcome_check CHECK (VALUE IN ('RESOLVED', 'CONVICTION', 'ACQUITTED', 'DISMISSED', 'SETTLED', 'NO_ACTION_TAKEN', 'SURVIVOR_CHOICE', 'WITHDRAWN', 'LOST_CONTACT', 'ONGOING'));
ALTER DOMAIN violation_step_kind ADD CONSTRAINT violation_step_kind_check CHECK (VALUE IN ('DOCUMENTED', 'SAFETY_PLAN', 'MEDICAL_CARE', 'COUNSELLING', 'REPORTED_TO_POLICE', 'REPORTED_TO_OVERSIGHT', 'LEGAL_FOLLOW_UP', 'INVESTIGATION', 'IN_COURT', 'MEDIATION'));

-- What the gate finds out about a member's transaction also says on which kind of device they signed in: whoever takes a shared phone reads
-- no violation, whatever is asked with its token.
CREATE OR REPLACE FUNCTION open_member(organisation uuid, member uuid, session uuid, secret uuid, OUT at timestamptz, OUT roles text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET client_min_messages = warning AS $$
DECLARE
    ahead integer := coalesce((SELECT seconds FROM clock_offset), 0);
    device text;
BEGIN
    PERFORM refuse_second_door();
    -- A transaction can see what stood there when it began. So it opens its door then, and no later with a session that has ended meanwhile.
    IF clock_timestamp() > now() + interval '5 seconds' THEN
        RAISE EXCEPTION 'this transaction began too long ago to open a door' USING ERRCODE = 'query_canceled';
    END IF;
    at := now() + make_interval(secs => ahead);
    SELECT account.roles, user_session.device INTO roles, device
    FROM access_token AS token
    JOIN user_session ON user_session.organisation_id = token.organisation_id AND user_session.id = token.session_id
    JOIN user_account AS account ON account.organisation_id = user_session.organisation_id AND account.id = user_session.user_id
    JOIN organisation AS home ON home.id = account.organisation_id
    WHERE token.organisation_id = open_member.organisation
        AND token.session_id = open_member.session
        AND token.secret_hash = sha256(uuid_send(open_member.secret))
        AND token.expires_at >= at - interval '30 seconds'
        AND user_session.user_id = open_member.member
        AND user_session.revoked_at IS NULL
        AND user_session.ends_at > at
        AND (user_session.device = 'own' OR user_session.last_used_at > at - interval '15 minutes')
        AND account.disabled_at IS NULL
        AND account.enabled_since <= user_session.created_at
        AND home.status = 'ACTIVE'
        AND home.active_since <= user_session.created_at;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the session has ended' USING ERRCODE = 'PA401';
    END IF;
    at := enter('member', organisation, member, session, ahead);
    PERFORM set_config('backtrace_functions', concat(current_setting('backtrace_functions'), ',', array_to_string(roles, ' '), ',', device), true);
END
$$;
CREATE FUNCTION on_own_device() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(context_part(8) = 'own', false);
COMMENT ON FUNCTION on_own_device() IS 'Whether the transaction is a member''s who signed in on a device of their own.';

CREATE TABLE violation (
    organisation_id uuid NOT NULL DEFAULT tenant(),
    id uuid NOT NULL,
    types violation_types NOT NULL CHECK (cardinality(types) > 0),
    perpetrators perpetrators NOT NULL CHECK (cardinality(perpetrators) > 0),
    causes violation_causes NOT NULL,
    populations populations NOT NULL,
    under_18 minor_status NOT NULL,
    county_code county_code NOT NULL,
    people_affected integer NOT NULL CHECK (people_affected BETWEEN 1 AND 500),
    occurred_in date NOT NULL,
    documented_in date NOT NULL DEFAULT present_month(),
    consent_given_by violation_consent_giver NOT NULL,
    counted boolean NOT NULL,
    not_reported_reasons violation_reasons NOT NULL,
    act_before timestamptz CHECK (extract(epoch FROM act_before) % 3600 = 0),
    status violation_status NOT NULL DEFAULT 'OPEN',
    outcome violation_outcome,
    ended_in date,
    end_reasons violation_reasons NOT NULL DEFAULT '{}',
    forgotten boolean NOT NULL DEFAULT false,
    updated_at timestamptz NOT NULL DEFAULT moment(),
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT violation_occurred_in_readable CHECK (isfinite(occurred_in) AND occurred_in >= '0001-01-01' AND occurred_in < '10000-01-01'),
    CONSTRAINT violation_documented_in_readable CHECK (isfinite(documented_in) AND documented_in >= '0001-01-01' AND documented_in < '10000-01-01'),
    CONSTRAINT violation_ended_in_readable CHECK (isfinite(ended_in) AND ended_in >= '0001-01-01' AND ended_in < '10000-01-01'),
    CONSTRAINT violation_act_before_readable CHECK (isfinite(act_before) AND act_before >= '0001-01-01 00:00:00+00' AND act_before < '10000-01-01 00:00:00+00'),
    CONSTRAINT violation_updated_at_readable CHECK (isfinite(updated_at) AND updated_at >= '0001-01-01 00:00:00+00' AND updated_at < '10000-01-01 00:00:00+00'),
    CONSTRAINT violation_months CHECK (
        extract(day FROM occurred_in) = 1 AND extract(day FROM documented_in) = 1 AND extract(day FROM coalesce(ended_in, documented_in)) = 1
        AND occurred_in >= '2000-01-01' AND occurred_in <= documented_in AND documented_in <= coalesce(ended_in, documented_in)
    ),
    CONSTRAINT violation_forgotten CHECK (NOT forgotten OR (causes = '{}' AND populations = '{}' AND act_before IS NULL))
);
COMMENT ON TABLE violation IS 'PRIVATE: what was done to somebody, in codes and months; read by the organisation''s paralegals and whoever documented it, from devices of their own.';
COMMENT ON COLUMN violation.counted IS 'Whether somebody agreed that it is counted in the coalition''s figures.';
COMMENT ON COLUMN violation.act_before IS 'By when something must happen, down to the full hour: the first limit of its types, from which the others follow. Erased a week after it has passed.';
COMMENT ON COLUMN violation.forgotten IS 'Whether what was personal is gone: after withdrawal, erasure, or by the clock.';
COMMENT ON COLUMN violation.updated_at IS 'When anything was recorded of it last: exact while it is open, and the beginning of the month once it has ended.';
CREATE INDEX violation_documented ON violation (organisation_id, documented_in DESC, id DESC);
CREATE INDEX violation_updated ON violation (organisation_id, updated_at DESC, id DESC);
CREATE INDEX violation_act_before ON violation (organisation_id, act_before) WHERE act_before IS NOT NULL;
CREATE INDEX violation_open ON violation (organisation_id, updated_at) WHERE status = 'OPEN';

CREATE TABLE violation_author (
    organisation_id uuid NOT NULL DEFAULT tenant(),
    violation_id uuid NOT NULL,
    user_id uuid NOT NULL DEFAULT acting_user(),
    PRIMARY KEY (organisation_id, violation_id),
    FOREIGN KEY (organisation_id, violation_id) REFERENCES violation (organisation_id, id)
);
COMMENT ON TABLE violation_author IS 'PRIVATE: who documented a violation, until it is forgotten.';
CREATE INDEX violation_author_user ON violation_author (organisation_id, user_id, violation_id);

CREATE TABLE violation_client (
    organisation_id uuid NOT NULL DEFAULT tenant(),
    violation_id uuid NOT NULL,
    client text NOT NULL CHECK (client ~ '^[a-z2-7]{26}$'),
    PRIMARY KEY (organisation_id, violation_id),
    FOREIGN KEY (organisation_id, violation_id) REFERENCES violation (organisation_id, id)
);
COMMENT ON TABLE violation_client IS 'PRIVATE: the organisation''s pseudonym of the survivor, until it is forgotten.';
CREATE INDEX violation_client_client ON violation_client (organisation_id, client, violation_id);

CREATE TABLE violation_note (
    organisation_id uuid NOT NULL DEFAULT tenant(),
    violation_id uuid NOT NULL,
    sealed_note text NOT NULL CHECK (octet_length(sealed_note) <= 24576),
    PRIMARY KEY (organisation_id, violation_id),
    FOREIGN KEY (organisation_id, violation_id) REFERENCES violation (organisation_id, id)
);
COMMENT ON TABLE violation_note IS 'PRIVATE: a note that only the organisation''s own devices can open, until it is forgotten.';

CREATE TABLE violation_step (
    organisation_id uuid NOT NULL DEFAULT tenant(),
    violation_id uuid NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1 AND month >= '2000-01-01'),
    kind violation_step_kind NOT NULL,
    CONSTRAINT violation_step_month_readable CHECK (isfinite(month) AND month >= '0001-01-01' AND month < '10000-01-01'),
    PRIMARY KEY (organisation_id, violation_id, month, kind),
    FOREIGN KEY (organisation_id, violation_id) REFERENCES violation (organisation_id, id)
);
COMMENT ON TABLE violation_step IS 'PRIVATE: what was done about a violation, in which month; its documentation is in the violation''s own row.';

-- The referral is named and not referred to: a foreign key would lock its row, which the other party reads.
CREATE TABLE violation_link (
    organisation_id uuid NOT NULL DEFAULT tenant(),
    violation_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    brought boolean NOT NULL,
    step violation_step_kind,
    month date CHECK (extract(day FROM month) = 1 AND month >= '2000-01-01' AND month < '10000-01-01'),
    PRIMARY KEY (organisation_id, violation_id, referral_id),
    FOREIGN KEY (organisation_id, violation_id) REFERENCES violation (organisation_id, id),
    CHECK ((step IS NULL) = (month IS NULL) AND (step IS NULL OR NOT brought))
);
COMMENT ON TABLE violation_link IS 'PRIVATE: referrals that brought a violation or were made because of it, until it is forgotten. The other party learns nothing of it.';
COMMENT ON COLUMN violation_link.brought IS 'Whether the violation came of the referral; if not, the referral was made because of the violation.';
COMMENT ON COLUMN violation_link.step IS 'What the client''s arrival was a step of, and in which month; null before that.';
CREATE UNIQUE INDEX violation_link_brought ON violation_link (organisation_id, violation_id) WHERE brought;
CREATE INDEX violation_link_referral ON violation_link (organisation_id, referral_id);
CREATE INDEX violation_link_awaited ON violation_link (organisation_id, referral_id) WHERE NOT brought AND step IS NULL;

CREATE TABLE violation_retention (
    organisation_id uuid PRIMARY KEY,
    days integer NOT NULL CHECK (days BETWEEN 30 AND 730)
);
COMMENT ON TABLE violation_retention IS 'PRIVATE: for how many days after the end of the month in which a violation ended what is personal of it is kept, where the organisation chose.';
ALTER TABLE violation_retention ENABLE ROW LEVEL SECURITY;
ALTER TABLE violation_retention FORCE ROW LEVEL SECURITY;
CREATE POLICY violation_retention_job ON violation_retention FOR SELECT TO pamoja_worker USING (organisation_id = (SELECT tenant()));
CREATE POLICY violation_retention_operator ON violation_retention FOR SELECT TO pamoja_operator USING (organisation_id = (SELECT tenant()));
CREATE POLICY violation_retention_operator_add ON violation_retention FOR INSERT TO pamoja_operator WITH CHECK (organisation_id = tenant());
CREATE POLICY violation_retention_operator_change ON violation_retention FOR UPDATE TO pamoja_operator
    USING (organisation_id = (SELECT tenant())) WITH CHECK (organisation_id = tenant());
GRANT SELECT (organisation_id, days) ON violation_retention TO pamoja_worker, pamoja_operator;
GRANT INSERT (organisation_id, days), UPDATE (days) ON violation_retention TO pamoja_operator;

-- Who reads a violation: the one place that says it, but for the policy of the table itself, which says it in the same words. Elsewhere it is
-- a call for each row: of an EXISTS the planner makes a table of all that the member may read.
CREATE FUNCTION reads_violation(wanted uuid) RETURNS boolean LANGUAGE sql STABLE
    RETURN on_own_device() AND (
        acts_as(ARRAY['PARALEGAL'])
        OR (acts_as(ARRAY['PEER_EDUCATOR', 'CASEWORKER']) AND EXISTS (
            SELECT FROM violation_author AS author
            WHERE author.organisation_id = tenant() AND author.violation_id = wanted AND author.user_id = acting_user()
        ))
    );
COMMENT ON FUNCTION reads_violation(uuid) IS 'Whether a violation of the tenant is the member''s to read: a paralegal reads all, others those that they documented, and on a shared device nobody any.';

-- Whoever documents it writes all of its rows, also on a shared device, where they can't read them.
CREATE POLICY violation_own ON violation FOR SELECT TO pamoja_owner USING (organisation_id = tenant());
CREATE FUNCTION documents_violation(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET client_min_messages = warning AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM violation
        WHERE organisation_id = tenant() AND id = wanted AND status = 'OPEN' AND violation.xmin = pg_current_xact_id()::xid AND updated_at = moment()
            AND NOT EXISTS (
                SELECT FROM violation_author AS author
                WHERE author.organisation_id = tenant() AND author.violation_id = wanted AND author.user_id <> acting_user()
            )
    );
END
$$;
COMMENT ON FUNCTION documents_violation(uuid) IS 'Whether this transaction has just documented a violation of the tenant.';
CREATE POLICY violation_author_own ON violation_author FOR SELECT TO pamoja_owner USING (organisation_id = tenant());

ALTER TABLE violation ENABLE ROW LEVEL SECURITY;
ALTER TABLE violation FORCE ROW LEVEL SECURITY;
CREATE POLICY violation_read ON violation FOR SELECT TO pamoja_app USING (
    organisation_id = (SELECT tenant()) AND (SELECT on_own_device()) AND CASE
        WHEN (SELECT acts_as(ARRAY['PARALEGAL'])) THEN true
        WHEN (SELECT acts_as(ARRAY['PEER_EDUCATOR', 'CASEWORKER'])) THEN EXISTS (
            SELECT FROM violation_author AS author
            WHERE author.organisation_id = violation.organisation_id AND author.violation_id = violation.id AND author.user_id = (SELECT acting_user())
        )
    END
);
CREATE POLICY violation_add ON violation FOR INSERT TO pamoja_app WITH CHECK (
    organisation_id = tenant() AND acts_as(ARRAY['PEER_EDUCATOR', 'CASEWORKER', 'PARALEGAL'])
    AND (act_before IS NULL OR (act_before > moment() - interval '73 hours' AND act_before <= moment() + interval '72 hours'))
);
CREATE POLICY violation_change ON violation FOR UPDATE TO pamoja_app
    USING (organisation_id = (SELECT tenant()) AND reads_violation(id)) WITH CHECK (organisation_id = tenant());
GRANT SELECT (organisation_id, id, types, perpetrators, causes, populations, under_18, county_code, people_affected, occurred_in, documented_in,
    consent_given_by, counted, not_reported_reasons, act_before, status, outcome, ended_in, end_reasons, forgotten, updated_at) ON violation TO pamoja_app;
GRANT INSERT (id, types, perpetrators, causes, populations, under_18, county_code, people_affected, occurred_in, consent_given_by, counted,
    not_reported_reasons, act_before) ON violation TO pamoja_app;
GRANT UPDATE (types, perpetrators, causes, populations, under_18, county_code, people_affected, occurred_in, not_reported_reasons, act_before,
    status, outcome, ended_in, end_reasons, forgotten) ON violation TO pamoja_app;

ALTER TABLE violation_author ENABLE ROW LEVEL SECURITY;
ALTER TABLE violation_author FORCE ROW LEVEL SECURITY;
CREATE POLICY violation_author_read ON violation_author FOR SELECT TO pamoja_app USING (
    organisation_id = (SELECT tenant()) AND (SELECT on_own_device()) AND CASE
        WHEN (SELECT acts_as(ARRAY['PARALEGAL'])) THEN true
        WHEN (SELECT acts_as(ARRAY['PEER_EDUCATOR', 'CASEWORKER'])) THEN user_id = (SELECT acting_user())
    END
);
CREATE POLICY violation_author_add ON violation_author FOR INSERT TO pamoja_app
    WITH CHECK (organisation_id = tenant() AND user_id = acting_user() AND documents_violation(violation_id));
GRANT SELECT (organisation_id, violation_id, user_id), INSERT (violation_id) ON violation_author TO pamoja_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['client', 'note', 'step', 'link'] LOOP
        EXECUTE format('ALTER TABLE violation_%1$s ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE violation_%1$s FORCE ROW LEVEL SECURITY', name);
        EXECUTE format($policy$
            CREATE POLICY violation_%1$s_read ON violation_%1$s FOR SELECT TO pamoja_app
                USING (organisation_id = (SELECT tenant()) AND reads_violation(violation_id))$policy$, name);
        EXECUTE format($policy$
            CREATE POLICY violation_%1$s_add ON violation_%1$s FOR INSERT TO pamoja_app
                WITH CHECK (organisation_id = tenant() AND (documents_violation(violation_id)%2$s))$policy$,
            name, CASE WHEN name = 'client' THEN '' ELSE ' OR reads_violation(violation_id)' END);
        EXECUTE format($policy$
            CREATE POLICY violation_%1$s_remove ON violation_%1$s FOR DELETE TO pamoja_app
                USING (organisation_id = (SELECT tenant()) AND reads_violation(violation_id))$policy$, name);
        EXECUTE format('GRANT DELETE ON violation_%1$s TO pamoja_app', name);
    END LOOP;
END
$$;
GRANT SELECT (organisation_id, violation_id, client), INSERT (violation_id, client) ON violation_client TO pamoja_app;
GRANT SELECT (organisation_id, violation_id, sealed_note), INSERT (violation_id, sealed_note) ON violation_note TO pamoja_app;
GRANT SELECT (organisation_id, violation_id, month, kind), INSERT (violation_id, month, kind) ON violation_step TO pamoja_app;
GRANT SELECT (organisation_id, violation_id, referral_id, brought, step, month), INSERT (violation_id, referral_id, brought) ON violation_link TO pamoja_app;
-- The program says itself that it was documented.
CREATE POLICY violation_step_true ON violation_step AS RESTRICTIVE FOR INSERT TO pamoja_app, pamoja_worker WITH CHECK (kind <> 'DOCUMENTED');
-- A link is to a referral that the tenant sent or received; because of a violation it sends one itself.
CREATE POLICY violation_link_true ON violation_link AS RESTRICTIVE FOR INSERT TO pamoja_app WITH CHECK (EXISTS (
    SELECT FROM referral
    WHERE referral.id = violation_link.referral_id AND (violation_link.brought OR referral.from_organisation_id = tenant())
));
-- What was erased doesn't come back.
CREATE POLICY violation_note_true ON violation_note AS RESTRICTIVE FOR INSERT TO pamoja_app WITH CHECK (
    documents_violation(violation_id) OR EXISTS (
        SELECT FROM violation WHERE violation.organisation_id = violation_note.organisation_id AND violation.id = violation_note.violation_id AND NOT violation.forgotten
    )
);

CREATE FUNCTION note_violation_change() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.forgotten AND NOT NEW.forgotten THEN
        RAISE EXCEPTION 'what was forgotten of a violation does not come back' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.status = 'OPEN') <> (NEW.ended_in IS NULL) OR (NEW.status = 'OPEN' AND (NEW.outcome IS NOT NULL OR NEW.end_reasons <> '{}'))
        OR (NEW.status = 'ENDED' AND NEW.outcome IS NULL) OR NEW.outcome = 'ONGOING' OR (NEW.forgotten AND NEW.under_18 <> 'NOT_STATED')
    THEN
        RAISE EXCEPTION 'a violation would not stand as any can' USING ERRCODE = 'check_violation';
    END IF;
    -- Months are Kenya's.
    NEW.updated_at := CASE
        WHEN NEW.status = 'OPEN' THEN moment()
        ELSE present_month()::timestamp AT TIME ZONE interval '3 hours'
    END;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION note_violation_change() IS 'Refuses a state that no violation can have, and writes down when anything was recorded of a violation, whatever the statement says: to the month once it has ended.';
CREATE TRIGGER violation_changed BEFORE UPDATE ON violation FOR EACH ROW
    WHEN (door() IN ('member', 'job') AND (door() = 'member' OR NEW.updated_at IS DISTINCT FROM OLD.updated_at))
    EXECUTE FUNCTION note_violation_change();

-- What the jobs do: record that a client has arrived where they were referred to because of a violation, until that is undone, and forget.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['', '_author', '_client', '_note', '_step', '_link'] LOOP
        EXECUTE format('CREATE POLICY violation%1$s_job ON violation%1$s FOR SELECT TO pamoja_worker USING (organisation_id = (SELECT tenant()))', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['_author', '_client', '_note', '_step', '_link'] LOOP
        EXECUTE format('CREATE POLICY violation%1$s_job_remove ON violation%1$s FOR DELETE TO pamoja_worker USING (organisation_id = (SELECT tenant()))', name);
    END LOOP;
END
$$;
CREATE POLICY violation_job_change ON violation FOR UPDATE TO pamoja_worker
    USING (organisation_id = (SELECT tenant())) WITH CHECK (organisation_id = tenant());
CREATE POLICY violation_step_job_add ON violation_step FOR INSERT TO pamoja_worker WITH CHECK (organisation_id = tenant());
CREATE POLICY violation_link_job_change ON violation_link FOR UPDATE TO pamoja_worker
    USING (organisation_id = (SELECT tenant())) WITH CHECK (organisation_id = tenant());
GRANT SELECT (organisation_id, id, status, ended_in, act_before, forgotten, updated_at, documented_in), UPDATE (act_before, forgotten, causes, populations, under_18, updated_at)
    ON violation TO pamoja_worker;
GRANT SELECT (organisation_id, violation_id), DELETE ON violation_author, violation_client, violation_note TO pamoja_worker;
GRANT SELECT (organisation_id, violation_id, month, kind), INSERT (organisation_id, violation_id, month, kind), DELETE ON violation_step TO pamoja_worker;
GRANT SELECT (organisation_id, violation_id, referral_id, brought, step, month), UPDATE (step, month), DELETE ON violation_link TO pamoja_worker;

-- A client's rights reach what the caseworker who acts for them may not read: these functions tell them nothing of it.
CREATE POLICY violation_erase ON violation FOR UPDATE TO pamoja_owner USING (organisation_id = tenant()) WITH CHECK (organisation_id = tenant());
CREATE POLICY violation_client_own ON violation_client FOR SELECT TO pamoja_owner USING (organisation_id = tenant());
CREATE POLICY violation_client_rotate ON violation_client FOR UPDATE TO pamoja_owner USING (organisation_id = tenant()) WITH CHECK (organisation_id = tenant());
CREATE POLICY violation_client_erase ON violation_client FOR DELETE TO pamoja_owner USING (organisation_id = tenant());
CREATE POLICY violation_note_own ON violation_note FOR SELECT TO pamoja_owner USING (organisation_id = tenant());
CREATE POLICY violation_note_erase ON violation_note FOR DELETE TO pamoja_owner USING (organisation_id = tenant());
CREATE POLICY violation_link_own ON violation_link FOR SELECT TO pamoja_owner USING (organisation_id = tenant());
CREATE POLICY violation_link_erase ON violation_link FOR DELETE TO pamoja_owner USING (organisation_id = tenant());
CREATE POLICY outbox_violation_own ON outbox FOR INSERT TO pamoja_owner WITH CHECK (organisation_id = tenant() AND kind = 'VIOLATION');

ALTER POLICY audit_entry_erase ON audit_entry WITH CHECK (
    organisation_id = tenant() AND user_id = acting_user() AND action IN ('eraseClient', 'rotateClientPseudonyms') AND door() = 'member' AND may_do(action)
);
CREATE FUNCTION erase_violations(of_client text) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET client_min_messages = warning AS $$
DECLARE
    erased uuid[];
BEGIN
    IF door() IS DISTINCT FROM 'member' OR NOT may_do('eraseClient') THEN
        RAISE EXCEPTION 'a client is erased by a caseworker' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT coalesce(array_agg(violation_id ORDER BY violation_id), '{}') INTO erased FROM violation_client
    WHERE organisation_id = tenant() AND client = of_client;
    PERFORM FROM violation WHERE organisation_id = tenant() AND id = ANY (erased) ORDER BY id FOR UPDATE;
    DELETE FROM violation_client WHERE organisation_id = tenant() AND violation_id = ANY (erased);
    DELETE FROM violation_note WHERE organisation_id = tenant() AND violation_id = ANY (erased);
    DELETE FROM violation_link WHERE organisation_id = tenant() AND violation_id = ANY (erased);
    UPDATE violation SET
        status = CASE WHEN status = 'ENTERED_IN_ERROR' THEN status ELSE 'CONSENT_WITHDRAWN' END, ended_in = coalesce(ended_in, present_month()),
        causes = '{}', populations = '{}', under_18 = 'NOT_STATED', act_before = NULL, end_reasons = '{}', not_reported_reasons = '{}', forgotten = true
    WHERE organisation_id = tenant() AND id = ANY (erased);
    INSERT INTO outbox (organisation_id, kind, node_id) SELECT tenant(), 'VIOLATION', unnest(erased);
    IF cardinality(erased) > 0 THEN
        INSERT INTO audit_entry (action) VALUES ('eraseClient');
    END IF;
    RETURN CASE WHEN on_own_device() AND acts_as(ARRAY['PARALEGAL']) THEN cardinality(erased) END;
END
$$;
COMMENT ON FUNCTION erase_violations(text) IS 'Erases what is personal of the violations under a pseudonym of the tenant; returns how many there were to whoever may read all of them, and null to others.';
CREATE FUNCTION rotate_violations(old text[], new text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET client_min_messages = warning AS $$
BEGIN
    IF door() IS DISTINCT FROM 'member' OR NOT may_do('rotateClientPseudonyms') THEN
        RAISE EXCEPTION 'pseudonyms are replaced by a caseworker' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Also where there are none: else the entry would tell.
    INSERT INTO audit_entry (action) VALUES ('rotateClientPseudonyms');
    WITH rotated AS (
        UPDATE violation_client SET client = rotation.new FROM unnest(rotate_violations.old, rotate_violations.new) AS rotation (old, new)
        WHERE organisation_id = tenant() AND client = rotation.old
        RETURNING violation_id
    )
    INSERT INTO outbox (organisation_id, kind, node_id) SELECT tenant(), 'VIOLATION', violation_id FROM rotated;
END
$$;
COMMENT ON FUNCTION rotate_violations(text[], text[]) IS 'Moves the violations under pseudonyms of the tenant to new ones.';
REVOKE ALL ON FUNCTION on_own_device(), reads_violation(uuid), documents_violation(uuid), note_violation_change(), erase_violations(text), rotate_violations(text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION on_own_device() TO pamoja_app;
GRANT EXECUTE ON FUNCTION reads_violation(uuid), documents_violation(uuid), erase_violations(text), rotate_violations(text[], text[]) TO pamoja_app;
