-- When the earliest record that would be counted was created.
SELECT least(
    (SELECT min(first.created_at) FROM organisation CROSS JOIN LATERAL (
        SELECT created_at FROM referral WHERE from_organisation_id = organisation.id ORDER BY created_at LIMIT 1
    ) AS first),
    (SELECT delivered_at FROM training_session WHERE delivered_at IS NOT NULL ORDER BY delivered_at LIMIT 1)
)
