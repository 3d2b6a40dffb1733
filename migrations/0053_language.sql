-- Why: a team has people who read Korean and people who read English, and Discord's own language is not always the one that
-- somebody wants to work in. Whoever chose one is answered in it; who did not has no row, and is answered in that of their
-- Discord.
CREATE TABLE person_language (
    -- Discord's id, its bits kept.
    person    INTEGER PRIMARY KEY,
    language  TEXT NOT NULL CHECK (language IN ('ko', 'en')),
    chosen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
