SELECT max(month) FROM statistic_release
