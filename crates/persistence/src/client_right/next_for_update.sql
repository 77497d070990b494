SELECT progress.referral_id FROM referral_progress AS progress
JOIN referral_client AS client ON client.from_organisation_id = progress.from_organisation_id AND client.referral_id = progress.referral_id
WHERE client.from_organisation_id = (SELECT tenant()) AND client.client = $1
ORDER BY progress.referral_id LIMIT 100 FOR NO KEY UPDATE OF progress
