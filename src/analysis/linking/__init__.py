"""Who answered both times: codes compared, links made, doubted and decided on."""
