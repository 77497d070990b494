DROP TABLE facility;
