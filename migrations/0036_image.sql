-- Why: going back needs to know to what. Each run records which image each service has and whether it is healthy with it; the
-- last one that was healthy, is another than today's and is still on the host, is what a rollback goes to, and no clean-up
-- takes it.
CREATE TABLE service_image (
    host       TEXT NOT NULL,
    service    TEXT NOT NULL,
    -- 'sha256:…'
    image      TEXT NOT NULL,
    -- As the compose file calls it.
    reference  TEXT NOT NULL,
    seen_at    INTEGER NOT NULL,
    healthy_at INTEGER,
    PRIMARY KEY (host, service, image)
) STRICT, WITHOUT ROWID;
