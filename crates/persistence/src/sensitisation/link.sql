INSERT INTO violation_sensitisation (violation_id, plan_id) SELECT DISTINCT violation_id, $1::uuid FROM unnest($2::uuid[]) AS violation_id
