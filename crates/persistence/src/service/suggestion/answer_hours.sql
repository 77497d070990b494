-- The newest 500 referrals are taken from their index before any other condition is checked, so that the work is bounded, however
-- many referrals exist. The moment is a parameter, because the planner would not use that index for moment().
SELECT referral.to_organisation_id,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answer.at - referral.created_at)::float8 / 3600) AS hours
FROM (
    SELECT from_organisation_id, id, to_organisation_id, created_at FROM referral
    WHERE from_organisation_id = (SELECT tenant()) AND created_at >= $2
    ORDER BY created_at DESC, id DESC LIMIT 500
) AS referral
CROSS JOIN LATERAL (
    SELECT at FROM referral_event AS event
    WHERE event.from_organisation_id = referral.from_organisation_id AND event.referral_id = referral.id
        AND event.by_organisation_id = referral.to_organisation_id AND NOT event.taken_back AND NOT event.takes_back
    ORDER BY event.position LIMIT 1
) AS answer
WHERE referral.to_organisation_id = ANY ($1)
GROUP BY referral.to_organisation_id HAVING count(*) >= $3
