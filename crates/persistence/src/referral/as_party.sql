-- Referrals as their parties see them. What only the sender may see is in tables that only the sender's transactions can read:
-- for the receiver those joins find nothing. The caller adds conditions. What is looked up row by row has a limit: of an EXISTS the planner
-- makes a table of all that there is, as if every row of the organisation were shown.
SELECT referral.id, referral.from_organisation_id, referral.to_organisation_id, referral.service_type,
    referral.county_code, referral.urgency, referral.act_before, referral.created_at,
    progress.service_id, progress.status, progress.status_at, progress.opened_at, progress.scheduled_on, progress.decline_reason,
    progress.consent_withdrawn, progress.expires_at, progress.updated_at,
    sender.user_id AS referred_by, client.client,
    coalesce(client.populations, shared.populations) AS populations, coalesce(client.age_band, shared.age_band) AS age_band,
    shared.under_18, shared.fields AS shared, non_completion.reason AS non_completion_reason,
    progress.instead_service_id, sender.instead_of_referral_id,
    CASE WHEN progress.instead_service_id IS NULL THEN false ELSE coalesce((
        SELECT true FROM referral_sender AS after
        JOIN referral_progress AS later ON later.from_organisation_id = after.from_organisation_id AND later.referral_id = after.referral_id
        WHERE after.from_organisation_id = referral.from_organisation_id AND after.instead_of_referral_id = referral.id
            AND (later.status = 'ARRIVED' OR (later.expires_at > moment() AND later.status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW')))
        LIMIT 1
    ), false) END AS referred_instead,
    undo.made_at AS moved_at, undo.led_to AS moved_to, undo.status AS moved_from, undo.user_id = acting_user() AS moved_by_actor, undo.for_good AS moved_for_good,
    handler.user_id AS handled_by, referral.reference,
    CASE WHEN progress.status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW') THEN coalesce((
        SELECT true FROM check_in_question AS question
        WHERE question.from_organisation_id = referral.from_organisation_id AND question.referral_id = referral.id AND question.denied_at IS NULL
            AND question.checked_in_at > moment() - interval '1440 hours'
        LIMIT 1
    ), false) ELSE false END AS check_in_asked
FROM referral
JOIN referral_progress AS progress ON progress.from_organisation_id = referral.from_organisation_id AND progress.referral_id = referral.id
LEFT JOIN referral_sender AS sender ON sender.from_organisation_id = referral.from_organisation_id AND sender.referral_id = referral.id
LEFT JOIN referral_client AS client ON client.from_organisation_id = referral.from_organisation_id AND client.referral_id = referral.id
LEFT JOIN referral_shared AS shared ON shared.from_organisation_id = referral.from_organisation_id AND shared.referral_id = referral.id
LEFT JOIN referral_non_completion AS non_completion ON non_completion.from_organisation_id = referral.from_organisation_id
    AND non_completion.referral_id = referral.id AND non_completion.recorded_at = progress.status_at AND progress.status = 'NOT_COMPLETED'
LEFT JOIN referral_undo AS undo ON undo.organisation_id = (SELECT tenant()) AND undo.from_organisation_id = referral.from_organisation_id
    AND undo.referral_id = referral.id
LEFT JOIN referral_handler AS handler ON handler.organisation_id = (SELECT tenant())
    AND handler.from_organisation_id = referral.from_organisation_id AND handler.referral_id = referral.id
WHERE true
