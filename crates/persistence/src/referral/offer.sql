-- Offers a new referral of the tenant to every member that could take it, and says to whom. Who that is is chosen here, and not in a
-- statement before: a member that pauses or closes its service in between would be refused by the policy, and with it the referral.
INSERT INTO open_referral_offer (organisation_id, from_organisation_id, referral_id)
SELECT DISTINCT service.organisation_id, tenant(), $4::uuid
FROM service JOIN organisation ON organisation.id = service.organisation_id
WHERE organisation.status = 'ACTIVE' AND service.organisation_id <> tenant() AND service.closed_at IS NULL AND NOT service.paused
  AND service.service_type = $1 AND service.county_code = $2 AND (service.accepts_minors OR NOT $3)
RETURNING organisation_id
