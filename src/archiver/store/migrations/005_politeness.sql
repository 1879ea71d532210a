-- Hosts that share an IP address take turns; what is due is ordered by how many of its own spans it has waited.

ALTER TABLE hosts ADD COLUMN peer TEXT;      -- the IP address that answers for the host; null: not known, or a proxy asks
ALTER TABLE frontier ADD COLUMN span REAL;   -- seconds in which the address is to be seen again; null: the source's rhythm
