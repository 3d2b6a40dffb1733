-- Why: whoever asks for an act from the remedy of a check wants to see what became of that check, also where the act itself
-- is proved by others. NULL for what was asked for by its slash command.
ALTER TABLE request ADD COLUMN remedy_of TEXT CHECK (json_valid(remedy_of));
