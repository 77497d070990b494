-- Writes one month of referrals between made-up organisations directly into the tables. The month is $MONTH; $COUNT is their
-- number.
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
    SELECT gen_random_uuid() AS id,
        members.ids[1 + floor(array_length(members.ids, 1) * random() * random())::int] AS sender,
        members.ids[1 + floor(array_length(members.ids, 1) * random())::int] AS receiver,
        needs.codes[1 + floor(array_length(needs.codes, 1) * random() * random())::int] AS service_type,
        lpad((1 + floor(47 * random() * random())::int)::text, 3, '0') AS county_code,
        timestamptz '$MONTH-01 00:00:00+03' + random() * interval '27 days' AS created_at,
        groups.codes[1 + floor(array_length(groups.codes, 1) * random())::int] AS population,
        groups.codes[1 + floor(array_length(groups.codes, 1) * random())::int] AS other_population,
        bands.codes[1 + floor(array_length(bands.codes, 1) * random())::int] AS age_band,
        random() AS luck, random() * interval '6 days' AS pace
    FROM generate_series(1, $COUNT),
        (SELECT array_agg(id ORDER BY slug) AS ids FROM organisation WHERE kind <> 'SECRETARIAT') AS members,
        (SELECT string_to_array('$TYPES', ' ') AS codes) AS needs,
        (SELECT string_to_array('$POPULATIONS', ' ') AS codes) AS groups,
        (SELECT string_to_array('$AGE_BANDS', ' ') AS codes) AS bands;
INSERT INTO referral (from_organisation_id, id, to_organisation_id, service_type, county_code, urgency, created_at)
    SELECT sender, id, receiver, service_type, county_code, 'ROUTINE', created_at FROM made;
INSERT INTO referral_progress (from_organisation_id, referral_id, to_organisation_id, status, status_at, decline_reason, expires_at)
    SELECT sender, id, receiver, CASE WHEN luck < 0.7 THEN 'COMPLETED' WHEN luck < 0.8 THEN 'DECLINED' ELSE 'EXPIRED' END,
        created_at + pace, CASE WHEN luck BETWEEN 0.7 AND 0.8 THEN 'NO_CAPACITY' END, created_at + interval '30 days' FROM made;
INSERT INTO referral_client (from_organisation_id, referral_id, client, populations, age_band)
    SELECT sender, id, repeat('a', 26), CASE WHEN luck < 0.5 OR population = other_population THEN ARRAY[population] ELSE ARRAY[population, other_population] END,
        age_band FROM made;
INSERT INTO referral_shared (from_organisation_id, referral_id, to_organisation_id, fields, populations, age_band, under_18)
    SELECT sender, id, receiver, '{}', '{}', 'NOT_STATED', 'NO' FROM made;
INSERT INTO referral_consent (from_organisation_id, referral_id, given_by, counted)
    SELECT sender, id, 'CLIENT', luck NOT BETWEEN 0.5 AND 0.52 FROM made;
INSERT INTO referral_event (from_organisation_id, referral_id, to_organisation_id, status, at, by_organisation_id)
    SELECT sender, id, receiver, status, created_at + pace * part, CASE WHEN part = 0 THEN sender ELSE receiver END
    FROM made, (VALUES ('REQUESTED', 0.0, 1.0), ('ACCEPTED', 0.3, 0.7), ('ARRIVED', 0.8, 0.7), ('COMPLETED', 1.0, 0.7)) AS step (status, part, most)
    WHERE luck < most;
