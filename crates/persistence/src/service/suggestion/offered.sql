-- The nearest come first. The limit of a thousand is many times what the whole country offers of one type.
SELECT service.id, service.organisation_id, service.service_type, service.name, service.county_code, service.populations,
    service.accepts_minors, service.facility_id, service.capacity, service.capacity_updated_at, service.closed_at, service.checked_at,
    service.paused, service.hours, service.languages, service.line,
    (facility.operational IS FALSE) AS facility_closed,
    (service.facility_id IS NOT NULL AND facility.key_population_friendly IS NOT TRUE) AS unfriendly,
    organisation.name AS organisation_name
FROM service JOIN organisation ON organisation.id = service.organisation_id
    LEFT JOIN facility ON facility.id = service.facility_id
WHERE service.service_type = $1 AND service.closed_at IS NULL AND organisation.status = 'ACTIVE'
ORDER BY service.county_code <> $2, service.county_code <> ALL ($3), service.id
LIMIT 1000
