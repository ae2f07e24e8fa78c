"""Mappings: the words of the language, read from a file, bound to the canonical schema and made into a plan."""
