-- Looks at so many rows after that place, and deletes those of referrals that ended long enough ago. How many there are to look at
-- doesn't make it slower.
WITH looked_at AS (
    SELECT referral_id FROM referral_note WHERE from_organisation_id = (SELECT tenant()) AND referral_id > $2::uuid ORDER BY referral_id LIMIT $3
), deleted AS (
    DELETE FROM referral_note AS note USING looked_at, referral_progress AS progress
    WHERE note.from_organisation_id = (SELECT tenant()) AND note.referral_id = looked_at.referral_id
        AND progress.from_organisation_id = (SELECT tenant()) AND progress.referral_id = looked_at.referral_id
        AND progress.status_at < $1::timestamptz
        AND progress.status IN ('DECLINED', 'COMPLETED', 'NOT_COMPLETED', 'CANCELLED', 'EXPIRED', 'ENTERED_IN_ERROR')
    RETURNING 1
)
SELECT (SELECT count(*) FROM looked_at) AS looked_at, (SELECT count(*) FROM deleted) AS done, '1970-01-01'::timestamptz AS at,
    (SELECT referral_id FROM looked_at ORDER BY referral_id DESC LIMIT 1) AS id
