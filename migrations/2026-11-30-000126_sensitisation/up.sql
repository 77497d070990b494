-- Plans for a sensitisation: a wish for a training of those who turned people away, without what it stems from. Whoever manages trainings
-- reads them, and no violation. Which violations are the reason stands in rows that only the readers of these see; nothing refers by
-- foreign key to a plan: the lock would be seen.

CREATE DOMAIN sensitisation_status AS text;
ALTER DOMAIN sensitisation_status ADD CONSTRAINT sensitisation_status_check CHECK (VALUE IN ('PLANNED', 'RELEASED', 'DROPPED'));

CREATE TABLE sensitisation_plan (
    organisation_id uuid NOT NULL DEFAULT tenant(),
    id uuid NOT NULL,
    topic training_topic NOT NULL,
    audience cadre NOT NULL,
    county_code county_code NOT NULL,
    releasable_from date NOT NULL CHECK (extract(day FROM releasable_from) = 1),
    status sensitisation_status NOT NULL DEFAULT 'PLANNED',
    training_request_id uuid,
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT sensitisation_plan_releasable_from_readable CHECK (isfinite(releasable_from) AND releasable_from >= '0001-01-01' AND releasable_from < '10000-01-01')
);
COMMENT ON TABLE sensitisation_plan IS 'PRIVATE: plans for a sensitisation; read by whoever documents violations or manages trainings, and without any link to a violation.';
COMMENT ON COLUMN sensitisation_plan.releasable_from IS 'The first day on which the request can go out: the first of a month, so that it tells nothing of when the plan was made.';
COMMENT ON COLUMN sensitisation_plan.training_request_id IS 'The request that went out. It is named and not referred to: a foreign key would lock its row, which the trainer reads.';
CREATE INDEX sensitisation_plan_planned ON sensitisation_plan (organisation_id, releasable_from DESC, id) WHERE status = 'PLANNED';
CREATE INDEX sensitisation_plan_ended ON sensitisation_plan (organisation_id, releasable_from DESC, id) WHERE status <> 'PLANNED';

CREATE TABLE violation_sensitisation (
    organisation_id uuid NOT NULL DEFAULT tenant(),
    violation_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    PRIMARY KEY (organisation_id, violation_id, plan_id),
    FOREIGN KEY (organisation_id, violation_id) REFERENCES violation (organisation_id, id)
);
COMMENT ON TABLE violation_sensitisation IS 'PRIVATE: which violations a plan for a sensitisation has as its reason, until they are forgotten.';

ALTER TABLE sensitisation_plan ENABLE ROW LEVEL SECURITY;
ALTER TABLE sensitisation_plan FORCE ROW LEVEL SECURITY;
-- Whoever documents sees plans on a device of their own alone: a plan tells that there is a violation.
CREATE POLICY sensitisation_plan_read ON sensitisation_plan FOR SELECT TO pamoja_app USING (
    organisation_id = (SELECT tenant()) AND (SELECT acts_as(ARRAY['TRAINER', 'ORGANISATION_ADMIN'])
        OR (on_own_device() AND acts_as(ARRAY['PEER_EDUCATOR', 'CASEWORKER', 'PARALEGAL'])))
);
-- A plan is made of violations, which nobody reads on a shared device.
CREATE POLICY sensitisation_plan_add ON sensitisation_plan FOR INSERT TO pamoja_app WITH CHECK (
    organisation_id = tenant() AND status = 'PLANNED' AND on_own_device() AND acts_as(ARRAY['PEER_EDUCATOR', 'CASEWORKER', 'PARALEGAL'])
    AND releasable_from >= (moment() AT TIME ZONE interval '3 hours')::date + 14
);
CREATE POLICY sensitisation_plan_change ON sensitisation_plan FOR UPDATE TO pamoja_app USING (
    organisation_id = (SELECT tenant()) AND status = 'PLANNED' AND (SELECT acts_as(ARRAY['TRAINER', 'ORGANISATION_ADMIN'])
        OR (on_own_device() AND acts_as(ARRAY['PEER_EDUCATOR', 'CASEWORKER', 'PARALEGAL'])))
) WITH CHECK (false);
GRANT SELECT (organisation_id, id, topic, audience, county_code, releasable_from, status, training_request_id),
    INSERT (id, topic, audience, county_code, releasable_from), UPDATE (status, training_request_id) ON sensitisation_plan TO pamoja_app;

ALTER TABLE violation_sensitisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE violation_sensitisation FORCE ROW LEVEL SECURITY;
CREATE POLICY violation_sensitisation_read ON violation_sensitisation FOR SELECT TO pamoja_app
    USING (organisation_id = (SELECT tenant()) AND reads_violation(violation_id));
CREATE POLICY violation_sensitisation_add ON violation_sensitisation FOR INSERT TO pamoja_app
    WITH CHECK (organisation_id = tenant() AND reads_violation(violation_id));
-- What is forgotten is no reason any more.
CREATE POLICY violation_sensitisation_true ON violation_sensitisation AS RESTRICTIVE FOR INSERT TO pamoja_app WITH CHECK (EXISTS (
    SELECT FROM violation WHERE violation.organisation_id = violation_sensitisation.organisation_id AND violation.id = violation_sensitisation.violation_id
        AND violation.status IN ('OPEN', 'ENDED') AND NOT violation.forgotten
));
GRANT SELECT (organisation_id, violation_id, plan_id), INSERT (violation_id, plan_id) ON violation_sensitisation TO pamoja_app;
CREATE POLICY violation_sensitisation_own ON violation_sensitisation FOR SELECT TO pamoja_owner USING (organisation_id = (SELECT tenant()));
CREATE POLICY violation_sensitisation_forget ON violation_sensitisation FOR DELETE TO pamoja_owner USING (organisation_id = (SELECT tenant()));

CREATE FUNCTION forget_sensitisation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET client_min_messages = warning AS $$
BEGIN
    DELETE FROM violation_sensitisation WHERE organisation_id = NEW.organisation_id AND violation_id = NEW.id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION forget_sensitisation() IS 'Forgets of which plans a forgotten violation is a reason.';
CREATE TRIGGER violation_forgets_sensitisation AFTER UPDATE OF forgotten ON violation FOR EACH ROW
    WHEN (NEW.forgotten AND NOT OLD.forgotten) EXECUTE FUNCTION forget_sensitisation();

-- Whether a request would name whom it is about. Who manages trainings reads no referral, and is told this alone: neither how many receivers
-- there are nor when anybody was referred to them.
CREATE FUNCTION enough_receivers(county text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET client_min_messages = warning AS $$
BEGIN
    IF door() IS DISTINCT FROM 'member' OR NOT (may_do('planSensitisation') OR may_do('releaseSensitisation')) THEN
        RAISE EXCEPTION 'it is asked by whoever plans or releases a sensitisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN (
        SELECT count(DISTINCT referral.to_organisation_id) >= 3
        FROM referral JOIN referral_progress AS progress
            ON progress.from_organisation_id = referral.from_organisation_id AND progress.referral_id = referral.id
        WHERE referral.from_organisation_id = (SELECT tenant()) AND referral.county_code = enough_receivers.county
            AND referral.to_organisation_id <> referral.from_organisation_id
            AND referral.created_at > (SELECT moment()) - interval '180 days' AND progress.status NOT IN ('CANCELLED', 'ENTERED_IN_ERROR')
            -- Those who provide no health services aren't who could be meant.
            AND referral.service_type NOT IN ('CRISIS_RESPONSE', 'SHELTER', 'RELOCATION', 'LEGAL_AID', 'PARALEGAL', 'DETENTION_VISIT', 'DIGITAL_SAFETY', 'NUTRITION', 'ECONOMIC_EMPOWERMENT', 'TRANSPORT_SUPPORT', 'IDENTITY_DOCUMENTS', 'OTHER')
    );
END
$$;
COMMENT ON FUNCTION enough_receivers(text) IS 'Whether the tenant referred clients of a county to at least three other members for health services within 180 days.';

-- A plan whose reasons are all withdrawn, erased, forgotten or entered in error doesn't go out. Nobody is told so before its day: the plan
-- itself doesn't change with them.
CREATE FUNCTION has_reason(plan uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET client_min_messages = warning AS $$
BEGIN
    IF door() IS DISTINCT FROM 'member' OR NOT may_do('releaseSensitisation') THEN
        RAISE EXCEPTION 'it is asked by whoever releases a sensitisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NOT EXISTS (
        SELECT FROM sensitisation_plan
        WHERE organisation_id = tenant() AND id = has_reason.plan AND releasable_from <= (moment() AT TIME ZONE interval '3 hours')::date
    ) OR EXISTS (
        SELECT FROM violation_sensitisation AS reason
        JOIN violation ON violation.organisation_id = reason.organisation_id AND violation.id = reason.violation_id
        WHERE reason.organisation_id = tenant() AND reason.plan_id = has_reason.plan AND violation.status IN ('OPEN', 'ENDED')
    );
END
$$;
COMMENT ON FUNCTION has_reason(uuid) IS 'Whether a plan that may go out still has a violation as its reason. True of every plan before its day.';
REVOKE ALL ON FUNCTION forget_sensitisation(), enough_receivers(text), has_reason(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION enough_receivers(text), has_reason(uuid) TO pamoja_app;
ALTER POLICY sensitisation_plan_change ON sensitisation_plan WITH CHECK (
    organisation_id = tenant() AND CASE status
        WHEN 'RELEASED' THEN training_request_id IS NOT NULL AND acts_as(ARRAY['TRAINER', 'ORGANISATION_ADMIN'])
            AND releasable_from <= (moment() AT TIME ZONE interval '3 hours')::date AND has_reason(id)
        ELSE training_request_id IS NULL
    END
);

DO $$
DECLARE
    before text := pg_get_functiondef('check_recorded'::regproc);
    after text := replace(before, 'WHEN ''batch_id'' THEN named := changed.batch_id;', 'WHEN ''batch_id'' THEN named := changed.batch_id;
        WHEN ''plan_id'' THEN named := changed.plan_id;
        WHEN ''training_request_id'' THEN named := changed.training_request_id;');
BEGIN
    IF length(after) < length(before) + 100 THEN
        RAISE EXCEPTION 'check_recorded is another than this migration was written for';
    END IF;
    EXECUTE after;
END
$$;
DO $$
DECLARE
    rule record;
BEGIN
    FOR rule IN SELECT * FROM (VALUES
        ('sensitisation_plan', 'INSERT', '', '', 'id', 'planSensitisation'),
        ('sensitisation_plan', 'UPDATE', '_dropped', ' AND NEW.training_request_id IS NULL', 'id', 'dropSensitisation'),
        -- The entry names the request, as that of any other request does.
        ('sensitisation_plan', 'UPDATE', '_released', ' AND NEW.training_request_id IS NOT NULL', 'training_request_id', 'releaseSensitisation'),
        ('violation_sensitisation', 'INSERT', '', '', 'plan_id', 'planSensitisation')
    ) AS listed (name, operation, suffix, condition, node, actions) LOOP
        EXECUTE format(
            'CREATE CONSTRAINT TRIGGER %I AFTER %s ON %I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (%s) EXECUTE FUNCTION check_recorded(%L, %L)',
            rule.name || '_recorded_' || lower(rule.operation) || rule.suffix, rule.operation, rule.name, $c$door() = 'member'$c$ || rule.condition, rule.node, rule.actions
        );
    END LOOP;
END
$$;
DROP TRIGGER training_event_recorded_insert ON training_event;
CREATE CONSTRAINT TRIGGER training_event_recorded_insert AFTER INSERT ON training_event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (door() = 'member')
    EXECUTE FUNCTION check_training_recorded('request_id', 'acceptTrainingRequest declineTrainingRequest releaseSensitisation requestTraining cancelTraining recordTrainingDelivered recordTrainingEvaluation scheduleTraining');
DO $$
DECLARE
    before text := pg_get_functiondef('was_done(text, uuid)'::regprocedure);
    after text := replace(before, 'WHEN ''createService'' THEN',
        'WHEN ''planSensitisation'' THEN
            RETURN EXISTS (SELECT FROM sensitisation_plan WHERE organisation_id = tenant() AND id = node AND status = ''PLANNED'');
        WHEN ''releaseSensitisation'' THEN
            RETURN EXISTS (SELECT FROM sensitisation_plan WHERE organisation_id = tenant() AND training_request_id = node AND status = ''RELEASED'')
                AND EXISTS (SELECT FROM training_request WHERE from_organisation_id = tenant() AND id = node AND created_at = moment());
        WHEN ''dropSensitisation'' THEN
            RETURN EXISTS (SELECT FROM sensitisation_plan WHERE organisation_id = tenant() AND id = node AND status = ''DROPPED'');
        WHEN ''createService'' THEN');
BEGIN
    IF length(after) < length(before) + 300 THEN
        RAISE EXCEPTION 'was_done is another than this migration was written for';
    END IF;
    EXECUTE after;
END
$$;
CREATE POLICY sensitisation_plan_own ON sensitisation_plan FOR SELECT TO pamoja_owner USING (organisation_id = (SELECT tenant()));
