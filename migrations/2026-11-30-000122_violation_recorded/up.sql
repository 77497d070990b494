-- Who hears of a change of a violation, and what the audit must say of it.

-- Of a change of a violation hears whoever may read it, and nobody else learns that there was one.
ALTER POLICY outbox_read ON outbox USING (
    organisation_id = (SELECT tenant()) AND CASE WHEN kind = 'VIOLATION' THEN reads_violation(node_id) ELSE true END
);
-- Nor does a session hear that there is news, where it may not read what is new.
GRANT SELECT (kind, node_id) ON outbox TO pamoja_gate;
CREATE POLICY violation_author_gate ON violation_author FOR SELECT TO pamoja_gate USING (true);
GRANT SELECT (organisation_id, violation_id, user_id) ON violation_author TO pamoja_gate;
CREATE OR REPLACE FUNCTION news_for(organisations uuid[], members uuid[], sessions uuid[], secrets uuid[], positions bigint[])
RETURNS TABLE (place bigint, news boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET client_min_messages = warning AS $$
    -- By the order in both, and not by subscripts: an array may begin at another one than 1.
    SELECT proved.place, EXISTS (
        SELECT FROM outbox
        WHERE outbox.organisation_id = asked.organisation AND outbox.position > asked.after AND CASE
            WHEN outbox.kind <> 'VIOLATION' THEN true
            -- As reads_violation has it. A test compares them.
            WHEN proved.device IS DISTINCT FROM 'own' THEN false
            WHEN proved.roles && ARRAY['PARALEGAL'] THEN true
            WHEN proved.roles && ARRAY['PEER_EDUCATOR', 'CASEWORKER'] THEN EXISTS (
                SELECT FROM violation_author AS author
                WHERE author.organisation_id = outbox.organisation_id AND author.violation_id = outbox.node_id AND author.user_id = asked.member
            )
        END
    )
    FROM sessions_in_force(organisations, members, sessions, secrets) AS proved
    JOIN unnest(organisations, members, positions) WITH ORDINALITY AS asked (organisation, member, after, place) ON asked.place = proved.place
$$;
COMMENT ON FUNCTION news_for(uuid[], uuid[], uuid[], uuid[], bigint[]) IS 'Of these sessions, those that are proved and in force, by their places, each with whether its organisation has changes after its position that it may hear of.';
CREATE POLICY outbox_add_violation ON outbox FOR INSERT TO pamoja_app WITH CHECK (
    kind = 'VIOLATION' AND organisation_id = tenant() AND (documents_violation(node_id) OR reads_violation(node_id))
);
CREATE POLICY outbox_job_add_violation ON outbox FOR INSERT TO pamoja_worker WITH CHECK (kind = 'VIOLATION' AND organisation_id = tenant());

-- The audit is written by members and read by none of them: it would tell every colleague who documented something, and when.
DROP POLICY audit_entry_read ON audit_entry;
REVOKE SELECT ON audit_entry FROM pamoja_app;
DO $$
BEGIN
    EXECUTE (SELECT format('REVOKE SELECT (%s) ON audit_entry FROM pamoja_app', string_agg(quote_ident(attname), ', '))
        FROM pg_attribute WHERE attrelid = 'audit_entry'::regclass AND attnum > 0 AND NOT attisdropped);
END
$$;

-- Who may do what. An entry about a violation names it under a key outside the database, so that the audit read alone doesn't
-- give each violation its minute: what was changed can't be compared with it, but the operation can.
CREATE OR REPLACE FUNCTION may_do(operation text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN acts_as(CASE
        -- Whoever goes along with a client makes the moves of both parties.
        WHEN operation IN ('acceptReferral', 'allocateSlips', 'amendReferral', 'answerCheckIn', 'cancelReferral', 'checkInReferral',
            'checkInReferralWithoutSlip', 'clientRecord', 'completeReferral', 'createReferral', 'declineReferral', 'dismissTask',
            'markReferralEnteredInError', 'markReferralNoShow', 'markReferralNotCompleted', 'moveReferral', 'recordClientReport', 'referInstead',
            'reissueReferralSlip', 'reopenReferral', 'scheduleReferral', 'undoReferralMove', 'waitlistReferral', 'withdrawReferralConsent')
            THEN ARRAY['PEER_EDUCATOR', 'CASEWORKER']
        WHEN operation IN ('assignReferral', 'eraseClient', 'referralBySlip', 'rotateClientPseudonyms') THEN ARRAY['CASEWORKER']
        WHEN operation IN ('confirmService', 'pauseServices', 'setServiceCapacity') THEN ARRAY['CASEWORKER', 'ORGANISATION_ADMIN']
        WHEN operation IN ('closeService', 'createService', 'updateOrganisationContact', 'updateService') THEN ARRAY['ORGANISATION_ADMIN']
        WHEN operation IN ('acceptTrainingRequest', 'cancelTraining', 'closeTrainingOffer', 'createTrainingOffer', 'declineTrainingRequest',
            'recordTrainingDelivered', 'recordTrainingEvaluation', 'recordTrainingFollowUp', 'requestTraining', 'scheduleTraining',
            'updateTrainingOffer')
            THEN ARRAY['TRAINER', 'ORGANISATION_ADMIN']
        WHEN operation IN ('correctViolation', 'documentViolation', 'endViolation', 'markViolationEnteredInError', 'recordViolationStep',
            'reopenViolation', 'replaceViolationNote', 'violation', 'violations', 'withdrawViolationConsent')
            THEN ARRAY['PEER_EDUCATOR', 'CASEWORKER', 'PARALEGAL']
        WHEN operation = 'planSensitisation' THEN ARRAY['PEER_EDUCATOR', 'CASEWORKER', 'PARALEGAL']
        WHEN operation = 'releaseSensitisation' THEN ARRAY['TRAINER', 'ORGANISATION_ADMIN']
        WHEN operation = 'dropSensitisation' THEN ARRAY['PEER_EDUCATOR', 'CASEWORKER', 'PARALEGAL', 'TRAINER', 'ORGANISATION_ADMIN']
        WHEN operation = 'violationFunnel' THEN ARRAY['ANALYST', 'PARALEGAL']
    END);
DO $$
DECLARE
    before text := pg_get_functiondef('was_done(text, uuid)'::regprocedure);
    after text := replace(before, 'WHEN ''pauseServices'', ''updateOrganisationContact'' THEN RETURN node = tenant();',
        'WHEN ''pauseServices'', ''updateOrganisationContact'' THEN RETURN node = tenant();
        WHEN ''correctViolation'', ''documentViolation'', ''endViolation'', ''markViolationEnteredInError'', ''recordViolationStep'',
            ''reopenViolation'', ''replaceViolationNote'', ''violation'', ''withdrawViolationConsent''
        THEN
            -- It is named under a key that the database doesn''t have.
            RETURN node IS NOT NULL;
        -- An erasure names each referral, by erase_clients alone. Without a name it is of violations, or found nothing.
        WHEN ''eraseClient'', ''violations'', ''violationFunnel'' THEN RETURN node IS NULL;');
BEGIN
    IF length(after) < length(before) + 300 THEN
        RAISE EXCEPTION 'was_done is another than this migration was written for';
    END IF;
    EXECUTE after;
END
$$;

-- An erasure that names no referral left none behind.
DO $$
DECLARE
    called regproc := (SELECT tgfoid FROM pg_trigger WHERE tgrelid = 'audit_entry'::regclass AND tgname = 'audit_entry_erased');
BEGIN
    DROP TRIGGER audit_entry_erased ON audit_entry;
    EXECUTE format($trigger$
        CREATE CONSTRAINT TRIGGER audit_entry_erased AFTER INSERT ON audit_entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
            WHEN (door() = 'member' AND NEW.action IN ('eraseClient', 'withdrawReferralConsent') AND NEW.node_id IS NOT NULL) EXECUTE FUNCTION %s()$trigger$, called);
END
$$;

DO $$
DECLARE
    rule record;
BEGIN
    FOR rule IN SELECT * FROM (VALUES
        ('violation', 'INSERT', NULL, '', 'documentViolation'),
        ('violation', 'UPDATE', 'types perpetrators causes populations county_code people_affected occurred_in not_reported_reasons act_before', 'corrected', 'correctViolation eraseClient withdrawViolationConsent'),
        ('violation', 'UPDATE', 'under_18 forgotten', 'erased', 'eraseClient withdrawViolationConsent'),
        ('violation', 'UPDATE', 'status outcome ended_in end_reasons', 'moved', 'endViolation eraseClient markViolationEnteredInError reopenViolation withdrawViolationConsent'),
        ('violation_author', 'INSERT', NULL, '', 'documentViolation'),
        ('violation_client', 'INSERT', NULL, '', 'documentViolation'),
        ('violation_client', 'DELETE', NULL, '', 'eraseClient withdrawViolationConsent'),
        ('violation_note', 'INSERT', NULL, '', 'documentViolation replaceViolationNote'),
        ('violation_note', 'DELETE', NULL, '', 'eraseClient replaceViolationNote withdrawViolationConsent'),
        ('violation_step', 'INSERT', NULL, '', 'documentViolation recordViolationStep'),
        ('violation_step', 'DELETE', NULL, '', 'correctViolation'),
        ('violation_link', 'INSERT', NULL, '', 'createReferral documentViolation'),
        ('violation_link', 'DELETE', NULL, '', 'eraseClient withdrawViolationConsent')
    ) AS listed (name, operation, columns, suffix, actions) LOOP
        EXECUTE format(
            'CREATE CONSTRAINT TRIGGER %I AFTER %s ON %I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (%s) EXECUTE FUNCTION check_recorded('''', %L)',
            rule.name || '_recorded_' || lower(rule.operation) || CASE rule.suffix WHEN '' THEN '' ELSE '_' || rule.suffix END,
            rule.operation || coalesce(' OF ' || replace(rule.columns, ' ', ', '), ''), rule.name,
            $c$door() = 'member'$c$ || coalesce(' AND (' || (
                SELECT string_agg(format('NEW.%1$I IS DISTINCT FROM OLD.%1$I', changing), ' OR ') FROM unnest(string_to_array(rule.columns, ' ')) AS changing
            ) || ')', ''),
            rule.actions
        );
    END LOOP;
END
$$;
