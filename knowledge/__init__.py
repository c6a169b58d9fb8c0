"""Knowledge: policies as clauses, read from YAML and documents that anybody may have written."""
