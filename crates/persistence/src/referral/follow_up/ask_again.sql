-- Whoever takes up what has expired records the expiry without asking anybody to follow it up. If they then leave it after all, the
-- sender is asked here: for as long as it could be taken up, and an hour. Looks at so many after that place.
WITH looked_at AS (
    SELECT referral_id, expires_at, status, status_at, consent_withdrawn FROM referral_progress
    WHERE from_organisation_id = (SELECT tenant()) AND expires_at <= (SELECT moment())
        AND (expires_at, referral_id) > ((SELECT greatest($1::timestamptz, moment() - interval '337 hours')), $2::uuid)
    ORDER BY expires_at, referral_id LIMIT $3
), asked AS (
    INSERT INTO referral_follow_up (from_organisation_id, referral_id, ended_at)
    SELECT tenant(), referral_id, status_at FROM looked_at
    WHERE status = 'EXPIRED' AND NOT consent_withdrawn
        AND NOT EXISTS (
            SELECT FROM referral_follow_up AS known
            WHERE known.from_organisation_id = tenant() AND known.referral_id = looked_at.referral_id AND known.ended_at = looked_at.status_at
        )
    ON CONFLICT (from_organisation_id, referral_id, ended_at) DO NOTHING
    RETURNING 1
), last AS (
    SELECT expires_at, referral_id FROM looked_at ORDER BY expires_at DESC, referral_id DESC LIMIT 1
)
SELECT (SELECT count(*) FROM looked_at) AS looked_at, (SELECT count(*) FROM asked) AS done, (SELECT expires_at FROM last) AS at,
    (SELECT referral_id FROM last) AS id
