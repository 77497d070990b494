-- Services, each with whether its place is not known to be friendly to key populations. A member's own place counts as friendly;
-- a facility counts as friendly when the register says so.
SELECT service.id, service.organisation_id, service.service_type, service.name, service.county_code, service.populations,
    service.accepts_minors, service.facility_id, service.capacity, service.capacity_updated_at, service.closed_at, service.checked_at,
    service.paused, service.hours, service.languages, service.line,
    (facility.operational IS FALSE) AS facility_closed,
    (service.facility_id IS NOT NULL AND facility.key_population_friendly IS NOT TRUE) AS unfriendly
FROM service LEFT JOIN facility ON facility.id = service.facility_id
WHERE true
