-- When the earliest referral was created, sought in each organisation by the index on what it sent.
SELECT min(first.created_at) FROM organisation CROSS JOIN LATERAL (
    SELECT created_at FROM referral WHERE from_organisation_id = organisation.id ORDER BY created_at LIMIT 1
) AS first
