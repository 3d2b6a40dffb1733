-- Why: who signed which result, when, and what they said of it, is what the whole record is for. What happened to a case (a
-- checklist on a host, for one day, week or month) is a list that only grows: the last entry says how it stands.

CREATE TABLE sign_entry (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    command   TEXT NOT NULL,
    host      TEXT NOT NULL,
    every     TEXT NOT NULL CHECK (every IN ('day', 'week', 'month')),
    -- The first day of the day, week or month, as the deployment's calendar counts: '2026-11-23'.
    first_day TEXT NOT NULL,
    -- Its place in the case, from 1: of two who sign at once, one finds the place taken.
    seq       INTEGER NOT NULL CHECK (seq > 0),
    kind      TEXT NOT NULL CHECK (kind IN ('signed', 'withdrawn', 'reopened')),
    at        INTEGER NOT NULL,
    -- The run that was signed, or that was worse. Not a foreign key: a sign-off outlives the report.
    run       INTEGER,
    hash      BLOB CHECK (length(hash) = 32),
    person    INTEGER,
    -- What they were called then: people leave and are renamed, the record stays.
    name      TEXT,
    reason    TEXT,
    worse     TEXT CHECK (json_valid(worse)),
    UNIQUE (command, host, every, first_day, seq),
    CHECK (kind <> 'signed' OR (run IS NOT NULL AND hash IS NOT NULL)),
    CHECK (kind <> 'withdrawn' OR reason IS NOT NULL),
    CHECK (kind <> 'reopened' OR (run IS NOT NULL AND worse IS NOT NULL)),
    CHECK ((kind = 'reopened') = (person IS NULL) AND (person IS NULL) = (name IS NULL))
) STRICT;

CREATE INDEX sign_entry_day ON sign_entry (first_day);

-- What was said of each check of which something had to be said.
CREATE TABLE sign_check (
    entry    INTEGER NOT NULL REFERENCES sign_entry (id),
    position INTEGER NOT NULL CHECK (position >= 0),
    check_id TEXT NOT NULL,
    title    TEXT NOT NULL CHECK (json_valid(title)),
    grade    TEXT NOT NULL,
    attested TEXT CHECK (attested IN ('yes', 'no', 'not-applicable')),
    finding  INTEGER,
    waiver   INTEGER,
    note     TEXT,
    PRIMARY KEY (entry, position),
    CHECK ((finding IS NOT NULL) + (waiver IS NOT NULL) + (note IS NOT NULL) <= 1),
    -- Nothing bad is signed with nothing said of it: the last word of a rule that stands in the domain.
    CHECK (grade NOT IN ('fail', 'unknown', 'warn') OR coalesce(finding, waiver) IS NOT NULL OR note IS NOT NULL),
    CHECK (grade <> 'manual' OR attested IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE sign_memo (
    entry INTEGER NOT NULL REFERENCES sign_entry (id),
    name  TEXT NOT NULL,
    text  TEXT NOT NULL CHECK (trim(text) <> ''),
    PRIMARY KEY (entry, name)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER sign_entry_stays  BEFORE UPDATE ON sign_entry BEGIN SELECT raise(ABORT, 'a sign-off is never changed'); END;
CREATE TRIGGER sign_entry_is_kept BEFORE DELETE ON sign_entry BEGIN SELECT raise(ABORT, 'a sign-off is never deleted'); END;
CREATE TRIGGER sign_check_stays  BEFORE UPDATE ON sign_check BEGIN SELECT raise(ABORT, 'a sign-off is never changed'); END;
CREATE TRIGGER sign_check_is_kept BEFORE DELETE ON sign_check BEGIN SELECT raise(ABORT, 'a sign-off is never deleted'); END;
CREATE TRIGGER sign_memo_stays   BEFORE UPDATE ON sign_memo BEGIN SELECT raise(ABORT, 'a sign-off is never changed'); END;
CREATE TRIGGER sign_memo_is_kept BEFORE DELETE ON sign_memo BEGIN SELECT raise(ABORT, 'a sign-off is never deleted'); END;

-- What somebody is about to sign: a modal holds five inputs and a walk has many steps, so that it is kept from step to step,
-- over a restart, and on whatever device they go on.
CREATE TABLE draft (
    run        INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    person     INTEGER NOT NULL,
    body       TEXT NOT NULL CHECK (json_valid(body)),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (run, person)
) STRICT, WITHOUT ROWID;
