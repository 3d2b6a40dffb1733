# Periods
period-day = { $day }
period-week = week { $week } of { $year } ({ $first } ~ { $last })
period-month = { $year }-{ $month }

# How a report stands
sign-open = ✍️ not signed yet
sign-signed-by = ✍️ signed by { $person } · { $at }
sign-signed-other = ✍️ signed with { $run } by { $person } · { $at }
sign-was-signed = signed before by { $person } · { $run } · { $at }
sign-reopened = ↩️ { $run } is worse, the sign-off is open again: { $checks }
sign-withdrawn-by = ↩️ withdrawn by { $person } · { $at } · reason: { $reason }
button-sign = Sign off
button-signed = Sign-off

# The walk
sign-title = Sign off · { $title }
sign-nothing-open = All is well. You can sign right away.
sign-need-attestation = look at it yourself
sign-need-word = needs a finding, a waiver or a note
sign-ask-attestation = Choose what you saw.
sign-ask-word = File a finding, waive it until a day, or leave a note.
sign-ask-word-no = File a finding or leave a note.
sign-ask-change = You can change what you said.
sign-placeholder = Choose a check
sign-kept = What you enter is kept. You can go on later, on another device as well.
sign-still-open = Not signed: { $count } still open.
sign-newer = There is a newer run after { $old }: this is { $new } now.
sign-done = Signed off.
sign-hash = result hash { $hash }
sign-hinted = { $what } { $hint }
sign-not-for = { $title } is not signed.
sign-altered = The record of { $run } is not what you looked at, so it was not signed. Run it again.
sign-taken = { $person } signed it already, { $at }.
sign-not-signed = It is not signed, or the sign-off was withdrawn already.
sign-slow = The database is busy; nothing was kept yet.
sign-slow-hint = Nothing is ever kept by halves. Press again in a moment.
button-sign-now = Sign off
button-link = Covered by { $finding }
button-waive = Waive
button-note = Leave a note
button-memo = ✏️ { $names }
button-withdraw = Withdraw
write-note = Note on this check
write-waiver = Waive · { $title }
write-waiver-reason = Reason
write-waiver-until = Ends ({ $zone })
write-memos = Texts of the sign-off
write-withdrawal = Withdraw the sign-off
write-withdrawal-reason = Reason
words-blank = There was nothing in it, so nothing was kept.
words-too-long = { $length } characters; { $most } at most.
attested-yes = Yes
attested-no = No
attested-not-applicable = Not applicable
memo-memo = Memo
memo-findings = Findings
memo-actions = Actions
memo-improvements = Improvements
memo-plan = Plan for next month

# Who may not sign
refused-sign = You may not sign /{ $command }.
refused-sign-hint = Who may: { $who }
refused-sign-nobody = Nobody is on duty now. Look at may_sign in bot.toml and at the rota.

# Waivers
waiver-runs = waived: { $reason } ({ $person }, until { $until }, measured { $grade ->
    [fail] fail
    [unknown] unknown
   *[other] warn
})
waiver-ends-title = ⏳ A waiver ends · { $title }
waiver-ends = { $check }: the waiver ends { $until }.
waiver-is-over-title = ⌛ A waiver is over · { $title }
waiver-is-over = { $check }: the waiver ended { $until }.
waiver-reason = Reason: { $reason } ({ $person })
waiver-ends-do = From then on the check shows as it is measured. See whether it is solved, or waive it again.
waiver-made = { $check }: waived until { $until }.
waiver-made-hint = It shows as waived from the next run on; its end is announced a day before.
waiver-ended = The waiver of { $check } is ended.
waiver-over = The waiver is over already.
button-waiver-end = End the waiver
write-waiver-end = End the waiver · { $title }
write-waiver-end-reason = Reason
waiver-end-not-a-time = “{ $text }” is no day and time.
waiver-end-over = { $at } is over.
waiver-end-too-far = { $at } is more than a year ahead.
waiver-end-hint = Write it as 2026-12-01 09:00; a year at most.

# Files
commands-unknown-signed = unknown period of a sign-off: { $name }
config-may-sign-unknown = [may_sign] names what is no checklist that is signed: { $name }
