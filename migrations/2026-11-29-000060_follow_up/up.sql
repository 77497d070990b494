-- What happens to a client after they were referred reaches the sender, and stays a task until somebody has said how it goes on.

-- One row for each ending that left a client unserved: the task list reads those that nobody has settled, and no others, however many
-- referrals have ended. Whoever ends it writes the row, as it announces the change to the other; what the sender then makes of it
-- is the sender's alone, and nothing that the receiver reads changes with it.
CREATE TABLE referral_follow_up (
    from_organisation_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    ended_at timestamptz NOT NULL DEFAULT moment(),
    settled_at timestamptz,
    dismissed_by uuid,
    PRIMARY KEY (from_organisation_id, referral_id, ended_at),
    FOREIGN KEY (from_organisation_id, referral_id) REFERENCES referral (from_organisation_id, id) ON DELETE CASCADE,
    CHECK (dismissed_by IS NULL OR settled_at IS NOT NULL)
);
COMMENT ON TABLE referral_follow_up IS 'PRIVATE from_organisation_id: endings that left a client unserved, and when the sender settled each; by nobody where the client said that they were helped. Withdrawal deletes it.';
CREATE INDEX referral_follow_up_waiting ON referral_follow_up (from_organisation_id, ended_at, referral_id) WHERE settled_at IS NULL;
ALTER TABLE referral_follow_up ENABLE ROW LEVEL SECURITY;
CREATE POLICY referral_follow_up_read ON referral_follow_up FOR SELECT TO pamoja_app USING (from_organisation_id = (SELECT tenant()));
-- The receiver says that it has just ended, and nothing else. Were the moment the receiver's to choose, a row that is there already
-- could be told from one that isn't.
CREATE POLICY referral_follow_up_add ON referral_follow_up FOR INSERT TO pamoja_app WITH CHECK (
    (from_organisation_id = tenant() AND (dismissed_by IS NULL OR dismissed_by = acting_user()))
    OR (
        ended_at = moment() AND settled_at IS NULL AND dismissed_by IS NULL
        AND EXISTS (
            SELECT FROM referral
            WHERE referral.from_organisation_id = referral_follow_up.from_organisation_id AND referral.id = referral_follow_up.referral_id
                AND referral.to_organisation_id = tenant()
        )
    )
);
CREATE POLICY referral_follow_up_change ON referral_follow_up FOR UPDATE TO pamoja_app
    USING (from_organisation_id = tenant())
    WITH CHECK (from_organisation_id = tenant() AND (dismissed_by IS NULL OR dismissed_by = acting_user()));
CREATE POLICY referral_follow_up_remove ON referral_follow_up FOR DELETE TO pamoja_app USING (from_organisation_id = tenant());
GRANT SELECT (from_organisation_id, referral_id, ended_at, settled_at, dismissed_by),
    INSERT (from_organisation_id, referral_id, ended_at, settled_at, dismissed_by),
    UPDATE (settled_at, dismissed_by), DELETE ON referral_follow_up TO pamoja_app;

-- Of what ended more than 14 days ago, nobody is asked any more: it counts as settled, by nobody. Members' lists begin with what can
-- still be taken up again, and not with years of it. What the clock ended and no job has recorded yet needs a row that says so.
ALTER TABLE referral_progress NO FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_non_completion NO FORCE ROW LEVEL SECURITY;
ALTER TABLE client_report NO FORCE ROW LEVEL SECURITY;
INSERT INTO referral_follow_up (from_organisation_id, referral_id, ended_at)
SELECT progress.from_organisation_id, progress.referral_id, progress.status_at FROM referral_progress AS progress
WHERE progress.status IN ('DECLINED', 'NO_SHOW', 'NOT_COMPLETED', 'EXPIRED') AND progress.status_at > moment() - interval '336 hours'
    AND NOT progress.consent_withdrawn
    AND NOT EXISTS (
        SELECT FROM referral_non_completion AS said
        WHERE said.from_organisation_id = progress.from_organisation_id AND said.referral_id = progress.referral_id
            AND said.recorded_at = progress.status_at AND progress.status = 'NOT_COMPLETED'
            AND (
                said.reason = 'UNSAFE_TO_FOLLOW_UP'
                OR (said.reason IN ('DIED', 'NO_LONGER_NEEDED', 'CLIENT_DECLINED') AND said.by_organisation_id = progress.from_organisation_id)
            )
    )
    AND NOT EXISTS (
        SELECT FROM client_report AS report
        WHERE report.from_organisation_id = progress.from_organisation_id AND report.referral_id = progress.referral_id
    );
INSERT INTO referral_follow_up (from_organisation_id, referral_id, ended_at, settled_at)
SELECT from_organisation_id, referral_id, expires_at, moment() FROM referral_progress
WHERE status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW') AND expires_at <= moment() - interval '336 hours';
ALTER TABLE client_report FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_non_completion FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_progress FORCE ROW LEVEL SECURITY;
ALTER TABLE referral_follow_up FORCE ROW LEVEL SECURITY;

-- Of what is unserved, the clients who can still be helped in time.
CREATE INDEX referral_progress_unserved ON referral_progress (from_organisation_id, act_before, referral_id)
    WHERE status IN ('DECLINED', 'NO_SHOW', 'NOT_COMPLETED', 'EXPIRED') AND act_before IS NOT NULL;
-- Who waits at a place that takes nobody.
CREATE INDEX referral_progress_sent_to ON referral_progress (from_organisation_id, to_organisation_id, service_id)
    WHERE status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW');

CREATE FUNCTION referred_anew(sender uuid, referred uuid, since timestamptz, until timestamptz) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (
        SELECT FROM referral AS asked
        JOIN referral_client AS client ON client.from_organisation_id = asked.from_organisation_id AND client.referral_id = asked.id
        JOIN referral_client AS again ON again.from_organisation_id = client.from_organisation_id AND again.client = client.client
            AND again.referral_id <> client.referral_id
        JOIN referral AS later ON later.from_organisation_id = again.from_organisation_id AND later.id = again.referral_id
            AND later.service_type = asked.service_type
        JOIN referral_progress AS progress ON progress.from_organisation_id = later.from_organisation_id AND progress.referral_id = later.id
        JOIN referral_sender AS sent ON sent.from_organisation_id = later.from_organisation_id AND sent.referral_id = later.id
        WHERE asked.from_organisation_id = sender AND asked.id = referred AND progress.status <> 'ENTERED_IN_ERROR'
            -- Called off because it was the wrong place or not safe there, it leaves the client where they were.
            AND (progress.status <> 'CANCELLED' OR coalesce(sent.cancel_reason IN ('NO_LONGER_NEEDED', 'CONSENT_WITHDRAWN'), true))
            AND later.created_at >= coalesce(since, asked.created_at + interval '1 microsecond') AND later.created_at < until
    );
COMMENT ON FUNCTION referred_anew(uuid, uuid, timestamptz, timestamptz) IS 'Whether the sender referred the client for the same type of service in another referral between two moments; from null on: after the first referral itself.';
