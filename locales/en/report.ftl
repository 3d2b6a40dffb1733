# Grades
grade-pass = pass
grade-warn = warn
grade-fail = fail
grade-unknown = unknown
grade-skipped = skipped
grade-manual = manual
grade-waived = waived

# Why a grade is what it is
reason-of = { $subject }: { $reason }
reason-met = { $measure } { $value } (threshold { $condition })
reason-rose = { $measure } went up: { $before } → { $value }
reason-changed = { $measure } changed: { $before } → { $value }
reason-new = { $measure } { $value } (not seen before)
reason-above-usual = { $measure } { $value } (more than the usual { $before })
reason-below-usual = { $measure } { $value } (less than the usual { $before })
reason-grew = { $measure } { $value } (growing faster than the usual { $before })
reason-first-look = { $measure }: no earlier check to compare with
reason-too-few-weeks = { $measure }: too little history to compare with ({ $have } of { $need } weeks)
reason-too-few-days = { $measure }: too little history to compare with ({ $have } of { $need } days)
reason-too-few-looks = { $measure }: too little history to compare with ({ $have } of { $need } checks)
reason-not-measured = { $measure } could not be measured
reason-nothing-measured = nothing was measured
reason-not-finished = the check did not finish
reason-deadline = gave up after { $after } without an answer
reason-crashed = the bot itself failed during this check

# What was measured
measure = { $name ->
    [status] status
    [body] body
    [first_byte] first byte
    [time] time
    [exit] exit status
    [output] output
    [number] value
    [state] state
    [health] health
    [restarts] restarts
    [exit_code] exit code
    [uptime] uptime
    [critical] critical
    [errors] errors
    [repeated] the same error
    [lines] log lines
    [database] database connection errors
    [host] all cores
    [container] container
    [steal] steal
    [credits] CPU credits
    [used] used
    [available] available
    [free] free
    [swap] swap
    [oom_kills] OOM kills
    [inodes] inodes used
    [left] certificate life left
    [chain] certificate chain
    [names] certificate names
    [match] same as on disk
    [oldest] oldest TLS
    [weak_suites] weak cipher suites
    [limit] rate limit
    [count] files
    [total] total size
    [mode] mode
    [owner] owner
    [size] size
    [age] age
    [banned] banned
    [next] time to the next run
    [pending] updates
    [security] security updates
    [reboot] reboot due
    [mean] mean
    [median] median
    [max] longest
    [failures] failures
    [unused] unused images
    [dangling] dangling images
    [reclaimable] reclaimable space
    [free_after] free after a clean-up
    [high] high
    [medium] medium
    [low] low
    [pattern] kind of error
    [requests] requests
    [per_day] requests a day
    [share] share of requests
    [heavy] address with many requests
    [limited] share of 429
    [failed] share of 5xx
    [sent] bytes sent
    [visitors] addresses
    [peak] most users at once
    [tries] failed logins
    [found] likely secrets
    [logs] logs searched
    [missing] days without a backup
    [newest] newest backup
    [broken] broken backups
    [odd] backups of odd size
    [copied] backups of equal content
    [misdated] backups with another date
    [stale] backups that should be gone
    [line] line of cron
    [daemon] cron
    [script] script
    [log] log
    [last] last run
    [keep] kept for
    [table] size of table
    [slowest] slowest query
    [calls] calls
    [planning] planning
    [differs] copies of another size
    [ssh_anywhere] port 22 open to everybody
    [open] rules open without need
    [rules] rules
    [changes] rules that differ
    [month] cost of the month
    [service] cost of a service
    [rising] services that cost much more
    [absent] missing alarms
    [changed] alarms with another threshold
    [silent] alarms that tell nobody
    [ringing] alarms ringing now
    [took] time taken
    [full_in] time until full
    [folder] folder size
    [response] mean response
    [cpu_mean] CPU mean
    [cpu_max] CPU max
    [memory_mean] memory mean
    [memory_max] memory max
    [disk_max] disk max
    [connections] most connections
    [received] bytes received
    [watched] share watched
   *[other] { $name }
}

# A span of time: its one or two largest units
span-part = { $unit ->
   *[other] { $number } { $unit }
}

# The report
report-heading = { $title } · { $host }
report-tally = { $count } { $grade }
report-took = took { $elapsed }
report-threshold = threshold { $threshold }
report-remedies = What to do
report-ran = Ran
report-exit = exit status { $code }
report-signal = signal { $name }
report-http = HTTP { $status }
report-output = Output
report-reason = Reason
report-section = Section
report-check = Check
report-grade = Grade
report-value = Value
report-answered = answered
report-notes = Notes
report-threshold-head = Threshold

# What is other than in the run before
report-during = ⚙️ Act #{ $id } ({ $title }) ran during this check: what it shows may be passing
difference-new = 🔺 new { $count }: { $titles }
difference-worse = ⏫ worse { $count }: { $titles }
difference-better = 🔽 better { $count }: { $titles }
difference-gone = 🟢 gone { $count }: { $titles }
reason-shared = { $reason } ({ $count ->
        [one] { $count } check
       *[other] { $count } checks
    })

# signoff check --list
list-row = Row
list-probe = Probe
