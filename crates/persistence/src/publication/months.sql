SELECT month FROM statistic_release ORDER BY month
