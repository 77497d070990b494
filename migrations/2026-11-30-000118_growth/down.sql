DROP INDEX training_session_day;
CREATE INDEX training_request_session ON training_request (to_organisation_id, session_id);
DROP INDEX training_request_of_session;
DROP INDEX referral_note_id;
DROP INDEX open_referral_waiting;
