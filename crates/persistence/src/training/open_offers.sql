-- The offers that can be asked for now, and those that are only paused. The caller adds conditions.
SELECT offer.id, offer.organisation_id, offer.topic, offer.title, offer.description, offer.modes, offer.county_codes,
    offer.languages, offer.duration_hours, offer.maximum_participants, offer.open_until, offer.closed_at,
    offer.paused
FROM training_offer AS offer
WHERE offer.closed_at IS NULL AND (offer.open_until IS NULL OR offer.open_until >= (SELECT present_day()))
    AND offer.organisation_id IN (SELECT id FROM organisation WHERE status = 'ACTIVE')
