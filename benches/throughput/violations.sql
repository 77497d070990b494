WITH made AS (
    SELECT organisation.id AS organisation_id, gen_random_uuid() AS id, number,
        (present_month() - make_interval(months => number % 60))::date AS month
    FROM organisation, generate_series(1, $2::integer) AS number
    WHERE organisation.slug = $1
), violations AS (
    INSERT INTO violation (organisation_id, id, types, perpetrators, causes, populations, under_18, county_code, people_affected, occurred_in,
        documented_in, consent_given_by, counted, not_reported_reasons, status, outcome, ended_in, end_reasons)
    SELECT organisation_id, id, (ARRAY['{EXTORTION_BLACKMAIL}', '{ARBITRARY_ARREST,VERBAL_ABUSE}', '{PHYSICAL_ASSAULT}'])[1 + number % 3]::text[],
        '{POLICE}', '{}', '{}', 'NO', '047', 1, month, month, 'SURVIVOR', true,
        CASE WHEN number % 2 = 0 THEN '{FEAR_OF_EXPOSURE,NO_TRUST}'::text[] ELSE '{}' END,
        CASE WHEN number % 3 = 0 THEN 'ENDED' ELSE 'OPEN' END,
        CASE WHEN number % 3 = 0 THEN (ARRAY['RESOLVED', 'WITHDRAWN', 'LOST_CONTACT'])[1 + number / 3 % 3] END,
        CASE WHEN number % 3 = 0 THEN month END,
        CASE WHEN number % 3 = 0 THEN '{TOO_LONG,TOO_COSTLY}'::text[] ELSE '{}' END
    FROM made
)
INSERT INTO violation_step (organisation_id, violation_id, month, kind)
SELECT organisation_id, id, (month + make_interval(months => step))::date, (ARRAY['REPORTED_TO_POLICE', 'LEGAL_FOLLOW_UP', 'IN_COURT'])[step]
FROM made, generate_series(1, 3) AS step
WHERE step <= number % 4
