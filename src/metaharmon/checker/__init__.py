"""What can be proved of a mapping file before data runs (mapping language, 11): every finding, each with its place."""

from metaharmon.checker.examples import Engine
from metaharmon.checker.files import check_file, check_paths

__all__ = ["Engine", "check_file", "check_paths"]
