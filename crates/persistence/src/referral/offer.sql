INSERT INTO open_referral_offer (organisation_id, from_organisation_id, referral_id)
SELECT unnest($1::uuid[]), tenant(), $2::uuid
