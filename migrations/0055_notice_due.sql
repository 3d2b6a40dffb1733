-- Why: the log channel must never be flooded, so that before something is told there it is counted how much was told within
-- the last hour. Without this, that would read every notice there has ever been.
CREATE INDEX notice_due ON notice (kind, due_at);
