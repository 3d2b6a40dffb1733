-- Why: a check that looks while an act runs on the host may see a service that is just being restarted. Whoever reads its
-- report must know that: the acts that ran meanwhile stand in it. NULL where there was none, as nearly always.
ALTER TABLE run ADD COLUMN during TEXT CHECK (json_valid(during));

-- Asked at the end of each run: which acts of this host ended since it began.
CREATE INDEX request_acted ON request (host, ended_at) WHERE begun_at IS NOT NULL;
