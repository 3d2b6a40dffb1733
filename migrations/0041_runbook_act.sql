-- Why: a thread allows what its channel does, so the record knows the channel of the thread that a request stands in. And
-- what was asked for in a runbook was asked for by the rule of an emergency: when the runbook is closed, nothing of it is
-- begun any more, by whichever way.
ALTER TABLE request ADD COLUMN parent INTEGER;

CREATE TRIGGER request_ends_with_its_runbook BEFORE UPDATE OF state ON request
WHEN NEW.state = 'running' AND NEW.runbook IS NOT NULL
     AND coalesce((SELECT closed FROM runbook WHERE id = NEW.runbook), 1) = 1
BEGIN
    SELECT raise(ABORT, 'the runbook of this request is closed');
END;

-- The message of a runbook may be deleted, and another one stands in its thread then; `channel` stays where it was opened, which
-- its thread hangs in. NULL: the message is there.
ALTER TABLE runbook ADD COLUMN shown_in INTEGER;
