-- Why: what is no checklist, as the quarterly drill, is done with one tap, and nobody could say later whose it was.
ALTER TABLE occurrence ADD COLUMN done_by INTEGER;
