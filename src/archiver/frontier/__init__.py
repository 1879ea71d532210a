"""What to fetch, and when. Pure."""
