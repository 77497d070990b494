DELETE FROM violation_step
WHERE organisation_id = (SELECT tenant()) AND violation_id = $1::uuid
    AND (month, kind) IN (SELECT step.month, step.kind FROM unnest($2::date[], $3::text[]) AS step (month, kind))
