-- The receiver's list begins with the clients who can still be seen in time, answered or not. So the key tells of every client with a time
-- limit who hasn't arrived, and not of the unanswered ones alone.
SET LOCAL TimeZone = 'UTC';
ALTER TABLE referral_progress NO FORCE ROW LEVEL SECURITY;
UPDATE referral_progress SET listed_at = timestamptz 'epoch' + interval '146000 days' - (act_before - timestamptz 'epoch')
WHERE act_before IS NOT NULL AND status IN ('WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW');
ALTER TABLE referral_progress FORCE ROW LEVEL SECURITY;
