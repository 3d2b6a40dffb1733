-- Why: after an emergency somebody asks what happened when, who led, what was done and by whose word. A runbook that was
-- opened is a row, and everything that happens in it is another; none is ever changed.
CREATE TABLE runbook (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    -- 'emergency-service-down'
    name    TEXT NOT NULL,
    host    TEXT NOT NULL,
    -- The channel it was opened in, the message there, and the thread at it; NULL until they are there.
    channel INTEGER NOT NULL,
    message INTEGER,
    thread  INTEGER UNIQUE,
    -- Closed ones are read, and nothing is added to them.
    closed  INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1))
) STRICT;

-- Two who see the same emergency open one runbook.
CREATE UNIQUE INDEX runbook_open ON runbook (name, host) WHERE closed = 0;

CREATE TABLE happening (
    id      INTEGER PRIMARY KEY,
    runbook INTEGER NOT NULL REFERENCES runbook (id),
    what    TEXT NOT NULL CHECK (json_valid(what)),
    person  INTEGER NOT NULL,
    name    TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

CREATE INDEX happening_runbook ON happening (runbook, id);

CREATE TRIGGER happening_is_not_changed BEFORE UPDATE ON happening
BEGIN
    SELECT raise(ABORT, 'what happened is not changed');
END;

CREATE TRIGGER happening_ends_with_closing BEFORE INSERT ON happening
WHEN (SELECT closed FROM runbook WHERE id = NEW.runbook) = 1
BEGIN
    SELECT raise(ABORT, 'the runbook is closed');
END;
