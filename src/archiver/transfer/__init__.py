"""What leaves the archive whole or in part, and what comes in from elsewhere: copies, exports, WARC, evidence packs."""
