SELECT table_name, measure, period, keys FROM statistic_cell WHERE period_kind = $1 AND period >= $2
