SELECT month, series FROM statistic_release WHERE month >= $1
