-- A person counts a family or a flag as one character, and PostgreSQL counts its code points. The domain counts as a person does; here
-- stands only how many bytes so many characters can have, at 28 each.
ALTER TABLE organisation DROP CONSTRAINT organisation_name_check, ADD CONSTRAINT organisation_name_check CHECK (octet_length(name) BETWEEN 1 AND 3360);
ALTER TABLE user_account DROP CONSTRAINT user_account_display_name_check, ADD CONSTRAINT user_account_display_name_check CHECK (octet_length(display_name) BETWEEN 1 AND 1680);
ALTER TABLE service DROP CONSTRAINT service_name_check, ADD CONSTRAINT service_name_check CHECK (octet_length(name) BETWEEN 1 AND 3360);
ALTER TABLE training_offer
    DROP CONSTRAINT training_offer_title_check, ADD CONSTRAINT training_offer_title_check CHECK (octet_length(title) BETWEEN 1 AND 3360),
    DROP CONSTRAINT training_offer_description_check, ADD CONSTRAINT training_offer_description_check CHECK (octet_length(description) BETWEEN 1 AND 28000);
