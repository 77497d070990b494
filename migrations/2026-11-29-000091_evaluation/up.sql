-- What several hosts' people thought and learned told one host of another's: mean and number less its own gave one person's scores. The
-- exact figures are the trainer's row. What a host reads is a row of its own, which the program writes where the rest is nobody or at
-- least five people.

CREATE TABLE training_evaluation (
    organisation_id uuid NOT NULL,
    session_id uuid NOT NULL,
    satisfaction_mean double precision CHECK (satisfaction_mean BETWEEN 1 AND 5),
    pre_score_mean double precision CHECK (pre_score_mean BETWEEN 0 AND 100),
    post_score_mean double precision CHECK (post_score_mean BETWEEN 0 AND 100),
    pairs integer CHECK (pairs >= 5),
    evaluated_at timestamptz NOT NULL DEFAULT moment(),
    PRIMARY KEY (organisation_id, session_id),
    FOREIGN KEY (organisation_id, session_id) REFERENCES training_session (trainer_organisation_id, id) ON DELETE CASCADE,
    CHECK (num_nulls(pre_score_mean, post_score_mean, pairs) % 3 = 0)
);
COMMENT ON TABLE training_evaluation IS 'PRIVATE organisation_id: what people thought and learned at the trainer''s sessions, exact; it stands seven days after it was first recorded.';
ALTER TABLE training_evaluation ENABLE ROW LEVEL SECURITY;
ALTER TABLE training_evaluation FORCE ROW LEVEL SECURITY;
CREATE POLICY training_evaluation_read ON training_evaluation FOR SELECT TO pamoja_app USING (organisation_id = tenant());
CREATE POLICY training_evaluation_add ON training_evaluation FOR INSERT TO pamoja_app WITH CHECK (organisation_id = tenant());
CREATE POLICY training_evaluation_change ON training_evaluation FOR UPDATE TO pamoja_app
    USING (organisation_id = tenant() AND evaluated_at > moment() - interval '168 hours') WITH CHECK (organisation_id = tenant());
GRANT SELECT (organisation_id, session_id, satisfaction_mean, pre_score_mean, post_score_mean, pairs, evaluated_at),
    INSERT (organisation_id, session_id, satisfaction_mean, pre_score_mean, post_score_mean, pairs),
    UPDATE (satisfaction_mean, pre_score_mean, post_score_mean, pairs)
    ON training_evaluation TO pamoja_app;

CREATE TABLE training_evaluation_for_host (
    trainer_organisation_id uuid NOT NULL,
    session_id uuid NOT NULL,
    host_organisation_id uuid NOT NULL,
    satisfaction_mean double precision CHECK (satisfaction_mean BETWEEN 1 AND 5 AND satisfaction_mean * 2 = trunc(satisfaction_mean * 2)),
    pre_score_mean double precision CHECK (pre_score_mean BETWEEN 0 AND 100 AND pre_score_mean * 2 = trunc(pre_score_mean * 2)),
    post_score_mean double precision CHECK (post_score_mean BETWEEN 0 AND 100 AND post_score_mean * 2 = trunc(post_score_mean * 2)),
    readable_at timestamptz NOT NULL,
    PRIMARY KEY (trainer_organisation_id, session_id, host_organisation_id),
    FOREIGN KEY (trainer_organisation_id, session_id) REFERENCES training_evaluation (organisation_id, session_id) ON DELETE CASCADE,
    CHECK (num_nulls(pre_score_mean, post_score_mean) % 2 = 0),
    CHECK (num_nonnulls(satisfaction_mean, pre_score_mean) > 0)
);
COMMENT ON TABLE training_evaluation_for_host IS 'HOSTED: what a host reads of an evaluation, rounded to halves, from when it stands; no row where it would tell of fewer than five people of others.';
CREATE INDEX training_evaluation_for_host_session ON training_evaluation_for_host (host_organisation_id, session_id);
ALTER TABLE training_evaluation_for_host ENABLE ROW LEVEL SECURITY;
ALTER TABLE training_evaluation_for_host FORCE ROW LEVEL SECURITY;
CREATE POLICY training_evaluation_for_host_read ON training_evaluation_for_host FOR SELECT TO pamoja_app
    USING (trainer_organisation_id = tenant() OR (host_organisation_id = tenant() AND readable_at <= moment()));
CREATE POLICY training_evaluation_for_host_add ON training_evaluation_for_host FOR INSERT TO pamoja_app WITH CHECK (trainer_organisation_id = tenant());
CREATE POLICY training_evaluation_for_host_remove ON training_evaluation_for_host FOR DELETE TO pamoja_app USING (trainer_organisation_id = tenant());
GRANT SELECT (trainer_organisation_id, session_id, host_organisation_id, satisfaction_mean, pre_score_mean, post_score_mean, readable_at),
    INSERT (trainer_organisation_id, session_id, host_organisation_id, satisfaction_mean, pre_score_mean, post_score_mean, readable_at), DELETE
    ON training_evaluation_for_host TO pamoja_app;

-- Of what was evaluated before, a host whose people were alone reads its own; the rest stays the trainer's.
ALTER TABLE training_session NO FORCE ROW LEVEL SECURITY;
ALTER TABLE training_evaluation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE training_evaluation_for_host NO FORCE ROW LEVEL SECURITY;
INSERT INTO training_evaluation (organisation_id, session_id, satisfaction_mean, pre_score_mean, post_score_mean, pairs, evaluated_at)
SELECT trainer_organisation_id, id, satisfaction_mean, pre_score_mean, post_score_mean, pairs, evaluated_at
FROM training_session WHERE evaluated_at IS NOT NULL;
INSERT INTO training_evaluation_for_host
    (trainer_organisation_id, session_id, host_organisation_id, satisfaction_mean, pre_score_mean, post_score_mean, readable_at)
SELECT trainer_organisation_id, id, hosts[1], round(satisfaction_mean * 2) / 2, round(pre_score_mean * 2) / 2, round(post_score_mean * 2) / 2, evaluated_at
FROM training_session WHERE evaluated_at IS NOT NULL AND cardinality(hosts) = 1 AND num_nonnulls(satisfaction_mean, pre_score_mean) > 0;
ALTER TABLE training_evaluation_for_host FORCE ROW LEVEL SECURITY;
ALTER TABLE training_evaluation FORCE ROW LEVEL SECURITY;
ALTER TABLE training_session FORCE ROW LEVEL SECURITY;
ALTER TABLE training_session DROP COLUMN satisfaction_mean, DROP COLUMN pre_score_mean, DROP COLUMN post_score_mean, DROP COLUMN pairs, DROP COLUMN evaluated_at;
COMMENT ON TABLE training_satisfaction IS 'DIRECTORY: how satisfied people were with an organisation''s trainings on a topic, each host weighing the same from five people on, as it was when that month began, rounded to halves; no row below the threshold.';
