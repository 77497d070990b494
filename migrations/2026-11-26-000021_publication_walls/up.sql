-- Whoever publishes can neither publish a month that isn't closed, after which nothing would be due, nor add to one that is published.

DROP POLICY statistic_release_publish ON statistic_release;
CREATE POLICY statistic_release_publish ON statistic_release FOR INSERT TO pamoja_publisher
    WITH CHECK (month + interval '1 month 30 days' <= moment());

DROP POLICY statistic_cell_publish ON statistic_cell;
CREATE POLICY statistic_cell_publish ON statistic_cell FOR INSERT TO pamoja_publisher
    WITH CHECK (NOT EXISTS (SELECT FROM statistic_release WHERE month >= period + CASE period_kind
        WHEN 'MONTH' THEN interval '0' WHEN 'QUARTER' THEN interval '2 months' ELSE interval '11 months' END));
