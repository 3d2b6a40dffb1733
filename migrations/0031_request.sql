-- Why: nothing destructive runs but what was asked for with a reason and agreed to by the right people, once, and that must
-- hold through crashes and for two who press a button in the same instant. So each step of a request's life is an UPDATE
-- that names the state it comes from and must change exactly one row.
CREATE TABLE request (
    -- People say it ("#12"), and it stands in the buttons: AUTOINCREMENT never gives a number twice.
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    action         TEXT NOT NULL,
    title          TEXT NOT NULL CHECK (json_valid(title)),
    risk           TEXT NOT NULL CHECK (risk IN ('low', 'high', 'critical')),
    host           TEXT NOT NULL,
    host_title     TEXT NOT NULL CHECK (json_valid(host_title)),
    arguments      TEXT NOT NULL CHECK (json_valid(arguments)),
    interrupts     TEXT NOT NULL CHECK (json_valid(interrupts)),
    -- What would run and what it would act on, as it was seen when it was asked for.
    outlook        TEXT NOT NULL CHECK (json_valid(outlook)),
    -- The grades of the checks that prove it, as they were then.
    before         TEXT NOT NULL CHECK (json_valid(before)),
    -- SHA-256 of the definition, and of all that an approval is bound to.
    version        BLOB NOT NULL CHECK (length(version) = 32),
    binding        BLOB NOT NULL CHECK (length(binding) = 32),
    -- Whose word it takes.
    needed         TEXT NOT NULL CHECK (needed IN ('confirmation', 'approvals', 'break-glass')),
    approvals      INTEGER NOT NULL CHECK ((needed = 'approvals') = (approvals > 0)),
    not_before     INTEGER CHECK ((needed = 'break-glass') = (not_before IS NOT NULL)),
    -- The open runbook it was asked for in.
    runbook        INTEGER,
    requester      INTEGER NOT NULL,
    requester_name TEXT NOT NULL,
    reason         TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    asked_at       INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL CHECK (expires_at > asked_at),
    state          TEXT NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'approved', 'denied', 'expired',
                       'cancelled', 'superseded', 'void', 'running', 'verified', 'failed', 'interrupted')),
    begun_at       INTEGER,
    ended_at       INTEGER,
    -- Why it is void; how the act ended.
    why            TEXT CHECK (json_valid(why)),
    outcome        TEXT CHECK (json_valid(outcome)),
    -- Where the request is shown, and whether what happened last was shown there.
    channel        INTEGER NOT NULL,
    message        INTEGER,
    told           INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),
    CHECK (state NOT IN ('running', 'verified', 'failed', 'interrupted') OR begun_at IS NOT NULL),
    CHECK (state IN ('requested', 'approved', 'running') OR ended_at IS NOT NULL)
) STRICT;

-- One act at a time on a host.
CREATE UNIQUE INDEX request_running ON request (host) WHERE state = 'running';
-- What waits, for the clock and for the same that is asked again; all but empty.
CREATE INDEX request_waiting ON request (expires_at) WHERE state IN ('requested', 'approved');
CREATE INDEX request_untold ON request (id) WHERE told = 0;

-- What somebody said to a request; none is ever changed.
CREATE TABLE decision (
    id      INTEGER PRIMARY KEY,
    request INTEGER NOT NULL REFERENCES request (id),
    kind    TEXT NOT NULL CHECK (kind IN ('approve', 'confirm', 'deny', 'cancel')),
    person  INTEGER NOT NULL,
    name    TEXT NOT NULL,
    reason  TEXT,
    at      INTEGER NOT NULL
) STRICT;

CREATE INDEX decision_request ON decision (request);
-- Nobody's word counts twice.
CREATE UNIQUE INDEX decision_once ON decision (request, person, kind);

-- What somebody did alone must be looked at by somebody else: it stands in the daily check until it was.
CREATE TABLE review (
    request     INTEGER PRIMARY KEY REFERENCES request (id),
    person      INTEGER,
    name        TEXT,
    note        TEXT,
    reviewed_at INTEGER,
    CHECK ((person IS NULL) = (reviewed_at IS NULL))
) STRICT;
