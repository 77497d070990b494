-- What a search in the register looks at. The caller adds conditions.
SELECT id, code, name, level, county_code, sub_county, key_population_friendly, service_types
FROM facility
WHERE operational
