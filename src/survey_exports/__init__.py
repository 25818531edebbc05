"""Files of survey tools as raw tables."""
