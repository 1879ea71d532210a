"""How two documents differ. Pure."""
