"""The tests of the knowledge folder: reading packs and documents that anybody may have written."""
