SELECT link.violation_id, link.referral_id, referral.service_type, progress.status_at
FROM violation_link AS link
JOIN violation ON violation.organisation_id = link.organisation_id AND violation.id = link.violation_id AND violation.status = 'OPEN'
JOIN referral_progress AS progress ON progress.from_organisation_id = link.organisation_id AND progress.referral_id = link.referral_id
    AND progress.status IN ('ARRIVED', 'COMPLETED')
JOIN referral ON referral.from_organisation_id = link.organisation_id AND referral.id = link.referral_id AND referral.service_type = ANY ($1::text[])
WHERE link.organisation_id = (SELECT tenant()) AND NOT link.brought AND link.step IS NULL
ORDER BY link.referral_id LIMIT $2
