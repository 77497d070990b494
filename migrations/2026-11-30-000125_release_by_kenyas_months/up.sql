-- A month is closed by Kenya's days, as the program has it. By the server's own, nothing could be published for the last hours of the
-- night in which it closes.
ALTER POLICY statistic_release_publish ON statistic_release
    WITH CHECK ((month + interval '1 month 30 days') AT TIME ZONE interval '3 hours' <= moment());
