"""Raw exports of survey tools: a file becomes a table, its headers items, its cells coded answers."""
