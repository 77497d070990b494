-- What was read as a whole, however much there was of it, has an index now. A test explains every statement that members may send.
-- The list of open referrals began with all that had been offered to the organisation for a month past their end. One more entry is
-- written for a referral that is open to all, and for no other.
CREATE INDEX open_referral_waiting ON open_referral (expires_at) WHERE closed_at IS NULL;
-- Notes are read by their referrals' ids, of whichever party.
CREATE INDEX referral_note_id ON referral_note (referral_id);
-- Requests are read by their sessions' ids alone; who deletes a session knows both columns.
CREATE INDEX training_request_of_session ON training_request (session_id, to_organisation_id);
DROP INDEX training_request_session;
-- What is to be followed up after some months is looked for by the day of the training.
CREATE INDEX training_session_day ON training_session (held_on);
