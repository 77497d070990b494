-- Endings that were settled, or that were not the last, and those after which the client was referred anew in a referral that can't
-- be marked as entered in error any more. An ending that still asks is kept, however old it is.
DELETE FROM referral_follow_up AS follow_up USING referral_progress AS progress
WHERE follow_up.from_organisation_id = tenant() AND progress.from_organisation_id = tenant()
    AND progress.referral_id = follow_up.referral_id AND follow_up.ended_at < $1::timestamptz
    AND (
        follow_up.settled_at < $1
        OR progress.status NOT IN ('DECLINED', 'NO_SHOW', 'NOT_COMPLETED', 'EXPIRED') OR progress.status_at <> follow_up.ended_at
        OR referred_anew(follow_up.from_organisation_id, follow_up.referral_id, follow_up.ended_at, $1)
    )
