SELECT violation.id, violation.types, violation.perpetrators, violation.causes, violation.populations, violation.under_18,
    violation.county_code, violation.people_affected, violation.occurred_in, violation.documented_in, client.client,
    violation.consent_given_by, violation.counted, violation.not_reported_reasons, violation.act_before, violation.status,
    violation.outcome, violation.ended_in, violation.end_reasons, violation.forgotten, violation.updated_at,
    ARRAY(
        SELECT step.kind::text FROM violation_step AS step
        WHERE step.organisation_id = violation.organisation_id AND step.violation_id = violation.id ORDER BY step.month, step.kind
    ) AS step_kinds,
    ARRAY(
        SELECT step.month FROM violation_step AS step
        WHERE step.organisation_id = violation.organisation_id AND step.violation_id = violation.id ORDER BY step.month, step.kind
    ) AS step_months,
    ARRAY(
        SELECT link.referral_id FROM violation_link AS link
        WHERE link.organisation_id = violation.organisation_id AND link.violation_id = violation.id ORDER BY link.referral_id
    ) AS referrals,
    ARRAY(
        SELECT link.brought FROM violation_link AS link
        WHERE link.organisation_id = violation.organisation_id AND link.violation_id = violation.id ORDER BY link.referral_id
    ) AS brought,
    ARRAY(
        SELECT coalesce(link.step::text, '') FROM violation_link AS link
        WHERE link.organisation_id = violation.organisation_id AND link.violation_id = violation.id ORDER BY link.referral_id
    ) AS link_steps,
    ARRAY(
        SELECT coalesce(link.month, '2000-01-01') FROM violation_link AS link
        WHERE link.organisation_id = violation.organisation_id AND link.violation_id = violation.id ORDER BY link.referral_id
    ) AS link_months
FROM violation
LEFT JOIN violation_client AS client ON client.organisation_id = violation.organisation_id AND client.violation_id = violation.id
WHERE violation.organisation_id = (SELECT tenant())
