DROP FUNCTION open_member(uuid);
DROP TABLE sign_in_failure;
DROP TABLE refresh_token;
DROP TABLE user_session;
DROP TABLE user_credential;
DROP TABLE user_account;
