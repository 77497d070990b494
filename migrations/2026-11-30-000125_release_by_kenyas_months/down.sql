ALTER POLICY statistic_release_publish ON statistic_release WITH CHECK (month + interval '1 month 30 days' <= moment());
