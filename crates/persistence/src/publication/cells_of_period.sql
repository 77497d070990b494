SELECT table_name, measure, keys, value FROM statistic_cell WHERE period_kind = $1 AND period = $2
