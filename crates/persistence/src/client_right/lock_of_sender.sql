SELECT count(*) FROM (
    SELECT FROM referral_sender AS sender
    WHERE sender.from_organisation_id = (SELECT tenant()) AND sender.referral_id IN (
        SELECT client.referral_id FROM referral_client AS client WHERE client.from_organisation_id = (SELECT tenant()) AND client.client = $1
    )
    ORDER BY sender.referral_id FOR NO KEY UPDATE OF sender
) AS locked
