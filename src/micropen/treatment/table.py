"""The base of everything that is read from a treatment or device file."""

from micropen.toml_files import Table

__all__ = ["Table"]
