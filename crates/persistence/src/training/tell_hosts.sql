INSERT INTO training_evaluation_for_host
    (trainer_organisation_id, session_id, host_organisation_id, satisfaction_mean, pre_score_mean, post_score_mean, readable_at)
SELECT tenant(), $1::uuid, told.host, told.satisfaction_mean, told.pre_score_mean, told.post_score_mean, $2::timestamptz
FROM unnest($3::uuid[], $4::float8[], $5::float8[], $6::float8[]) AS told (host, satisfaction_mean, pre_score_mean, post_score_mean)
