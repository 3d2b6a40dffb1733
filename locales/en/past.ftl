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
