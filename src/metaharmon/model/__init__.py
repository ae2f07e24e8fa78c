"""The canonical schema: its models, their shape and the normal form of canonical JSON."""
