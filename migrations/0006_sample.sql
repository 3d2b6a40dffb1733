-- Why: nobody should have to wait for nine o'clock to learn that something broke, and an uptime must come from what was
-- really watched. The bot samples once a minute; minutes stay for 14 days, hours for 13 months: some 8 MB for a host.

CREATE TABLE vital (
    id      INTEGER PRIMARY KEY,
    host    TEXT NOT NULL,
    name    TEXT NOT NULL,
    -- A mount; empty where there is but one.
    subject TEXT NOT NULL,
    UNIQUE (host, name, subject)
) STRICT;

CREATE TABLE sample (
    vital INTEGER NOT NULL REFERENCES vital (id),
    at    INTEGER NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (vital, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE sample_hour (
    vital  INTEGER NOT NULL REFERENCES vital (id),
    begins INTEGER NOT NULL,
    count  INTEGER NOT NULL CHECK (count > 0),
    sum    REAL NOT NULL,
    least  REAL NOT NULL,
    most   REAL NOT NULL,
    PRIMARY KEY (vital, begins)
) STRICT, WITHOUT ROWID;

-- Three bad samples in a row. Each step is claimed here before it is posted, so that a restart tells nothing twice.
CREATE TABLE alert (
    id          INTEGER PRIMARY KEY,
    vital       INTEGER NOT NULL REFERENCES vital (id),
    begun_at    INTEGER NOT NULL,
    -- The last values, the oldest first.
    seen        TEXT NOT NULL CHECK (json_valid(seen)),
    threshold   TEXT NOT NULL,
    ended_at    INTEGER CHECK (ended_at >= begun_at),
    -- Where it was posted; both NULL until then.
    channel     INTEGER,
    message     INTEGER,
    -- Whether its beginning and its end need not be posted any more, and the same for the webhook.
    told        INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),
    told_end    INTEGER NOT NULL DEFAULT 0 CHECK (told_end IN (0, 1)),
    sent        INTEGER NOT NULL DEFAULT 0 CHECK (sent IN (0, 1)),
    sent_end    INTEGER NOT NULL DEFAULT 0 CHECK (sent_end IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX alert_open ON alert (vital) WHERE ended_at IS NULL;
CREATE INDEX alert_untold ON alert (id) WHERE told_end = 0 OR sent_end = 0;

-- Silence for a stated time. The latest row of a vital counts; none is ever changed.
CREATE TABLE mute (
    id       INTEGER PRIMARY KEY,
    vital    INTEGER NOT NULL REFERENCES vital (id),
    muted_at INTEGER NOT NULL,
    until    INTEGER NOT NULL,
    muted_by INTEGER NOT NULL
) STRICT;

CREATE INDEX mute_latest ON mute (vital, until);
