# Trends
trend-heading = { $check } · { $measure } · { $host }
trend-of = **{ $subject }**
trend-now = Now **{ $last }** ({ $at })
trend-spread = Least { $least } · mean { $mean } · most { $most } ({ $at })
trend-beyond = { $grade } · beyond its threshold ({ $wanted }) ever since { $since }
trend-within = Within its threshold ({ $wanted })
trend-no-limits = There is no threshold of this value that could be drawn
trend-span = Last { $days } days · measured { $count } times
trend-span-sampled = Last { $days } days · { $count } samples (the line is their mean by { $step }, the band their least and most)
trend-gaps = Not measured { $count ->
        [one] { $count } time
       *[other] { $count } times
    }: { $spans }
trend-left-out = { $count } more are not in the picture
trend-alt = { $heading }, chart of the last { $days } days. { $lines }
trend-alt-line = { $subject } now { $last }, least { $least }, mean { $mean }, most { $most }.
trend-none = Nothing was measured in the last { $days } days: { $check }
trend-none-hint = /{ $command } measures it. You may ask for more days as well.
button-days = { $days } days
trend-named = { $check } · { $measure }
trend-choice = { $check } · { $measure } ({ $checklist })
trend-unknown = No such check, or more than one: { $what }
trend-unknown-hint = Write a few letters into “check” and choose from the list.
command-trend-name = trend
command-trend = See how a measured value went, as a chart
option-check = The check (write a few letters to get a list)
option-days = How far back (30 days if not given)

# How long things are kept
config-retention-span = the retention “{ $text }”: write at least { $least }, as in 396 d
config-retention-order = runs cannot be shorter than evidence: what ran goes with its report
evidence-let-go = Output cleared: older than the retention period

# The checklist's templates
sheet-day = Date: { $period }
sheet-week = Week: { $period }
sheet-month = Month: { $period }
sheet-person = Person: { $people }
sheet-instead = { $people } (instead of { $instead })
sheet-instead-late = { $people } (instead of { $instead }, signed late { $at })
sheet-late = { $people } (signed late, { $at })
sheet-open = { $people } (not signed yet)
sheet-open-again = { $people } (to be signed again)
sheet-missed = { $people } (missed)
sheet-to-come = { $people } (to come)
sheet-memo = { $name ->
    [memo] Memo
    [findings] Findings
    [actions] Actions
    [improvements] Improvements
   *[plan] Plan for next month
}:
sheet-not-looked = nobody looked
sheet-no-such-check = { $check }: there was no such check then
sheet-check = { $check }: { $what }
sheet-and = { $one } → { $other }
sheet-graded = { $grade }, { $reason }
sheet-waived = waived, { $reason } (until { $until })
sheet-seen-wrong = looked at by a person, not as it should be
sheet-seen-not-applicable = looked at by a person, does not apply
sheet-not-seen = no person has looked yet
sheet-finding = finding { $finding }
sheet-note = “{ $note }”
sheet-tally = { $name } { $count }
sheet-state = { $name ->
    [signed] signed
    [late] signed late
    [open] not signed yet
    [open-again] to be signed again
    [missed] missed
   *[to-come] to come
}
template-unmapped = no item stands for these checks: { $checks }. A form that leaves one out could be full of [x] while something is broken
template-empty-item = the item has no checks
template-unknown-check = this checklist has no such check: { $id }

# At a glance, and the record
record-title = Record of { $period }
record-file = The checklists' templates are in the attached file.
record-left-out = Left out, since you may not run them: { $titles }
record-nothing = Nothing is on record for this time.
record-well = All [x]: { $count } of { $of }
record-findings = Findings
record-not-a-period = “{ $written }” is no day, week or month.
record-period-hint = Write it as 2026-11, 2026-W48 or 2026-11-26.
record-not-signed = { $checklist } is not signed.
record-not-signed-hint = With signed = "day" in its command file it can be signed and is on record.
history-title = { $list } · { $month }
history-nothing = Nothing is on record for this month.
history-signed-with = signed (with { $grade })
history-people = Signed by
history-missed = Missed
history-open = Not signed yet
history-late = Signed late
history-bad = Days that were not well
sheet-filed = { $finding } [{ $urgency }] { $check }: { $message } ({ $owner }, { $state })
sheet-urgency = { $name ->
    [high] High
    [medium] Medium
   *[low] Low
}
sheet-finding-open = open
sheet-finding-closed = closed: { $done }
template-unsigned = a template needs a signed beside it: day, week or month
command-history-name = history
command-history = A month of checks and sign-offs at a glance
command-report-name = report
command-report = The record of a month, in the team's own templates
command-help-name = help
command-help = The commands that there are
option-past-checklist = The checklist
option-period = 2026-11, 2026-W48 or 2026-11-26 (this month if not given)

# Help
help-title = What you can ask
help-how = Type a command into the channel. Buttons work at any time, after a restart of the bot as well.
help-more = The deployment is in bot.toml, the checklists are in commands/
help-look = To see how the server is
help-sign = To sign, and to file what you found
help-turn = To know whose turn it is
help-past = To look back
help-act = To do something about it
help-other = Besides
