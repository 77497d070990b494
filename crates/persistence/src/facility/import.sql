-- A facility that was known before keeps its id. Each facility's service types are bound as one text, separated by spaces:
-- PostgreSQL has no array of arrays of unequal length.
WITH incoming AS (
    SELECT gen_random_uuid() AS id, code, name, level, county_code, sub_county, operational, friendly, string_to_array(types, ' ') AS types
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::boolean[], $8::text[])
        AS facility (code, name, level, county_code, sub_county, operational, friendly, types)
), in_operation AS (
    -- As it was before: a statement doesn't see its own changes.
    SELECT facility.id FROM facility JOIN incoming ON incoming.code = facility.code WHERE facility.operational
), taken_in AS (
    INSERT INTO facility AS known (id, code, name, level, county_code, sub_county, operational, key_population_friendly, service_types)
    SELECT id, code, name, level, county_code, sub_county, operational, friendly, types FROM incoming
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, level = excluded.level, county_code = excluded.county_code,
        sub_county = excluded.sub_county, operational = excluded.operational,
        key_population_friendly = excluded.key_population_friendly, service_types = excluded.service_types, imported_at = moment()
    WHERE (known.name, known.level, known.county_code, known.sub_county, known.operational, known.key_population_friendly, known.service_types)
        IS DISTINCT FROM (excluded.name, excluded.level, excluded.county_code, excluded.sub_county, excluded.operational,
        excluded.key_population_friendly, excluded.service_types)
    RETURNING id IN (SELECT id FROM incoming) AS added, NOT operational AND id IN (SELECT id FROM in_operation) AS closed
)
SELECT count(*) FILTER (WHERE added)::integer AS added, count(*) FILTER (WHERE NOT added)::integer AS changed,
    count(*) FILTER (WHERE closed)::integer AS closed
FROM taken_in
