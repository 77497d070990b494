DROP POLICY statistic_cell_publish ON statistic_cell;
CREATE POLICY statistic_cell_publish ON statistic_cell FOR INSERT TO pamoja_publisher WITH CHECK (true);

DROP POLICY statistic_release_publish ON statistic_release;
CREATE POLICY statistic_release_publish ON statistic_release FOR INSERT TO pamoja_publisher WITH CHECK (true);
