SELECT count(*) AS planned
FROM (SELECT FROM sensitisation_plan WHERE organisation_id = (SELECT tenant()) AND status = 'PLANNED' LIMIT $1) AS waiting
