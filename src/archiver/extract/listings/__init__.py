"""What a site lists for machines, as documents of links: sitemaps, feeds. Pure."""
