-- Announces a new request of the tenant that is open to all: to the tenant, and to every active member that could take it. Who that is
-- is chosen here, and not in a statement before: a member that pauses or closes its offer in between would be refused by the policy, and
-- with it the request.
INSERT INTO outbox (organisation_id, kind, node_id)
SELECT organisation.id, $1::text, request.id
FROM organisation, training_request AS request
WHERE request.from_organisation_id = tenant() AND request.id = $2
    AND (organisation.id = tenant() OR (organisation.status = 'ACTIVE' AND offers_training(organisation.id, request.topic, request.county_code)))
