DROP FUNCTION violation_funnel(date, date, text[], text[], text[], text[], text[], text[], text[], text[], integer[]);
DROP FUNCTION months_between(date, date);
ALTER POLICY violation_own ON violation USING (organisation_id = tenant());
DROP POLICY violation_step_own ON violation_step;
