-- Why: an auditor asks who did what, and whether somebody changed the answer afterwards. Rows are only ever added; each
-- one's hash covers it and the hash before it, so that whoever changes the past must change everything after it as well,
-- and the last hash stands in each day's report in Discord, where the database's owner cannot reach.
CREATE TABLE audit (
    -- Without a gap, from 1: a number that is missing is a row that is missing.
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    -- 'discord:123', 'terminal:login', 'signoff'
    actor   TEXT NOT NULL,
    deed    TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL CHECK (json_valid(details)),
    prev    BLOB NOT NULL CHECK (length(prev) = 32),
    -- SHA-256 of all of the above, each behind its length.
    hash    BLOB NOT NULL UNIQUE CHECK (length(hash) = 32)
) STRICT;

CREATE INDEX audit_subject ON audit (subject, seq);

-- These keep the program from harm by its own mistakes. Whoever opens the file with a tool can drop them; that is what the
-- hashes are for.
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit record is only added to');
END;

CREATE TRIGGER audit_is_not_cleared BEFORE DELETE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit record is only added to');
END;

-- REPLACE would clear a row away without asking the trigger above.
CREATE TRIGGER audit_follows BEFORE INSERT ON audit
WHEN NEW.seq <> (SELECT ifnull(max(seq), 0) + 1 FROM audit)
  OR NEW.prev <> ifnull((SELECT hash FROM audit ORDER BY seq DESC LIMIT 1), zeroblob(32))
BEGIN
    SELECT raise(ABORT, 'an audit row follows the one before it');
END;
