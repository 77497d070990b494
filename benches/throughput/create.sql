-- Creates a referral from the caller's organisation: statement by statement as the API does, with everything that it writes.
\if :known = 0
SELECT organisation, account, session, secret, receiver, service, service_type, county FROM benchmark_caller
WHERE number = :client_id % (SELECT count(*) FROM benchmark_caller) \gset
\set known 1
\endif
\set referral random(1, 9223372036854775807)
\set key random(1, 9223372036854775807)
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SELECT at, roles FROM open_member(:organisation, :account, :session, :secret);
INSERT INTO client_mutation (organisation_id, user_id, operation, key, input_hash)
    VALUES (:organisation, :account, 'createReferral', md5(:key::text)::uuid, sha256(:key::text::bytea)) ON CONFLICT DO NOTHING;
SELECT id, slug, name, kind, populations, counties, status FROM organisation WHERE id = ANY (ARRAY[:organisation::uuid, :receiver::uuid]);
SELECT service.id, service.organisation_id, service.service_type, service.name, service.county_code, service.populations,
        service.accepts_minors, service.facility_id, service.capacity, service.capacity_updated_at, service.closed_at, service.checked_at,
        (service.facility_id IS NOT NULL AND facility.key_population_friendly IS NOT TRUE) AS unfriendly
    FROM service LEFT JOIN facility ON facility.id = service.facility_id
    WHERE service.organisation_id = :receiver AND service.service_type = :service_type AND service.closed_at IS NULL;
INSERT INTO referral (from_organisation_id, id, to_organisation_id, service_type, county_code, urgency, act_before, reference)
    VALUES (:organisation, md5(:referral::text)::uuid, :receiver, :service_type, :county, 'ROUTINE', NULL, random_reference(6)) ON CONFLICT DO NOTHING;
INSERT INTO referral_progress (from_organisation_id, referral_id, to_organisation_id, service_id, status, expires_at, listed_at, act_before, answer_by)
    VALUES (:organisation, md5(:referral::text)::uuid, :receiver, :service, 'REQUESTED', now() + interval '30 days', now(), NULL, now() + interval '72 hours');
INSERT INTO referral_sender (from_organisation_id, referral_id, user_id)
    VALUES (:organisation, md5(:referral::text)::uuid, :account);
INSERT INTO referral_handler (organisation_id, from_organisation_id, referral_id, user_id)
    VALUES (:organisation, :organisation, md5(:referral::text)::uuid, :account) ON CONFLICT DO NOTHING;
INSERT INTO referral_client (from_organisation_id, referral_id, client, populations, age_band)
    VALUES (:organisation, md5(:referral::text)::uuid, translate(left(md5(:key::text), 26), '0189', 'ghij'), ARRAY['NOT_STATED'], 'FROM_20_TO_24');
INSERT INTO referral_shared (from_organisation_id, referral_id, to_organisation_id, fields, populations, age_band, under_18)
    VALUES (:organisation, md5(:referral::text)::uuid, :receiver, ARRAY['AGE_BAND'], '{}', 'FROM_20_TO_24', 'NOT_STATED');
INSERT INTO referral_consent (from_organisation_id, referral_id, given_by, notice_version, manner, language, counted)
    VALUES (:organisation, md5(:referral::text)::uuid, 'CLIENT', NULL, NULL, NULL, true);
INSERT INTO outbox (organisation_id, kind, node_id)
    VALUES (:organisation, 'REFERRAL', md5(:referral::text)::uuid), (:receiver, 'REFERRAL', md5(:referral::text)::uuid);
INSERT INTO referral_slip (from_organisation_id, referral_id, to_organisation_id, nonce, look_up_hash)
    VALUES (:organisation, md5(:referral::text)::uuid, :receiver, decode(md5(:key::text), 'hex'), sha256(:key::text::bytea));
UPDATE client_mutation SET node_id = md5(:referral::text)::uuid
    WHERE organisation_id = :organisation AND user_id = :account AND operation = 'createReferral' AND key = md5(:key::text)::uuid;
INSERT INTO audit_entry (action, node_id)
    VALUES ('createReferral', md5(:referral::text)::uuid);
SELECT referral.id, referral.from_organisation_id, referral.to_organisation_id, referral.service_type,
        referral.county_code, referral.urgency, referral.act_before, referral.created_at,
        progress.service_id, progress.status, progress.status_at, progress.opened_at, progress.scheduled_on, progress.decline_reason,
        progress.consent_withdrawn, progress.expires_at, progress.updated_at,
        sender.user_id AS referred_by, client.client,
        coalesce(client.populations, shared.populations) AS populations, coalesce(client.age_band, shared.age_band) AS age_band,
        shared.under_18, shared.fields AS shared, non_completion.reason AS non_completion_reason,
        handler.user_id AS handled_by, referral.reference
    FROM referral
    JOIN referral_progress AS progress ON progress.from_organisation_id = referral.from_organisation_id AND progress.referral_id = referral.id
    LEFT JOIN referral_sender AS sender ON sender.from_organisation_id = referral.from_organisation_id AND sender.referral_id = referral.id
    LEFT JOIN referral_client AS client ON client.from_organisation_id = referral.from_organisation_id AND client.referral_id = referral.id
    LEFT JOIN referral_shared AS shared ON shared.from_organisation_id = referral.from_organisation_id AND shared.referral_id = referral.id
    LEFT JOIN referral_non_completion AS non_completion ON non_completion.from_organisation_id = referral.from_organisation_id
        AND non_completion.referral_id = referral.id AND non_completion.recorded_at = progress.status_at AND progress.status = 'NOT_COMPLETED'
    LEFT JOIN referral_handler AS handler ON handler.organisation_id = (SELECT tenant())
        AND handler.from_organisation_id = referral.from_organisation_id AND handler.referral_id = referral.id
    WHERE referral.id = md5(:referral::text)::uuid
UNION ALL
SELECT referral.id, referral.from_organisation_id, NULL::uuid AS to_organisation_id,
        referral.service_type, referral.county_code, referral.urgency, NULL::timestamptz AS act_before, referral.created_at,
        progress.service_id, progress.status, referral.created_at AS status_at, referral.created_at AS opened_at, NULL::date AS scheduled_on,
        NULL::text AS decline_reason, false AS consent_withdrawn, progress.expires_at, progress.updated_at,
        NULL::uuid AS referred_by, client.client, NULL::text[] AS populations, NULL::text AS age_band,
        NULL::text AS under_18, NULL::text[] AS shared, NULL::text AS non_completion_reason,
        NULL::uuid AS handled_by, NULL::text AS reference
    FROM open_referral_offer AS offer
    JOIN open_referral AS referral ON referral.from_organisation_id = offer.from_organisation_id AND referral.id = offer.referral_id
    CROSS JOIN LATERAL (
        SELECT NULL::uuid AS service_id, 'REQUESTED' AS status, referral.created_at AS updated_at, referral.expires_at, referral.id AS referral_id
    ) AS progress
    CROSS JOIN (SELECT NULL::text AS client) AS client
    CROSS JOIN (SELECT NULL::timestamptz AS assigned_at) AS handler
    WHERE offer.organisation_id = (SELECT tenant()) AND referral.closed_at IS NULL AND referral.expires_at > moment()
        AND referral.id = md5(:referral::text)::uuid;
SELECT nonce FROM referral_slip WHERE from_organisation_id = :organisation AND referral_id = md5(:referral::text)::uuid;
COMMIT;
