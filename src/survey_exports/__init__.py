"""Files of survey tools as raw tables: `files.read_table` reads any, README.md says how."""
