DROP FUNCTION meet_pending_check_in(uuid);
DROP FUNCTION bind_blank_slip(bytea, uuid[]);
DROP FUNCTION hold_blank_slip(bytea);
DROP POLICY referral_event_meet ON referral_event;
DROP POLICY pending_check_in_meet ON pending_check_in;
DROP POLICY referral_slip_meet ON referral_slip;
DROP TABLE pending_check_in;
DROP TABLE blank_slip;
