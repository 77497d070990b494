ALTER TABLE statistic_release DROP COLUMN series;
