"""The questions asked of panels; each function returns a table, a row per case."""
