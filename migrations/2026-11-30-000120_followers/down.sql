DROP FUNCTION news_for(uuid[], uuid[], uuid[], uuid[], bigint[]);
DROP FUNCTION sessions_in_force(uuid[], uuid[], uuid[], uuid[]);
REVOKE SELECT (organisation_id, position) ON outbox FROM pamoja_gate;
DROP POLICY outbox_gate ON outbox;
