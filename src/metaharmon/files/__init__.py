"""Files of records: texts and their encodings, exact JSON, tables, documents."""
