"""Files that are no pages, in the same Document form: one module a kind. Pure."""
