-- Reads the first twenty referrals to the caller's organisation, with their timelines: statement by statement as the API does, which has the names in memory.
\if :known = 0
SELECT organisation, account, session, secret, referrals FROM benchmark_caller
WHERE number = :client_id % (SELECT count(*) FROM benchmark_caller) \gset
\set known 1
\endif
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT at, roles, own_announcements() FROM open_member(:organisation, :account, :session, :secret);
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
        progress.consent_withdrawn, progress.expires_at, progress.updated_at, progress.instead_service_id, referral.reference
    FROM found
    JOIN referral ON referral.from_organisation_id = found.from_organisation_id AND referral.id = found.referral_id
    JOIN referral_progress AS progress ON progress.from_organisation_id = referral.from_organisation_id AND progress.referral_id = referral.id;
SELECT event.from_organisation_id, event.referral_id, event.position, event.status, event.at, event.by_organisation_id, event.without_slip,
        event.takes_back, event.taken_back, event.amended
    FROM referral_event AS event WHERE event.referral_id = ANY (:referrals::uuid[]) ORDER BY event.referral_id, event.position;
ROLLBACK;
