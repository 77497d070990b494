DROP FUNCTION referred_anew(uuid, uuid, timestamptz, timestamptz);
DROP FUNCTION referral_hindrance(uuid, uuid, uuid, uuid);
DROP FUNCTION receiver_hindrance(uuid, uuid, text);
DROP INDEX referral_progress_sent_to;
DROP INDEX referral_progress_unserved;
DROP TABLE referral_follow_up;
