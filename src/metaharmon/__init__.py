"""metaharmon."""
