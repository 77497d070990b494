SELECT organisation.id
FROM organisation, training_request AS request
WHERE organisation.status = 'ACTIVE' AND organisation.id <> tenant() AND request.from_organisation_id = tenant() AND request.id = $1
    AND offers_training(organisation.id, request.topic, request.county_code)
