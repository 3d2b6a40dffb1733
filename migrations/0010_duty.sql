-- Why: at nine the check is in the channel with the name of who has to look at it, once: not twice after a kill, and not
-- never after a night in which the bot was down. So each time at which a checklist is due is a row before anything is
-- posted, and whoever posts claims it by an UPDATE that must change exactly one row.
--
-- Days are local ones, as `2026-11-27`: what is due is told apart by them, whatever the clocks do.

-- From when on a schedule counts. Nobody is told of what was due before it was written, or before it was changed.
CREATE TABLE schedule (
    checklist TEXT NOT NULL,
    host      TEXT NOT NULL,
    -- The expression, the zone, and what happens on a day off.
    says      TEXT NOT NULL,
    since     INTEGER NOT NULL,
    PRIMARY KEY (checklist, host)
) STRICT, WITHOUT ROWID;

CREATE TABLE occurrence (
    -- It stands in the buttons of its message: AUTOINCREMENT never gives a number twice.
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    checklist  TEXT NOT NULL,
    host       TEXT NOT NULL,
    -- When it is due, and the day that the schedule named: an earlier one where a holiday was in the way. The week or
    -- month that is signed is the one of that day.
    day        TEXT NOT NULL CHECK (day GLOB '????-??-??'),
    named      TEXT NOT NULL CHECK (named GLOB '????-??-??'),
    due_at     INTEGER NOT NULL,
    -- due -> claimed -> posted, or missed (too late to be of use), or refused (Discord does not take it, for good).
    state      TEXT NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'claimed', 'posted', 'missed', 'refused')),
    claimed_at INTEGER,
    -- The run that it was posted with, or that was made for it later.
    run        INTEGER REFERENCES run (id) ON DELETE SET NULL,
    channel    INTEGER,
    message    INTEGER,
    posted_at  INTEGER,
    -- When it was done, for what is no checklist: whether a checklist is signed is said by its sign-offs alone.
    done_at    INTEGER,
    CHECK ((state = 'posted') = (posted_at IS NOT NULL)),
    CHECK ((channel IS NULL) = (message IS NULL)),
    UNIQUE (checklist, host, day),
    -- A holiday that is written into the file afterwards moves nothing a second time.
    UNIQUE (checklist, host, named)
) STRICT;

-- What is still to be posted is asked all the time, and hardly anything stands in here.
CREATE INDEX occurrence_to_post ON occurrence (due_at) WHERE state IN ('due', 'claimed');
CREATE INDEX occurrence_due ON occurrence (due_at);
CREATE INDEX occurrence_run ON occurrence (run);
CREATE INDEX occurrence_message ON occurrence (message) WHERE message IS NOT NULL;

-- Who has to look at an occurrence. The latest row counts; none is ever changed.
CREATE TABLE assignment (
    id          INTEGER PRIMARY KEY,
    occurrence  INTEGER NOT NULL REFERENCES occurrence (id) ON DELETE CASCADE,
    assigned_at INTEGER NOT NULL,
    -- NULL: the rota.
    assigned_by INTEGER
) STRICT;

CREATE INDEX assignment_latest ON assignment (occurrence, id);

CREATE TABLE assignee (
    assignment INTEGER NOT NULL REFERENCES assignment (id) ON DELETE CASCADE,
    person     INTEGER NOT NULL,
    PRIMARY KEY (assignment, person)
) STRICT, WITHOUT ROWID;

-- What people changed about a rota by command, in the order in which they did: covers, swaps, days away. The file's rota
-- lies below. A change that is taken back stays, and says by whom.
CREATE TABLE rota_change (
    id         INTEGER PRIMARY KEY,
    change     TEXT NOT NULL CHECK (json_valid(change)),
    changed_at INTEGER NOT NULL,
    changed_by INTEGER NOT NULL,
    ended_at   INTEGER,
    ended_by   INTEGER,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) STRICT;

-- Everything else that is posted unasked: the reminders after it was due, what is told in the log channel, the digest.
-- Claimed before it is posted, as occurrences are.
CREATE TABLE notice (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    -- What it is about: the same thing is told once.
    key        TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL,
    occurrence INTEGER REFERENCES occurrence (id) ON DELETE CASCADE,
    -- Whom it is for, where that is one person.
    person     INTEGER,
    -- A sentence as its key and arguments, where it says no more than one.
    says       TEXT CHECK (json_valid(says)),
    channel    INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    state      TEXT NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'claimed', 'posted', 'dropped', 'refused')),
    claimed_at INTEGER,
    message    INTEGER,
    posted_at  INTEGER,
    CHECK ((state = 'posted') = (posted_at IS NOT NULL))
) STRICT;

CREATE INDEX notice_to_post ON notice (due_at) WHERE state IN ('due', 'claimed');
CREATE INDEX notice_occurrence ON notice (occurrence);
