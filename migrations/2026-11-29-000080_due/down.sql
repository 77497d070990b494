DROP INDEX open_referral_closed;
DROP INDEX pending_check_in_age;
DROP INDEX blank_slip_age;
DROP INDEX sign_in_failure_age;
DROP INDEX slip_attempt_age;
DROP INDEX user_session_revoked;
DROP INDEX user_session_ends;
