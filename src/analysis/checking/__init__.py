"""What `analysis check` tells of a study: read as far as it can be, for a terminal and for machines."""
