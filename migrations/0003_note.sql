-- Why: the bot must remember small things about itself over a restart, such as which commands it last registered with
-- Discord, so that it registers them again only when something changed. Never anything of the team's: that has tables.
CREATE TABLE note (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
