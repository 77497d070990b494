INSERT INTO violation_step (violation_id, month, kind)
SELECT $1::uuid, step.month, step.kind FROM unnest($2::date[], $3::text[]) AS step (month, kind)
ON CONFLICT DO NOTHING
