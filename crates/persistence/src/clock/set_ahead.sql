INSERT INTO clock_offset (seconds) VALUES ($1::bigint::integer) ON CONFLICT (one) DO UPDATE SET seconds = excluded.seconds
