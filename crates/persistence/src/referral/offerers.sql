SELECT DISTINCT service.organisation_id FROM service JOIN organisation ON organisation.id = service.organisation_id
WHERE organisation.status = 'ACTIVE' AND service.organisation_id <> tenant() AND service.closed_at IS NULL AND NOT service.paused
  AND service.service_type = $1 AND service.county_code = $2 AND (service.accepts_minors OR NOT $3)
