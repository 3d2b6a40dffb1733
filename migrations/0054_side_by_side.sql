-- Why: one message may show a checklist on many hosts side by side. Each host's run is a run of its own, shown in the same
-- message; whoever finds the message after a restart must know that it shows all of them, and which hosts were asked for.
-- NULL: the message shows this run alone. Otherwise what was asked for: `all`, `tag:web`.
ALTER TABLE run_place ADD COLUMN target TEXT;
-- Asked for a message: which runs it shows. Only those side by side stand in here.
CREATE INDEX run_place_message ON run_place (message) WHERE target IS NOT NULL;
