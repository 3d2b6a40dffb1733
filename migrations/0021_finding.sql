-- Why: what was wrong and left must not be forgotten. A finding is filed once for a check of a run, has an owner and an
-- urgency, and is closed with what was done; each step is a row, and how it stands is what its last step left.

CREATE TABLE finding (
    -- People say it ("F3"): a number is never given twice.
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Not a foreign key: a finding outlives the report.
    run      INTEGER NOT NULL,
    command  TEXT NOT NULL,
    host     TEXT NOT NULL,
    check_id TEXT NOT NULL,
    title    TEXT NOT NULL CHECK (json_valid(title)),
    grade    TEXT NOT NULL,
    -- What was found, masked.
    message  TEXT NOT NULL CHECK (trim(message) <> ''),
    channel  INTEGER NOT NULL,
    -- Two who file the same at once, or one who clicks twice, file it once.
    UNIQUE (run, check_id)
) STRICT;

CREATE INDEX finding_check ON finding (command, host, check_id);

CREATE TABLE finding_step (
    finding INTEGER NOT NULL REFERENCES finding (id),
    -- From 0, which is the filing.
    seq     INTEGER NOT NULL CHECK (seq >= 0),
    kind    TEXT NOT NULL CHECK (kind IN ('filed', 'urgency', 'owner', 'due', 'said', 'closed', 'reopened')),
    at      INTEGER NOT NULL,
    person  INTEGER NOT NULL,
    name    TEXT NOT NULL,
    -- What was said, done, or why.
    text    TEXT,
    -- How it stands after this step.
    urgency    TEXT NOT NULL CHECK (urgency IN ('high', 'medium', 'low')),
    owner      INTEGER NOT NULL,
    owner_name TEXT NOT NULL,
    due        TEXT,
    closed     TEXT,
    PRIMARY KEY (finding, seq),
    CHECK (kind NOT IN ('said', 'closed', 'reopened') OR text IS NOT NULL),
    CHECK (kind <> 'closed' OR closed IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER finding_step_stays   BEFORE UPDATE ON finding_step BEGIN SELECT raise(ABORT, 'a step is never changed'); END;
CREATE TRIGGER finding_step_is_kept BEFORE DELETE ON finding_step BEGIN SELECT raise(ABORT, 'a step is never deleted'); END;

-- Who must hear of an urgent finding, and whether they did: written with the step that makes it so, so that a kill in between
-- costs nobody their ping.
CREATE TABLE finding_ping (
    finding INTEGER NOT NULL REFERENCES finding (id),
    seq     INTEGER NOT NULL,
    person  INTEGER NOT NULL,
    told    INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),
    -- The message in which they heard of it.
    channel INTEGER,
    message INTEGER,
    PRIMARY KEY (finding, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX finding_ping_owed ON finding_ping (finding) WHERE told = 0;

-- What the issue tracker has yet to accept, where there is one.
CREATE TABLE finding_hook (
    finding INTEGER NOT NULL REFERENCES finding (id),
    seq     INTEGER NOT NULL,
    tries   INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    accepted INTEGER NOT NULL DEFAULT 0 CHECK (accepted IN (0, 1)),
    PRIMARY KEY (finding, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX finding_hook_owed ON finding_hook (next_at) WHERE accepted = 0;
