-- Reads the first twenty referrals to the caller's organisation, with their timelines: statement by statement as the API does, each written for this list alone, without the filters that its own take as parameters.
\if :known = 0
SELECT organisation, account, session, secret, referrals, organisations, services FROM benchmark_caller
WHERE number = :client_id % (SELECT count(*) FROM benchmark_caller) \gset
\set known 1
\endif
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT at, roles FROM open_member(:organisation, :account, :session, :secret);
WITH part_0 AS MATERIALIZED (
        SELECT progress.from_organisation_id, progress.referral_id FROM referral_progress AS progress
        WHERE progress.to_organisation_id = (SELECT tenant()) AND progress.from_organisation_id <> progress.to_organisation_id
            AND progress.listed_at > timestamptz 'epoch' + interval '73000 days' AND progress.listed_at <= timestamptz 'epoch' + interval '146000 days' - (now() - timestamptz 'epoch')
        ORDER BY progress.listed_at DESC, progress.referral_id DESC LIMIT 21
    ), part_1 AS MATERIALIZED (
        SELECT progress.from_organisation_id, progress.referral_id FROM referral_progress AS progress
        WHERE progress.to_organisation_id = (SELECT tenant()) AND progress.from_organisation_id <> progress.to_organisation_id
            AND progress.listed_at > timestamptz 'epoch' + interval '73000 days' AND progress.listed_at > timestamptz 'epoch' + interval '146000 days' - (now() - timestamptz 'epoch')
        ORDER BY progress.listed_at ASC, progress.referral_id ASC LIMIT 21 - (SELECT count(*) FROM part_0)
    ), part_2 AS MATERIALIZED (
        SELECT progress.from_organisation_id, progress.referral_id FROM referral_progress AS progress
        WHERE progress.to_organisation_id = (SELECT tenant()) AND progress.from_organisation_id <> progress.to_organisation_id
            AND progress.listed_at <= timestamptz 'epoch' + interval '73000 days'
        ORDER BY progress.listed_at DESC, progress.referral_id DESC LIMIT 21 - (SELECT count(*) FROM part_0) - (SELECT count(*) FROM part_1)
    ), found AS (SELECT * FROM part_0 UNION ALL SELECT * FROM part_1 UNION ALL SELECT * FROM part_2)
SELECT referral.id, referral.from_organisation_id, referral.to_organisation_id, referral.service_type,
        referral.county_code, referral.urgency, referral.act_before, referral.created_at,
        progress.service_id, progress.status, progress.status_at, progress.opened_at, progress.scheduled_on, progress.decline_reason,
        progress.consent_withdrawn, progress.expires_at, progress.updated_at,
        sender.user_id AS referred_by, client.client,
        coalesce(client.populations, shared.populations) AS populations, coalesce(client.age_band, shared.age_band) AS age_band,
        shared.under_18, shared.fields AS shared, non_completion.reason AS non_completion_reason,
        handler.user_id AS handled_by, referral.reference
    FROM found
    JOIN referral ON referral.from_organisation_id = found.from_organisation_id AND referral.id = found.referral_id
    JOIN referral_progress AS progress ON progress.from_organisation_id = referral.from_organisation_id AND progress.referral_id = referral.id
    LEFT JOIN referral_sender AS sender ON sender.from_organisation_id = referral.from_organisation_id AND sender.referral_id = referral.id
    LEFT JOIN referral_client AS client ON client.from_organisation_id = referral.from_organisation_id AND client.referral_id = referral.id
    LEFT JOIN referral_shared AS shared ON shared.from_organisation_id = referral.from_organisation_id AND shared.referral_id = referral.id
    LEFT JOIN referral_non_completion AS non_completion ON non_completion.from_organisation_id = referral.from_organisation_id
        AND non_completion.referral_id = referral.id AND non_completion.recorded_at = progress.status_at AND progress.status = 'NOT_COMPLETED'
    LEFT JOIN referral_handler AS handler ON handler.organisation_id = (SELECT tenant())
        AND handler.from_organisation_id = referral.from_organisation_id AND handler.referral_id = referral.id;
SELECT id, slug, name, kind, populations, counties, status FROM organisation WHERE id = ANY (:organisations::uuid[]);
SELECT service.id, service.organisation_id, service.service_type, service.name, service.county_code, service.populations,
        service.accepts_minors, service.facility_id, service.capacity, service.capacity_updated_at, service.closed_at, service.checked_at,
        (service.facility_id IS NOT NULL AND facility.key_population_friendly IS NOT TRUE) AS unfriendly
    FROM service LEFT JOIN facility ON facility.id = service.facility_id WHERE service.id = ANY (:services::uuid[]);
SELECT event.referral_id, event.status, event.at, event.by_organisation_id, by_user.user_id AS by_user_id, event.without_slip
    FROM referral_event AS event
    LEFT JOIN referral_event_user AS by_user ON by_user.organisation_id = (SELECT tenant())
        AND by_user.from_organisation_id = event.from_organisation_id AND by_user.referral_id = event.referral_id AND by_user.position = event.position
    WHERE event.referral_id = ANY (:referrals::uuid[]) ORDER BY event.referral_id, event.position;
ROLLBACK;
