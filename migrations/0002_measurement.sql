-- Why: every number that was measured, for trends and for "more than last time". There will be a million of them in five
-- years, so that a row holds nothing but numbers, and lies beside its neighbours in time: a picture of 90 days reads one
-- stretch of one tree.

-- What is measured over and over: the words, once.
CREATE TABLE series (
    id       INTEGER PRIMARY KEY,
    command  TEXT NOT NULL,
    host     TEXT NOT NULL,
    check_id TEXT NOT NULL,
    measure  TEXT NOT NULL,
    -- A mount, a container; NULL where the check has but one.
    subject  TEXT,
    -- The base unit of the dimension: '', '%', 'B', 's', '$'. Part of what a series is: a check whose number comes to
    -- count something else begins a new one, rather than draw seconds and bytes as one line.
    unit     TEXT NOT NULL
) STRICT;

-- In a plain UNIQUE every NULL would differ from every other.
CREATE UNIQUE INDEX series_words ON series (command, host, check_id, measure, unit, subject IS NULL, ifnull(subject, ''));

CREATE TABLE measurement (
    series INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    -- When its run ended: the same for all numbers of a run, so that (series, at, run) finds those of one run as well.
    at     INTEGER NOT NULL,
    -- Not a foreign key: numbers outlive the reports that they come from, and run numbers are never used again.
    run    INTEGER NOT NULL,
    -- In the unit of its series.
    value  REAL NOT NULL,
    PRIMARY KEY (series, at, run)
) STRICT, WITHOUT ROWID;
