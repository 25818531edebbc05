"""From notebooks to report folders: executed, written as documents, put in place, several at a time."""
