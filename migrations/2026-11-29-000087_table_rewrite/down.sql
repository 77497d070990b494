DROP TABLE table_rewrite;
