INSERT INTO statistic_release (month, noise_key_id, series) VALUES ($1, $2, $3)
