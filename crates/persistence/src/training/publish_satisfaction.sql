-- For each topic, the mean of the hosts' means, rounded to halves, so that each host weighs the same. It needs at least three
-- sessions and three hosts, and counts only what was recorded before this month.
INSERT INTO training_satisfaction (organisation_id, topic, month, satisfaction)
SELECT tenant(), topic, present_month(), round(avg(mean) * 2) / 2
FROM (
    SELECT topic, host, avg(satisfaction_mean) AS mean
    FROM training_session, unnest(hosts) AS host
    WHERE trainer_organisation_id = tenant() AND satisfaction_mean IS NOT NULL
        AND (evaluated_at AT TIME ZONE 'UTC' + interval '3 hours')::date < present_month()
    GROUP BY topic, host
) AS by_host
GROUP BY topic
HAVING count(*) >= 3 AND (
    SELECT count(DISTINCT id) FROM training_session AS held
    WHERE held.trainer_organisation_id = tenant() AND held.topic = by_host.topic AND held.satisfaction_mean IS NOT NULL
        AND (held.evaluated_at AT TIME ZONE 'UTC' + interval '3 hours')::date < present_month()
) >= 3
ON CONFLICT (organisation_id, topic) DO NOTHING
