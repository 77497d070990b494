-- What waits for somebody is found by when it is due, among what is still open: an index for each question, which holds those rows alone
-- and is as short as the work that is left. What of a referral decides when it is due never changes, and stands here a second time so
-- that one index can hold both.

ALTER TABLE referral_progress ADD COLUMN act_before timestamptz, ADD COLUMN answer_by timestamptz NOT NULL DEFAULT moment();
ALTER TABLE referral NO FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_progress NO FORCE ROW LEVEL SECURITY;
UPDATE referral_progress SET act_before = referral.act_before,
    answer_by = referral.created_at + CASE
        WHEN referral.act_before IS NOT NULL THEN interval '60 minutes'
        WHEN referral.urgency = 'EMERGENCY' THEN interval '4 hours'
        WHEN referral.urgency = 'URGENT' THEN interval '24 hours'
        ELSE interval '72 hours'
    END
FROM referral
WHERE referral.from_organisation_id = referral_progress.from_organisation_id AND referral.id = referral_progress.referral_id;
ALTER TABLE referral FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_progress FORCE ROW LEVEL SECURITY;

GRANT UPDATE (act_before) ON referral_progress TO pamoja_app;

-- Whether the sender goes along is never written as an equation: beside "the sender is the tenant" the planner would make another one of
-- it, and no longer see that the index fits.
CREATE INDEX referral_progress_answer_critical ON referral_progress (to_organisation_id, answer_by, referral_id)
    WHERE status = 'REQUESTED' AND act_before IS NOT NULL AND from_organisation_id IS DISTINCT FROM to_organisation_id;
CREATE INDEX referral_progress_answer ON referral_progress (to_organisation_id, answer_by, referral_id)
    WHERE status = 'REQUESTED' AND act_before IS NULL AND from_organisation_id IS DISTINCT FROM to_organisation_id;
CREATE INDEX referral_progress_no_answer ON referral_progress (from_organisation_id, answer_by, referral_id)
    WHERE status = 'REQUESTED' AND (act_before IS NOT NULL OR to_organisation_id IS NULL)
        AND from_organisation_id IS DISTINCT FROM to_organisation_id;
CREATE INDEX referral_progress_scheduled ON referral_progress (to_organisation_id, scheduled_on, referral_id)
    WHERE status = 'SCHEDULED';
CREATE INDEX referral_progress_accompanied ON referral_progress (from_organisation_id, opened_at, referral_id)
    WHERE status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'ARRIVED', 'NO_SHOW')
        AND from_organisation_id IS NOT DISTINCT FROM to_organisation_id;
CREATE INDEX referral_progress_arrived ON referral_progress (to_organisation_id, status_at, referral_id)
    WHERE status = 'ARRIVED' AND from_organisation_id IS DISTINCT FROM to_organisation_id;
CREATE INDEX referral_progress_expiring ON referral_progress (from_organisation_id, expires_at, referral_id)
    WHERE status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW');
CREATE INDEX referral_progress_overdue_sent ON referral_progress (from_organisation_id, act_before, referral_id)
    WHERE status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW') AND act_before IS NOT NULL;
CREATE INDEX referral_progress_overdue_received ON referral_progress (to_organisation_id, act_before, referral_id)
    WHERE status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW') AND act_before IS NOT NULL
        AND from_organisation_id IS DISTINCT FROM to_organisation_id;
