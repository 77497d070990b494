-- What a search in the services looks at. The caller adds conditions.
SELECT service.id, service.service_type, service.name, service.county_code, organisation.name AS organisation_name, organisation.slug,
    facility.code AS facility_code, facility.name AS facility_name, facility.sub_county,
    (service.facility_id IS NOT NULL AND facility.key_population_friendly IS NOT TRUE) AS unfriendly
FROM service
    JOIN organisation ON organisation.id = service.organisation_id
    LEFT JOIN facility ON facility.id = service.facility_id
WHERE true
