-- Why: a bad check that somebody took on must not wake the team every morning, and must not look well either. A waiver has a
-- reason and an end; none is ever changed, and one that is ended early gets a row that says so.

CREATE TABLE waiver (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    command  TEXT NOT NULL,
    host     TEXT NOT NULL,
    check_id TEXT NOT NULL,
    title    TEXT NOT NULL CHECK (json_valid(title)),
    -- The grade that was taken on: nothing worse is waived.
    covers   TEXT NOT NULL CHECK (covers IN ('fail', 'unknown', 'warn')),
    reason   TEXT NOT NULL CHECK (trim(reason) <> ''),
    person   INTEGER NOT NULL,
    name     TEXT NOT NULL,
    begins   INTEGER NOT NULL,
    until    INTEGER NOT NULL CHECK (until > begins),
    -- Where its end is announced.
    channel  INTEGER
) STRICT;

CREATE INDEX waiver_until ON waiver (until);

CREATE TABLE waiver_end (
    waiver INTEGER PRIMARY KEY REFERENCES waiver (id),
    at     INTEGER NOT NULL,
    person INTEGER NOT NULL,
    name   TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (trim(reason) <> '')
) STRICT;

CREATE TRIGGER waiver_stays   BEFORE UPDATE ON waiver BEGIN SELECT raise(ABORT, 'a waiver is never changed'); END;
CREATE TRIGGER waiver_is_kept BEFORE DELETE ON waiver BEGIN SELECT raise(ABORT, 'a waiver is never deleted'); END;

-- That its end was announced, or never can be.
CREATE TABLE waiver_announced (
    waiver INTEGER PRIMARY KEY REFERENCES waiver (id),
    at     INTEGER NOT NULL
) STRICT;

-- The waiver that a check ran under, with what it was graded: kept with the result, since the waiver ends and the result stays.
ALTER TABLE run_check ADD COLUMN waived TEXT CHECK (json_valid(waived));
