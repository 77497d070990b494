-- Writes referrals and trainings of ten made-up organisations in fourteen months directly into the tables. August has none.
SET session_replication_role = replica;
SELECT setseed(0.25);
INSERT INTO organisation (id, slug, name, kind, populations, counties, status)
    SELECT gen_random_uuid(), 'made' || number, 'Made up ' || number, (ARRAY['MSM_LED', 'SEX_WORKER_LED', 'HEALTH_PROVIDER'])[1 + number % 3], '{}', '{047}', 'ACTIVE'
    FROM generate_series(1, 10) AS number;
CREATE TEMPORARY TABLE made AS
    SELECT gen_random_uuid() AS id, members.ids[1 + floor(10 * random())::int] AS sender,
        CASE WHEN random() < 0.95 THEN members.ids[1 + floor(10 * random())::int] END AS receiver,
        (ARRAY['HIV_TESTING', 'PREP', 'ART', 'LEGAL_AID', 'SHELTER'])[1 + floor(5 * random() * random())::int] AS service_type,
        (ARRAY['047', '001', '042', '022'])[1 + floor(4 * random() * random())::int] AS county_code,
        timestamptz '2025-01-01 00:00:00+03' + make_interval(months => month) + random() * interval '27 days' AS created_at,
        random() AS luck, random() AS other_luck, random() * interval '20 days' AS pace
    FROM generate_series(0, 13) AS month, generate_series(1, 160), (SELECT array_agg(id ORDER BY slug) AS ids FROM organisation WHERE slug LIKE 'made%') AS members
    WHERE month <> 7;
INSERT INTO referral (from_organisation_id, id, to_organisation_id, service_type, county_code, urgency, created_at)
    SELECT sender, id, receiver, service_type, county_code, 'ROUTINE', created_at FROM made;
INSERT INTO referral_progress (from_organisation_id, referral_id, to_organisation_id, status, status_at, decline_reason, expires_at)
    SELECT sender, id, receiver, CASE WHEN luck < 0.6 THEN 'COMPLETED' WHEN luck < 0.75 THEN 'DECLINED' WHEN luck < 0.85 THEN 'NOT_COMPLETED' WHEN luck < 0.9 THEN 'ENTERED_IN_ERROR' ELSE 'EXPIRED' END,
        created_at + pace * 2, CASE WHEN luck BETWEEN 0.6 AND 0.75 THEN 'NO_CAPACITY' END, created_at + interval '30 days' FROM made;
INSERT INTO referral_non_completion (from_organisation_id, referral_id, to_organisation_id, by_organisation_id, reason, recorded_at)
    SELECT sender, id, receiver, sender, 'CLIENT_DID_NOT_ARRIVE', created_at + pace * 2 FROM made WHERE luck BETWEEN 0.75 AND 0.85;
INSERT INTO referral_client (from_organisation_id, referral_id, client, populations, age_band)
    SELECT sender, id, repeat('a', 26), CASE WHEN other_luck < 0.5 THEN '{MSM}' WHEN other_luck < 0.7 THEN '{MSM,MALE_SEX_WORKER}' ELSE '{TRANS_WOMAN}' END::text[],
        CASE WHEN other_luck < 0.4 THEN 'FROM_20_TO_24' ELSE 'FROM_30' END FROM made WHERE other_luck < 0.97;
INSERT INTO referral_shared (from_organisation_id, referral_id, to_organisation_id, fields, populations, age_band, under_18)
    SELECT sender, id, receiver, '{}', '{}', 'NOT_STATED', CASE WHEN other_luck < 0.1 THEN 'YES' ELSE 'NO' END FROM made WHERE other_luck < 0.97;
INSERT INTO referral_consent (from_organisation_id, referral_id, given_by, counted) SELECT sender, id, 'CLIENT', luck NOT BETWEEN 0.55 AND 0.6 FROM made;
INSERT INTO referral_event (from_organisation_id, referral_id, to_organisation_id, status, at, by_organisation_id)
    SELECT sender, id, receiver, status, created_at + pace * part, CASE WHEN part = 0 THEN sender ELSE receiver END
    FROM made, (VALUES ('REQUESTED', 0.0, 1.0), ('ACCEPTED', 0.3, 0.6), ('ARRIVED', 1.5, 0.6), ('COMPLETED', 2.0, 0.6)) AS step (status, part, most)
    WHERE luck < most AND (part = 0 OR receiver IS NOT NULL);
CREATE TEMPORARY TABLE made_training AS
    SELECT gen_random_uuid() AS id, members.ids[1 + floor(10 * random())::int] AS trainer, members.ids AS members,
        (ARRAY['SAFER_SEX', 'COUNSELLING'])[1 + floor(2 * random())::int] AS topic, (ARRAY['047', '001'])[1 + floor(2 * random())::int] AS county_code,
        timestamptz '2025-01-01 00:00:00+03' + random() * interval '390 days' AS delivered_at
    FROM generate_series(1, 90), (SELECT array_agg(id ORDER BY slug) AS ids FROM organisation WHERE slug LIKE 'made%') AS members;
INSERT INTO training_session (trainer_organisation_id, id, topic, held_on, mode, county_code, hosts, hours, delivered_at)
    SELECT trainer, id, topic, delivered_at::date, 'IN_PERSON', county_code, members[1:3], 2, delivered_at FROM made_training;
INSERT INTO training_participants (trainer_organisation_id, session_id, host_organisation_id, request_id, cadre, count)
    SELECT trainer, id, host, gen_random_uuid(), cadre, 2 + floor(9 * random())::int
    FROM made_training, unnest(members) AS host, unnest(ARRAY['STAFF', 'PARALEGAL']) AS cadre WHERE host <> trainer AND random() < 0.35;
SET session_replication_role = origin;
