-- What the sender is asked about a check-in goes when the check-in expires, which it does sixty days after it was made: until then a yes is
-- possible, and no longer.
CREATE INDEX check_in_question_age ON check_in_question (from_organisation_id, checked_in_at);
GRANT SELECT (checked_in_at) ON check_in_question TO pamoja_worker;
REVOKE SELECT (asked_at) ON check_in_question FROM pamoja_worker;
