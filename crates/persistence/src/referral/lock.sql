-- The sender's own row comes first: whoever waits for it holds nothing that the receiver waits for. A condition without a column is checked
-- before any row is read. To the receiver the first part is empty.
WITH own AS MATERIALIZED (
    SELECT FROM referral_sender WHERE from_organisation_id = (SELECT tenant()) AND referral_id = $1 FOR NO KEY UPDATE
)
SELECT progress.referral_id FROM referral_progress AS progress
WHERE progress.referral_id = $1 AND (SELECT count(*) FROM own) >= 0
FOR NO KEY UPDATE OF progress
