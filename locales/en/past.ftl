# Trends
trend-heading = { $check } · { $measure } · { $host }
trend-of = **{ $subject }**
trend-now = Now **{ $last }** ({ $at })
trend-spread = Least { $least } · mean { $mean } · most { $most } ({ $at })
trend-beyond = { $grade } · beyond its threshold ({ $wanted }) ever since { $since }
trend-within = Within its threshold ({ $wanted })
trend-no-limits = There is no threshold of this value that could be drawn
trend-span = Last { $days } days · measured { $count } times
trend-gaps = Not measured { $count } times: { $spans }
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
evidence-let-go = What it printed is older than is kept, and was cleared

# The checklist's templates
form-day = Date: { $period }
form-week = Week: { $period }
form-month = Month: { $period }
form-person = Person: { $people }
form-instead = { $people } (instead of { $instead })
form-instead-late = { $people } (instead of { $instead }, signed late { $at })
form-late = { $people } (signed late, { $at })
form-open = { $people } (not signed yet)
form-open-again = { $people } (to be signed again)
form-missed = { $people } (missed)
form-to-come = { $people } (to come)
form-memo = { $name ->
    [memo] Memo
    [findings] Findings
    [actions] Actions
    [improvements] Improvements
   *[plan] Plan for next month
}:
form-not-looked = nobody looked
form-no-such-check = { $check }: there was no such check then
form-check = { $check }: { $what }
form-and = { $one } → { $other }
form-graded = { $grade }, { $reason }
form-waived = waived, { $reason } (until { $until })
form-seen-wrong = looked at by a person, not as it should be
form-seen-not-applicable = looked at by a person, does not apply
form-not-seen = no person has looked yet
form-finding = finding { $finding }
form-note = “{ $note }”
form-tally = { $name } { $count }
form-state = { $name ->
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
