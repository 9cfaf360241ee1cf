"""The room `cli`; see docs/architecture.md."""
