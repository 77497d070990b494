DO $$
DECLARE
    before text := pg_get_functiondef('was_done(text, uuid)'::regprocedure);
    after text := regexp_replace(before, '\n +WHEN ''planSensitisation'' THEN.*?(\n +WHEN ''createService'' THEN)', '\1');
BEGIN
    IF after = before OR after LIKE '%sensitisation_plan%' THEN
        RAISE EXCEPTION 'was_done is another than this migration was written for';
    END IF;
    EXECUTE after;
END
$$;
DO $$
DECLARE
    before text := pg_get_functiondef('check_recorded'::regproc);
    after text := regexp_replace(before, '\n +WHEN ''plan_id'' THEN.*?training_request_id;', '');
BEGIN
    IF after = before OR after LIKE '%plan_id%' THEN
        RAISE EXCEPTION 'check_recorded is another than this migration was written for';
    END IF;
    EXECUTE after;
END
$$;
DROP TRIGGER training_event_recorded_insert ON training_event;
CREATE CONSTRAINT TRIGGER training_event_recorded_insert AFTER INSERT ON training_event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (door() = 'member')
    EXECUTE FUNCTION check_training_recorded('request_id', 'acceptTrainingRequest declineTrainingRequest requestTraining cancelTraining recordTrainingDelivered recordTrainingEvaluation scheduleTraining');
DROP TRIGGER violation_forgets_sensitisation ON violation;
DROP FUNCTION forget_sensitisation();
DROP TABLE violation_sensitisation CASCADE;
DROP TABLE sensitisation_plan CASCADE;
DROP FUNCTION enough_receivers(text);
DROP FUNCTION has_reason(uuid);
DROP DOMAIN sensitisation_status CASCADE;
