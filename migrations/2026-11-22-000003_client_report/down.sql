REVOKE DELETE ON referral_non_completion FROM pamoja_app;
DROP POLICY referral_non_completion_remove ON referral_non_completion;
REVOKE UPDATE (client) ON referral_client FROM pamoja_app;
DROP POLICY referral_client_change ON referral_client;
DROP FUNCTION publish_friendliness();
DROP TABLE service_friendliness;
DROP TABLE client_report;
DROP FUNCTION present_month();
