INSERT INTO statistic_release (month, noise_key_id) VALUES ($1, $2)
