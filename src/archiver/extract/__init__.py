"""What a body says: bytes in, a reading out. Pure."""
