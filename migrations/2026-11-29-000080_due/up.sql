-- What the clock deletes is found by its age, so that a batch costs what it deletes, however much there is.
CREATE INDEX user_session_ends ON user_session (organisation_id, ends_at);
CREATE INDEX user_session_revoked ON user_session (organisation_id, revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX slip_attempt_age ON slip_attempt (organisation_id, attempted_at);
CREATE INDEX sign_in_failure_age ON sign_in_failure (failed_at);
CREATE INDEX blank_slip_age ON blank_slip (organisation_id, expires_at);
CREATE INDEX pending_check_in_age ON pending_check_in (organisation_id, expires_at);
CREATE INDEX open_referral_closed ON open_referral (from_organisation_id, closed_at) WHERE closed_at IS NOT NULL;
