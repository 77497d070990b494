-- The latest closed month of which something is missing or struck, from the first in which the organisation has anything to count, and
-- what strikes it.
WITH first (side, month) AS (
    SELECT 'SENT', figure_month(least(
        (SELECT created_at FROM referral WHERE from_organisation_id = (SELECT tenant()) ORDER BY created_at LIMIT 1),
        (
            SELECT min(session.delivered_at) FROM training_participants AS came
            JOIN training_session AS session ON session.trainer_organisation_id = came.trainer_organisation_id AND session.id = came.session_id
            WHERE came.host_organisation_id = (SELECT tenant())
        )
    ))
    UNION ALL
    SELECT 'RECEIVED', figure_month(least(
        (SELECT created_at FROM referral WHERE to_organisation_id = (SELECT tenant()) ORDER BY created_at LIMIT 1),
        (SELECT min(delivered_at) FROM training_session WHERE trainer_organisation_id = (SELECT tenant()))
    ))
), looked_at AS (
    SELECT side, generate_series(month::timestamp, $1::date::timestamp, interval '1 month')::date AS month FROM first
    UNION
    SELECT side, month FROM own_figure_change WHERE organisation_id = (SELECT tenant())
)
SELECT looked_at.side::text AS side, looked_at.month, struck.changes FROM looked_at
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(change.id), '{}') AS changes FROM own_figure_change AS change
    WHERE change.organisation_id = (SELECT tenant()) AND change.side = looked_at.side AND change.month = looked_at.month
) AS struck
WHERE cardinality(struck.changes) > 0 OR (
    SELECT count(*) FROM own_figure AS figure
    WHERE figure.organisation_id = (SELECT tenant()) AND figure.side = looked_at.side AND figure.month = looked_at.month
        AND figure.rule = ANY ($2::text[])
) < $3
ORDER BY looked_at.month DESC, looked_at.side DESC LIMIT 1
