-- Less to look at and less to keep: what a page's links were last admitted by.

ALTER TABLE frontier ADD COLUMN admitted INTEGER;
                                      -- digest of the document whose links were admitted, and of the scope they were
                                      -- admitted by; null: none yet. The same again leads nowhere new
