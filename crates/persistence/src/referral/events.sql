-- The events of referrals.
SELECT event.from_organisation_id, event.referral_id, event.position, event.status, event.at, event.by_organisation_id, event.without_slip,
    event.takes_back, event.taken_back, event.amended
FROM referral_event AS event
WHERE event.referral_id = ANY ($1::uuid[])
ORDER BY event.referral_id, event.position
