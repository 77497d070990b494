-- For each of these referrals of the tenant: since when an earlier one of the same client, for the same type of service and to the same
-- receiver (or to nobody, as this one), is open.
SELECT referral.id AS referral_id, min(other.created_at) AS since
FROM referral
JOIN referral_client AS client ON client.from_organisation_id = referral.from_organisation_id AND client.referral_id = referral.id
JOIN referral_client AS same ON same.from_organisation_id = client.from_organisation_id AND same.client = client.client
JOIN referral AS other ON other.from_organisation_id = same.from_organisation_id AND other.id = same.referral_id
    AND other.service_type = referral.service_type AND other.to_organisation_id IS NOT DISTINCT FROM referral.to_organisation_id
    AND (other.created_at, other.id) < (referral.created_at, referral.id)
JOIN referral_progress AS progress ON progress.from_organisation_id = other.from_organisation_id AND progress.referral_id = other.id
WHERE referral.from_organisation_id = (SELECT tenant()) AND referral.id = ANY ($1::uuid[])
    AND (progress.status = 'ARRIVED'
        OR (progress.status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW') AND progress.expires_at > moment()))
GROUP BY referral.id
