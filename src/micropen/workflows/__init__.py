"""The room `workflows`; see docs/architecture.md."""
