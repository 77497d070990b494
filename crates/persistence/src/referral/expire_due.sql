WITH due AS (
    SELECT from_organisation_id, referral_id FROM referral_progress
    WHERE from_organisation_id = tenant() AND expires_at <= moment()
      AND status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW')
    ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
), expired AS (
    UPDATE referral_progress AS progress SET status = 'EXPIRED', status_at = progress.expires_at, updated_at = moment(), listed_at = referral.created_at
    FROM due JOIN referral ON referral.from_organisation_id = due.from_organisation_id AND referral.id = due.referral_id
    WHERE progress.from_organisation_id = due.from_organisation_id AND progress.referral_id = due.referral_id
    RETURNING progress.from_organisation_id, progress.referral_id, progress.to_organisation_id, progress.expires_at
), recorded AS (
    INSERT INTO referral_event (from_organisation_id, referral_id, to_organisation_id, status, at, by_organisation_id)
    SELECT from_organisation_id, referral_id, to_organisation_id, 'EXPIRED', expires_at, NULL FROM expired
), followed_up AS (
    -- One that somebody has settled already is there.
    INSERT INTO referral_follow_up (from_organisation_id, referral_id, ended_at)
    SELECT from_organisation_id, referral_id, expires_at FROM expired
    ON CONFLICT (from_organisation_id, referral_id, ended_at) DO NOTHING
), closed AS (
    UPDATE open_referral SET closed_at = moment() FROM expired
    WHERE open_referral.from_organisation_id = expired.from_organisation_id AND open_referral.id = expired.referral_id
      AND open_referral.closed_at IS NULL
)
SELECT referral_id, to_organisation_id FROM expired
