-- What the clock ended and no job has recorded yet gets its row here.
INSERT INTO referral_follow_up AS known (from_organisation_id, referral_id, ended_at, settled_at, dismissed_by)
VALUES (tenant(), $1::uuid, $2::timestamptz, moment(), $3::uuid)
ON CONFLICT (from_organisation_id, referral_id, ended_at) DO UPDATE SET settled_at = excluded.settled_at, dismissed_by = excluded.dismissed_by
    WHERE known.settled_at IS NULL
