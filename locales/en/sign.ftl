# Periods
period-day = { $day }
period-week = week { $week } of { $year } ({ $first } ~ { $last })
period-month = { $year }-{ $month }

# Signing
sign-taken = { $person } signed it already, { $at }.
sign-not-signed = It is not signed, or the sign-off was withdrawn already.

# Waivers
waiver-end-not-a-time = “{ $text }” is no day and time.
waiver-end-over = { $at } is over.
waiver-end-too-far = { $at } is more than a year ahead.
waiver-end-hint = Write it as 2026-12-01 09:00; a year at most.

# Findings
finding-is-closed = The finding is closed. Open it again first.
finding-is-open = The finding is still open.
finding-no-change = It is so already.
