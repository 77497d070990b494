-- Who made a move. It is in a table that only their own organisation's transactions can read.
SELECT by_user.from_organisation_id, by_user.referral_id, by_user.position, by_user.user_id
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS event (from_organisation_id, referral_id, position)
JOIN referral_event_user AS by_user ON by_user.organisation_id = (SELECT tenant()) AND by_user.from_organisation_id = event.from_organisation_id
    AND by_user.referral_id = event.referral_id AND by_user.position = event.position
