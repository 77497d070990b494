DROP TABLE client_mutation;
DROP TABLE audit_seal;
DROP TABLE audit_entry;
