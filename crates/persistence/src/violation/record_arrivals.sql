WITH arrived AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::text[]) AS arrived (violation_id, referral_id, month, kind)
), recorded AS (
    INSERT INTO violation_step (organisation_id, violation_id, month, kind)
    SELECT DISTINCT tenant(), violation_id, month, kind FROM arrived
    ON CONFLICT DO NOTHING
), linked AS (
    UPDATE violation_link AS link SET step = arrived.kind, month = arrived.month FROM arrived
    WHERE link.organisation_id = tenant() AND link.violation_id = arrived.violation_id AND link.referral_id = arrived.referral_id
), changed AS (
    UPDATE violation SET updated_at = moment() WHERE organisation_id = tenant() AND id = ANY ($1) RETURNING id
)
INSERT INTO outbox (organisation_id, kind, node_id) SELECT tenant(), 'VIOLATION', id FROM changed
