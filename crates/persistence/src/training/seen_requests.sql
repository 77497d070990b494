-- The requests that the tenant may see. The caller adds conditions.
SELECT request.id, request.from_organisation_id, request.to_organisation_id, request.offer_id, request.topic, request.audience,
    request.expected_participants, request.preferred_months, request.county_code, request.languages, request.status, request.reason,
    request.session_id, request.created_at, request.updated_at
FROM training_request AS request
WHERE true
