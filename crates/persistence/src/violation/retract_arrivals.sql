-- What somebody recorded by hand in the same month goes with it: the step is one.
WITH undone AS (
    SELECT link.violation_id, link.referral_id, link.step, link.month FROM violation_link AS link
    JOIN violation ON violation.organisation_id = link.organisation_id AND violation.id = link.violation_id AND violation.status = 'OPEN'
    JOIN referral_progress AS progress ON progress.from_organisation_id = link.organisation_id AND progress.referral_id = link.referral_id
        AND progress.status = ANY ($1::text[])
    WHERE link.organisation_id = (SELECT tenant()) AND link.month >= (SELECT present_month()) - interval '1 month'
    ORDER BY link.referral_id LIMIT $2
), unlinked AS (
    UPDATE violation_link AS link SET step = NULL, month = NULL FROM undone
    WHERE link.organisation_id = tenant() AND link.violation_id = undone.violation_id AND link.referral_id = undone.referral_id
), retracted AS (
    DELETE FROM violation_step AS step USING undone
    WHERE step.organisation_id = tenant() AND step.violation_id = undone.violation_id AND step.kind = undone.step AND step.month = undone.month
        AND NOT EXISTS (
            SELECT FROM violation_link AS other
            WHERE other.organisation_id = tenant() AND other.violation_id = step.violation_id AND other.step = step.kind AND other.month = step.month
                AND NOT EXISTS (SELECT FROM undone AS too WHERE too.violation_id = other.violation_id AND too.referral_id = other.referral_id)
        )
), changed AS (
    UPDATE violation SET updated_at = moment() WHERE organisation_id = tenant() AND id IN (SELECT violation_id FROM undone) RETURNING id
)
INSERT INTO outbox (organisation_id, kind, node_id) SELECT tenant(), 'VIOLATION', id FROM changed
