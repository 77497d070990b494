-- What pgbench's scripts need to know about each signed-in caseworker: who they are, which ids the statements of their list read,
-- and to whom they refer. The superuser makes the table; pamoja_app reads it.
DROP TABLE IF EXISTS benchmark_caller;
CREATE TABLE benchmark_caller AS
SELECT
    row_number() OVER (ORDER BY organisation.slug) - 1 AS number, organisation.slug, organisation.id AS organisation, user_account.id AS account, last_session.id AS session, gen_random_uuid() AS secret,
    list.referrals,
    to_char(published.newest - interval '11 months', 'YYYY-MM') AS table_from, to_char(published.newest, 'YYYY-MM') AS table_through,
    offer.organisation_id AS receiver, offer.id AS service, offer.service_type, offer.county_code AS county
FROM organisation
JOIN user_account ON user_account.organisation_id = organisation.id AND user_account.handle = 'caseworker'
CROSS JOIN LATERAL (
    SELECT user_session.id FROM user_session
    WHERE user_session.organisation_id = organisation.id AND user_session.user_id = user_account.id
    ORDER BY user_session.created_at DESC LIMIT 1
) AS last_session
CROSS JOIN LATERAL (
    SELECT
        array_agg(newest.id) AS referrals
    FROM (
        SELECT referral.id
        FROM referral
        WHERE referral.to_organisation_id = organisation.id
        ORDER BY referral.created_at DESC, referral.id DESC LIMIT 20
    ) AS newest
) AS list
CROSS JOIN (SELECT max(month) AS newest FROM statistic_release) AS published
CROSS JOIN LATERAL (
    SELECT service.organisation_id, service.id, service.service_type, service.county_code FROM service
    WHERE service.organisation_id <> organisation.id AND service.closed_at IS NULL
    ORDER BY md5(organisation.slug || service.id) LIMIT 1
) AS offer;
GRANT SELECT ON benchmark_caller TO pamoja_app;
INSERT INTO access_token (organisation_id, session_id, secret_hash, expires_at)
SELECT organisation, session, sha256(uuid_send(secret)), now() + interval '1 day' FROM benchmark_caller;
ANALYZE benchmark_caller;
