-- Endings that were settled, or that were not the last, and those after which the client was referred anew in a referral that can't
-- be marked as entered in error any more. An ending that still asks is kept, however old it is. Looks at so many after that place.
WITH looked_at AS (
    SELECT referral_id, ended_at FROM referral_follow_up
    WHERE from_organisation_id = (SELECT tenant()) AND (referral_id, ended_at) > ($3::uuid, $2::timestamptz)
    ORDER BY referral_id, ended_at LIMIT $4
), deleted AS (
    DELETE FROM referral_follow_up AS follow_up USING looked_at, referral_progress AS progress
    WHERE follow_up.from_organisation_id = (SELECT tenant())
        AND follow_up.referral_id = looked_at.referral_id AND follow_up.ended_at = looked_at.ended_at
        AND progress.from_organisation_id = (SELECT tenant()) AND progress.referral_id = looked_at.referral_id
        AND looked_at.ended_at < $1::timestamptz
        AND (
            follow_up.settled_at < $1
            OR progress.status NOT IN ('DECLINED', 'NO_SHOW', 'NOT_COMPLETED', 'EXPIRED') OR progress.status_at <> follow_up.ended_at
            OR referred_anew(follow_up.from_organisation_id, follow_up.referral_id, follow_up.ended_at, $1)
        )
    RETURNING 1
), last AS (
    SELECT referral_id, ended_at FROM looked_at ORDER BY referral_id DESC, ended_at DESC LIMIT 1
)
SELECT (SELECT count(*) FROM looked_at) AS looked_at, (SELECT count(*) FROM deleted) AS done, (SELECT ended_at FROM last) AS at,
    (SELECT referral_id FROM last) AS id
