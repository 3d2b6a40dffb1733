# Findings
finding-name = finding { $finding }
finding-new = File a finding
finding-message = What was found
finding-done = What was done
finding-steps = So far
finding-open = open
finding-closed = closed
finding-urgency = urgency { $urgency }
finding-owner = owner { $person }
finding-due = due { $due }
finding-no-due = no due day
finding-overdue = overdue
finding-filed-by = filed by { $person } · { $run } · { $at }
finding-filed = { $finding } is filed. (by { $person })
finding-filed-already = { $person } filed it already: { $finding }
finding-nothing-to-file = There is nothing wrong with this check to be filed.
finding-none-open = No finding of this check is open.
finding-unknown = There is no { $finding }.
finding-owner-gone = Somebody who is not in the server cannot own it.
finding-owner-unknown = Discord could not be asked who that is. Try again in a moment.
finding-owner-left = { $person }, who saw to it, has left the server. Hand it to somebody else.
finding-is-closed = The finding is closed. Open it again first.
finding-is-open = The finding is still open.
finding-no-change = It is so already.
finding-step-urgency = urgency → { $urgency }
finding-step-owner = owner → { $person }
finding-step-due = due → { $due }
finding-step-said = { $text }
finding-step-closed = closed: { $text }
finding-step-reopened = opened again: { $text }
urgency-high = High
urgency-medium = Medium
urgency-low = Low
due-today = today
due-tomorrow = tomorrow
due-in-days = in { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
placeholder-urgency = Change the urgency
placeholder-owner = Change the owner
placeholder-due = Change the due day
button-finding = File a finding
button-file = File
button-reword = Edit
button-say = Add an update
button-close = Close
button-reopen = Open again
button-findings = List
button-open-finding = Open the finding
button-all = Closed ones as well
button-only-open = Open ones only
write-said = Update
write-closed = What was done
write-reopened = Why it is open again

# Lists
findings-open = Open findings
findings-overdue = 🔴 { $count ->
        [one] { $count } finding of high urgency is overdue
       *[other] { $count } findings of high urgency are overdue
    }
findings-all = All findings
findings-none = None.
findings-more = and { $count } more
findings-beside = Findings ({ $count } open)
findings-placeholder = Choose a finding

# /findings, /me
command-findings = See and change findings
command-findings-name = 이슈
command-me = What I may sign and the findings I own
command-me-name = 내할일
option-all = Closed ones as well
mine-title = My open items
mine-to-sign = To sign
mine-findings = Findings I own
mine-nothing-to-sign = Nothing.
mine-to-decide = Requests waiting for my approval
mine-request = { $request } { $what } · asked by { $person } · expires { $at }
mine-not-run = not run yet
mine-run = { $run } not signed
mine-begun = begun
mine-again = open again
mine-sign-placeholder = Choose what to sign
