-- For each topic, the mean of the hosts' means, rounded to halves, so that each host weighs the same. A session counts when its
-- evaluation stood before this month and all of its hosts may read it; a host, from five of its people on. It needs at least three
-- sessions and three hosts.
INSERT INTO training_satisfaction (organisation_id, topic, month, satisfaction)
WITH counted AS (
    SELECT session.topic, session.id, told.host_organisation_id AS host, evaluation.satisfaction_mean,
        (
            SELECT sum(came.count) FROM training_participants AS came
            WHERE came.trainer_organisation_id = session.trainer_organisation_id AND came.session_id = session.id
                AND came.host_organisation_id = told.host_organisation_id
        ) AS people
    FROM training_session AS session
    JOIN training_evaluation AS evaluation
        ON evaluation.organisation_id = session.trainer_organisation_id AND evaluation.session_id = session.id
    JOIN training_evaluation_for_host AS told
        ON told.trainer_organisation_id = session.trainer_organisation_id AND told.session_id = session.id
    WHERE session.trainer_organisation_id = tenant() AND told.satisfaction_mean IS NOT NULL
        AND (evaluation.evaluated_at AT TIME ZONE 'UTC' + interval '171 hours')::date < present_month()
        AND cardinality(session.hosts) = (
            SELECT count(*) FROM training_evaluation_for_host AS each
            WHERE each.trainer_organisation_id = session.trainer_organisation_id AND each.session_id = session.id
                AND each.satisfaction_mean IS NOT NULL
        )
), by_host AS (
    SELECT topic, host, avg(satisfaction_mean) AS mean FROM counted GROUP BY topic, host HAVING sum(people) >= 5
)
SELECT tenant(), topic, present_month(), round(avg(mean) * 2) / 2
FROM by_host
GROUP BY topic
HAVING count(*) >= 3 AND (
    SELECT count(DISTINCT counted.id) FROM counted JOIN by_host AS counting USING (topic, host) WHERE counted.topic = by_host.topic
) >= 3
ON CONFLICT (organisation_id, topic) DO NOTHING
