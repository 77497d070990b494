-- The conditions match those of the index that the tasks are found by.
SELECT count(*) AS waiting FROM (
    SELECT FROM referral_progress AS progress
    JOIN referral_sender AS sender ON sender.from_organisation_id = progress.from_organisation_id AND sender.referral_id = progress.referral_id
    WHERE progress.from_organisation_id = (SELECT tenant()) AND sender.user_id = acting_user() AND progress.status = 'REQUESTED'
      AND (progress.act_before IS NOT NULL OR progress.to_organisation_id IS NULL)
      AND progress.from_organisation_id IS DISTINCT FROM progress.to_organisation_id AND progress.expires_at > moment()
    LIMIT $1
) AS found
