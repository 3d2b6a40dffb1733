-- Why: some looks compare with what a person approved, ask when something was last rehearsed, or cost money each time and
-- need be asked once a day only.

-- What a person called right: the rules of a security group. The latest row of a subject counts; none is ever changed.
CREATE TABLE baseline (
    id          INTEGER PRIMARY KEY,
    host        TEXT NOT NULL,
    -- Of what: 'security-group'.
    subject     TEXT NOT NULL,
    content     TEXT NOT NULL CHECK (json_valid(content)),
    approved_by TEXT NOT NULL,
    approved_at INTEGER NOT NULL
) STRICT;

CREATE INDEX baseline_latest ON baseline (host, subject, approved_at);

-- An answer that cost something, by the day and the question; asked again on the next day.
CREATE TABLE bill (
    day      TEXT NOT NULL,
    question TEXT NOT NULL,
    answer   TEXT NOT NULL CHECK (json_valid(answer)),
    PRIMARY KEY (day, question)
) STRICT, WITHOUT ROWID;

-- What is rehearsed now and then, and how it went.
CREATE TABLE exercise (
    id       INTEGER PRIMARY KEY,
    host     TEXT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('restore-test', 'drill')),
    passed   INTEGER NOT NULL CHECK (passed IN (0, 1)),
    ended_at INTEGER NOT NULL,
    -- Milliseconds.
    took     INTEGER NOT NULL CHECK (took >= 0),
    told_by  TEXT NOT NULL
) STRICT;

CREATE INDEX exercise_latest ON exercise (host, kind, ended_at);
