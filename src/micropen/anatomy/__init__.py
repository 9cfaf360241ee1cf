"""The room `anatomy`; see docs/architecture.md."""
