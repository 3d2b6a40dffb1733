-- Why: the database must stay small for years without anybody looking after it. What is old is cleared away a little at a
-- time, and what is old enough is found by when it ended.

CREATE INDEX run_ended ON run (ended_at) WHERE state <> 'running';

-- Whether anything that stays for ever speaks of a report is asked before it goes.
CREATE INDEX sign_entry_run ON sign_entry (run);
