GRANT SELECT (asked_at) ON check_in_question TO pamoja_worker;
REVOKE SELECT (checked_in_at) ON check_in_question FROM pamoja_worker;
DROP INDEX check_in_question_age;
