-- Why: rules and reports compare with the past. Numbers are there already; what is no number may change as well (a version,
-- a setting), and a rule may ask what it was. A row is a value for as long as it stayed the same, so that a version that
-- nobody touches for a year is one row.
CREATE TABLE word (
    id       INTEGER PRIMARY KEY,
    command  TEXT NOT NULL,
    host     TEXT NOT NULL,
    check_id TEXT NOT NULL,
    measure  TEXT NOT NULL,
    -- As in series: NULL where the check has but one.
    subject  TEXT,
    value    TEXT NOT NULL,
    -- When it was first seen, and when last; a change in between would have begun another row.
    since    INTEGER NOT NULL,
    until    INTEGER NOT NULL CHECK (until >= since)
) STRICT;

CREATE INDEX word_latest ON word (command, host, check_id, measure, until);

-- What became of the problems of the run before: part of what was shown, so that it is kept and not found out again, when
-- the run before may have been cleared away. NULL for the first run of a command on a host, and for runs that are older
-- than this column.
ALTER TABLE run ADD COLUMN difference TEXT CHECK (json_valid(difference));
