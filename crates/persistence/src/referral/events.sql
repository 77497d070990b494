-- The events of referrals. Who made a move is in a table that only their own organisation's transactions can read.
SELECT event.referral_id, event.status, event.at, event.by_organisation_id, by_user.user_id AS by_user_id, event.without_slip,
    event.takes_back, event.taken_back, event.amended
FROM referral_event AS event
LEFT JOIN referral_event_user AS by_user ON by_user.organisation_id = (SELECT tenant())
    AND by_user.from_organisation_id = event.from_organisation_id AND by_user.referral_id = event.referral_id AND by_user.position = event.position
WHERE event.referral_id = ANY ($1::uuid[])
ORDER BY event.referral_id, event.position
