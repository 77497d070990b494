-- Reads one of the newest twenty referrals to the caller's organisation by its id, with its timeline: one statement that joins everything.
\if :known = 0
SELECT organisation, account, session, secret, referrals FROM benchmark_caller
WHERE number = :client_id % (SELECT count(*) FROM benchmark_caller) \gset
\set known 1
\endif
\set pick random(1, 20)
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT at, roles FROM open_member(:organisation, :account, :session, :secret);
SELECT referral.id, progress.status, referral.service_type, referral.urgency, referral.created_at,
        sender.name AS from_organisation, receiver.name AS to_organisation, service.name AS service, timeline.events
    FROM referral
    JOIN referral_progress AS progress ON progress.from_organisation_id = referral.from_organisation_id AND progress.referral_id = referral.id
    JOIN organisation AS sender ON sender.id = referral.from_organisation_id
    JOIN organisation AS receiver ON receiver.id = referral.to_organisation_id
    LEFT JOIN service ON service.organisation_id = progress.to_organisation_id AND service.id = progress.service_id
    CROSS JOIN LATERAL (
        SELECT json_agg(json_build_object('status', event.status, 'at', event.at, 'by', organisation.name) ORDER BY event.position) AS events
        FROM referral_event AS event LEFT JOIN organisation ON organisation.id = event.by_organisation_id
        WHERE event.from_organisation_id = referral.from_organisation_id AND event.referral_id = referral.id
    ) AS timeline
    WHERE referral.id = (:referrals::uuid[])[:pick];
ROLLBACK;
