-- Whoever referred handles it for the sender; for a receiver that has made a move, one of its caseworkers does.
INSERT INTO referral_handler (organisation_id, from_organisation_id, referral_id, user_id)
SELECT from_organisation_id, from_organisation_id, referral_id, user_id FROM referral_sender;
INSERT INTO referral_handler (organisation_id, from_organisation_id, referral_id, user_id)
SELECT referral.to_organisation_id, referral.from_organisation_id, referral.id, desk.id
FROM referral
CROSS JOIN LATERAL (
    SELECT user_account.id FROM user_account
    WHERE user_account.organisation_id = referral.to_organisation_id AND 'CASEWORKER' = ANY (user_account.roles)
    ORDER BY hashtext(user_account.id::text || referral.id::text), user_account.id LIMIT 1
) AS desk
WHERE referral.to_organisation_id <> referral.from_organisation_id
    AND EXISTS (
        SELECT FROM referral_event
        WHERE referral_event.from_organisation_id = referral.from_organisation_id AND referral_event.referral_id = referral.id
            AND referral_event.by_organisation_id = referral.to_organisation_id
    );
-- Each made the moves of their own side.
INSERT INTO referral_event_user (organisation_id, from_organisation_id, referral_id, position, user_id)
SELECT handler.organisation_id, event.from_organisation_id, event.referral_id, event.position, handler.user_id
FROM referral_event AS event
JOIN referral_handler AS handler ON handler.organisation_id = event.by_organisation_id
    AND handler.from_organisation_id = event.from_organisation_id AND handler.referral_id = event.referral_id;
