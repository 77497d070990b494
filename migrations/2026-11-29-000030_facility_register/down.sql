DROP TABLE facility_register;
