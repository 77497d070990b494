INSERT INTO violation_retention (organisation_id, days) VALUES (tenant(), $1)
ON CONFLICT (organisation_id) DO UPDATE SET days = excluded.days
