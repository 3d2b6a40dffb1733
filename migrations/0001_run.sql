-- Why: the record. Whoever signs, asks back or looks for a change needs to know what was run, by whom, and what it found,
-- for years, and in either language. So sentences are kept as JSON of message keys with their arguments, numbers with
-- their units, and nothing is kept as finished text but what came from the host, masked.
--
-- All times are whole milliseconds since 1970-01-01T00:00Z.

-- Marks the file as signoff's ("sgno"), so that a wrong path in bot.toml never writes into somebody else's database.
PRAGMA application_id = 0x73676e6f;

-- What a command looked like when it ran: its sections and checks with their titles and remedies. They hardly ever
-- change, so that they are kept once for all runs that share them: this is two thirds of what a run would weigh.
CREATE TABLE outline (
    id   INTEGER PRIMARY KEY,
    -- SHA-256 of the body. A unique index on the body itself would keep every body twice.
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;

CREATE TABLE run (
    -- People say it ("#128"): AUTOINCREMENT never gives a number twice, even after old runs are cleared away.
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    command         TEXT NOT NULL,
    title           TEXT NOT NULL CHECK (json_valid(title)),
    host            TEXT NOT NULL,
    host_title      TEXT NOT NULL CHECK (json_valid(host_title)),
    state           TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'finished', 'interrupted')),
    -- Which ways there are to ask is not listed here: a list in a CHECK cannot grow without building the table anew, and
    -- schedules will ask as well. What each way must say of itself is.
    origin          TEXT NOT NULL,
    -- Discord's ids have 64 bits without a sign, SQLite's integers have one: the bits are kept.
    discord_user    INTEGER,
    discord_channel INTEGER,
    login           TEXT,
    started_at      INTEGER NOT NULL,
    -- A run that goes on after this was cut off: whoever ran it is gone, and nobody else would ever end it.
    deadline_at     INTEGER NOT NULL,
    ended_at        INTEGER,
    outline         INTEGER REFERENCES outline (id),
    CHECK (origin <> 'discord' OR (discord_user IS NOT NULL AND discord_channel IS NOT NULL)),
    CHECK (origin <> 'terminal' OR login IS NOT NULL),
    CHECK ((state = 'running') = (ended_at IS NULL)),
    CHECK ((state = 'finished') = (outline IS NOT NULL))
) STRICT;

-- "The one before" is asked at the start of each run.
CREATE INDEX run_finished ON run (command, host, ended_at) WHERE state = 'finished';
-- "What was cut off" is asked at each start of the bot; only what goes on stands in here, so it is all but empty.
CREATE INDEX run_running ON run (deadline_at) WHERE state = 'running';

-- The messages in which a run is shown. Whoever was killed between keeping a run's end and writing it into the message
-- leaves a message that says "running" for ever; `told` is set only after the message was edited, so that it is found.
CREATE TABLE run_place (
    run     INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    channel INTEGER NOT NULL,
    message INTEGER NOT NULL,
    told    INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),
    PRIMARY KEY (run, message, channel)
) STRICT, WITHOUT ROWID;

CREATE INDEX run_place_untold ON run_place (run) WHERE told = 0;

-- What ran and what it gave. Several checks of a run may rest on one look: it is kept once.
-- With a rowid, unlike its neighbours: outputs are long, and only tables with a rowid keep long rows tightly.
CREATE TABLE evidence (
    id         INTEGER PRIMARY KEY,
    run        INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    what       TEXT NOT NULL,
    status     TEXT CHECK (json_valid(status)),
    output     TEXT NOT NULL,
    elapsed_ms INTEGER NOT NULL CHECK (elapsed_ms >= 0),
    notes      TEXT CHECK (json_valid(notes))
) STRICT;

CREATE INDEX evidence_run ON evidence (run);

-- One graded check of a run. Lists are NULL where they are empty, as most are.
CREATE TABLE run_check (
    run       INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    -- Its place in the outline, counted through all sections from 0.
    position  INTEGER NOT NULL CHECK (position >= 0),
    check_id  TEXT NOT NULL,
    grade     TEXT NOT NULL CHECK (grade IN ('fail', 'unknown', 'warn', 'manual', 'waived', 'skipped', 'pass')),
    reasons   TEXT CHECK (json_valid(reasons)),
    shown     TEXT CHECK (json_valid(shown)),
    threshold TEXT,
    -- Without a foreign key: each would cost an index of its own to clear a run away. Evidence is written and cleared
    -- away together with its run, and nothing changes either.
    evidence  INTEGER NOT NULL,
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
