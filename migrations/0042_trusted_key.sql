-- Why: in a drill, and in a disaster, a new machine takes the place of the old one and shows another host key. A person holds
-- it against the new machine's console and says that it is right; from then on it counts beside the one of bot.toml. Who said
-- so, when and in which runbook is never changed.
CREATE TABLE trusted_key (
    id          INTEGER PRIMARY KEY,
    host        TEXT NOT NULL,
    -- 'SHA256:...'
    fingerprint TEXT NOT NULL CHECK (fingerprint LIKE 'SHA256:%'),
    runbook     INTEGER NOT NULL REFERENCES runbook (id),
    person      INTEGER NOT NULL,
    name        TEXT NOT NULL,
    at          INTEGER NOT NULL,
    UNIQUE (host, fingerprint)
) STRICT;

CREATE TRIGGER trusted_key_is_not_changed BEFORE UPDATE ON trusted_key
BEGIN
    SELECT raise(ABORT, 'an approved key is not changed');
END;
