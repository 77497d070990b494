ALTER TABLE training_session
    ADD COLUMN satisfaction_mean double precision CHECK (satisfaction_mean BETWEEN 1 AND 5),
    ADD COLUMN pre_score_mean double precision CHECK (pre_score_mean BETWEEN 0 AND 100),
    ADD COLUMN post_score_mean double precision CHECK (post_score_mean BETWEEN 0 AND 100),
    ADD COLUMN pairs integer CHECK (pairs >= 5),
    ADD COLUMN evaluated_at timestamptz,
    ADD CHECK (num_nulls(pre_score_mean, post_score_mean, pairs) % 3 = 0),
    ADD CHECK (evaluated_at IS NULL OR delivered_at IS NOT NULL);
GRANT SELECT (satisfaction_mean, pre_score_mean, post_score_mean, pairs, evaluated_at),
    UPDATE (satisfaction_mean, pre_score_mean, post_score_mean, pairs, evaluated_at)
    ON training_session TO pamoja_app;
ALTER TABLE training_session NO FORCE ROW LEVEL SECURITY;
ALTER TABLE training_evaluation NO FORCE ROW LEVEL SECURITY;
UPDATE training_session SET satisfaction_mean = known.satisfaction_mean, pre_score_mean = known.pre_score_mean,
    post_score_mean = known.post_score_mean, pairs = known.pairs, evaluated_at = known.evaluated_at
FROM training_evaluation AS known
WHERE known.organisation_id = training_session.trainer_organisation_id AND known.session_id = training_session.id;
ALTER TABLE training_session FORCE ROW LEVEL SECURITY;
DROP TABLE training_evaluation_for_host;
DROP TABLE training_evaluation;
COMMENT ON TABLE training_satisfaction IS 'DIRECTORY: how satisfied people were with an organisation''s trainings on a topic as it was when that month began, rounded to halves; no row below the threshold.';
