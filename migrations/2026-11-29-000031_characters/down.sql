ALTER TABLE organisation DROP CONSTRAINT organisation_name_check, ADD CONSTRAINT organisation_name_check CHECK (char_length(name) BETWEEN 1 AND 120);
ALTER TABLE user_account DROP CONSTRAINT user_account_display_name_check, ADD CONSTRAINT user_account_display_name_check CHECK (char_length(display_name) BETWEEN 1 AND 60);
ALTER TABLE service DROP CONSTRAINT service_name_check, ADD CONSTRAINT service_name_check CHECK (char_length(name) BETWEEN 1 AND 120);
ALTER TABLE training_offer
    DROP CONSTRAINT training_offer_title_check, ADD CONSTRAINT training_offer_title_check CHECK (char_length(title) BETWEEN 1 AND 120),
    DROP CONSTRAINT training_offer_description_check, ADD CONSTRAINT training_offer_description_check CHECK (char_length(description) BETWEEN 1 AND 1000);
