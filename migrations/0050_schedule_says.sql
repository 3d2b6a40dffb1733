-- Why: a schedule that says something else is another one, and counts from when it was first seen. What it says of days off was
-- kept by the name that the program has for it inside; from now on it is the one that `bot.toml` has, so that a new name inside
-- of the program begins no schedule anew.
UPDATE schedule SET says = substr(says, 1, length(says) - 4) || lower(substr(says, -4))
WHERE says GLOB '* Run' OR says GLOB '* Skip' OR says GLOB '* Move';
