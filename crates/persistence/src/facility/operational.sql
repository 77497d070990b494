SELECT id, code, name, level, county_code, sub_county, operational, key_population_friendly, service_types
FROM facility
WHERE operational
