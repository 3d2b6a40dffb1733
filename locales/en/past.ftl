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

# How long things are kept
config-retention-span = the retention “{ $text }”: write at least { $least }, as in 396 d
config-retention-order = runs cannot be shorter than evidence: what ran goes with its report
evidence-let-go = What it printed is older than is kept, and was cleared
