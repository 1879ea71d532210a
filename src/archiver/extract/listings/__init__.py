"""What a site lists for machines, as documents of links: sitemaps, feeds, and the vendors' lists of meetings. Pure."""
