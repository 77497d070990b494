DROP FUNCTION referred_anew(uuid, uuid, timestamptz, timestamptz);
DROP INDEX referral_progress_sent_to;
DROP INDEX referral_progress_unserved;
DROP TABLE referral_follow_up;
