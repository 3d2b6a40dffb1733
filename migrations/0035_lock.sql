-- Why: an act that was begun and whose end nobody saw may go on on its host, or have left it half done. Nothing else is
-- begun there until a person looked by hand and said so. The lock is set by the record itself, in the same change that says
-- that the act was interrupted: no path can forget it.
CREATE TABLE host_lock (
    id          INTEGER PRIMARY KEY,
    host        TEXT NOT NULL,
    request     INTEGER NOT NULL UNIQUE REFERENCES request (id),
    since       INTEGER NOT NULL,
    -- Who looked, by id and name, what they say, and when; all NULL while it holds.
    released_by INTEGER,
    name        TEXT,
    reason      TEXT CHECK (length(trim(reason)) > 0),
    released_at INTEGER CHECK (released_at >= since),
    CHECK ((released_by IS NULL) = (released_at IS NULL) AND (reason IS NULL) = (released_at IS NULL))
) STRICT;

CREATE INDEX host_lock_holds ON host_lock (host) WHERE released_at IS NULL;

CREATE TRIGGER request_interrupted_locks AFTER UPDATE OF state ON request
WHEN NEW.state = 'interrupted' AND OLD.state = 'running'
BEGIN
    INSERT INTO host_lock (host, request, since) VALUES (NEW.host, NEW.id, NEW.ended_at);
END;

-- Whoever forgot to ask is refused here.
CREATE TRIGGER request_waits_for_lock BEFORE UPDATE OF state ON request
WHEN NEW.state = 'running' AND EXISTS (SELECT 1 FROM host_lock WHERE host = NEW.host AND released_at IS NULL)
BEGIN
    SELECT raise(ABORT, 'an interrupted act holds this host');
END;
