"""How it looks. Pure."""
