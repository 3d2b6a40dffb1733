# Action files of commands/
action-unknown-risk = unknown risk: { $name }
action-known = known: { $names }
action-no-roles = no role is named: { $key }
action-roles-hint = name one or more of [roles] of bot.toml
action-expires = a request's life (expires) must lie between 1 min and 24 h
action-parameters = there can be at most { $most } [[parameter]]
action-parameter-twice = there already is a parameter of this id: { $id }
action-bad-parameter = a parameter's id is lower-case letters, digits and _, up to 32, and neither host nor reason: { $id }
action-no-choices = write either choices or from
action-bad-choice = this cannot be a choice: { $choice }
action-choices = there can be at most { $most } choices
action-unknown-inventory = this is nothing that a host can be asked for: { $name }
action-unknown-parameter = there is no such parameter: { $id }

# What was chosen
argument-missing = Please choose { $parameter }.
argument-unknown = This command has no { $parameter }.
argument-no-name = This cannot be { $parameter }: { $value }
argument-no-name-hint = A name has letters, digits and . _ - : / @ + only
argument-not-offered = This is not among what { $parameter } can be: { $value }
argument-none-offered = There is nothing to choose from at the moment
argument-offered = To choose from: { $names }

# [gate] of bot.toml
config-gate-approvals = the number of approvals must lie between { $least } and { $most }
config-gate-approvals-hint = for an act that takes no approval, write risk = "low" in its action file
config-gate-wait = the waiting time must lie between 30 s and 1 h: { $text }

# Naming other files
commands-unknown-action = there is no such action: { $name }
action-unknown-check = { $checklist } has no such check: { $name }
action-unknown-role = { $action }: no such role in [roles] of bot.toml: { $name }

# States of a request
gate-state = { $state ->
    [requested] waiting for approval
    [approved] approved
    [denied] denied
    [expired] expired
    [cancelled] cancelled
    [superseded] superseded
    [void] void
    [running] running
    [verified] verified
    [failed] failed
   *[interrupted] interrupted (look by hand)
}
gate-risk = risk { $risk ->
    [low] low
    [high] high
   *[critical] critical
}

# The message of a request
gate-runs = Commands
gate-interrupts = What it interrupts
gate-now = The host now
gate-goes = What is deleted
gate-more = … and { $count } more
gate-said = Decisions
gate-word = { $word ->
    [approve] approved
    [confirm] confirmed
    [deny] denied
   *[cancel] cancelled
}
gate-asked = asked for by { $who } · { $time }
gate-reason = Reason: { $reason }
gate-confirm = Runs when the requester confirms · expires { $until }
gate-approvals = Approvals { $have }/{ $needed } (not the requester) · expires { $until }
gate-alone-waits = 🚨 Break-glass: can be run { $from }. Every approver can stop it · expires { $until }
gate-alone-ready = 🚨 Break-glass: the waiting time is over, the requester can run it · expires { $until }
gate-approved = Approved. Host and people are looked at once more before it runs · expires { $until }
gate-interrupted = It was begun, and nobody knows how it ended. Please look at the host by hand. It is not run again.
gate-begun = begun { $begun }
gate-took = begun { $begun } · ended { $ended }
gate-step = Step { $step } of { $steps }
gate-result = Result
gate-proofs = Checks (before → after)
gate-output = Output
gate-after-failure = What to do next
gate-looked = Looked at by hand
gate-looked-by = { $who } looked: { $note }
gate-review = After-review
gate-review-owed = Somebody else must review this. Until then it stands in the daily check.
gate-review-by = reviewed by { $who }: { $note }

# Buttons and forms
button-approve = Approve
button-deny = Deny
button-cancel = Cancel the request
button-confirm = Run
button-confirm-alone = Run alone
button-stop = Stop
button-begin = Run now
button-alone = Break-glass
button-review = Review
form-reason = Ask for { $title }
form-alone = Break-glass · { $title }
form-why = Reason
form-why-example = e.g. the API has not answered for 5 minutes
form-target = Type in the target
form-review = After-review of { $id }
form-found = What you found
form-found-example = e.g. looked at the log; it was necessary

# To who asks
gate-looking = Preparing a request for { $title } on { $host }…
gate-made = Request { $id } was posted: { $link }
gate-waiting = The same is asked for by request { $id } already. { $link }
gate-no-action = There is no such action: { $name }
gate-no-draft = This took too long, or the bot was restarted. Please run the command again.
gate-no-reason = Please give a reason.
gate-wrong-target = That is another target. The target: { $target }
gate-ask-again = Please run /{ $command } again
gate-ask-anew = If it is still needed, please run the command again
gate-not-posted = Request { $id } is on record but could not be posted here. Please check whether the bot may write into this channel.
gate-no-request = There is no request { $id }.

# Why not
refused-act = You may not { $right ->
    [ask] ask for
    [approve] approve or deny
   *[go-alone] run alone
} /{ $command }.
refused-alone-nobody-hint = [gate.break_glass] of bot.toml names no role
refused-channel = /{ $command } cannot be used in this channel.
refused-channel-hint = Channels where it can: { $channels }
refused-channel-nowhere-hint = [gate.channels] of bot.toml allows this risk in no channel
gate-own-request = You cannot approve or deny your own request.
gate-own-request-hint = Ask another approver, or cancel the request if it is not needed
gate-not-requester = Only the requester can do this.
gate-said-already = You approved already. It waits for others.
gate-needs-others = This takes the approval of others.
gate-needs-nobody = This takes no approval.
gate-too-early = The waiting time is not over. It can be run { $time }.
gate-not-now = That is not possible now.
gate-crowded = Several people pressed at the same time. Please press again.
review-owed = { $name } went ahead alone, and nobody has reviewed it yet ({ $id }, reason: { $reason })
review-section = After-review
review-remedy = An approver who is not the one who ran it presses [Review] below the request and writes what they found.
gate-dead = { $state ->
    [requested] This request still waits for approval.
    [approved] This request is approved already.
    [denied] This request was denied.
    [expired] This request has expired.
    [cancelled] The requester cancelled this request.
    [superseded] A newer request took its place.
    [void] This request is void: something changed after it was approved.
    [running] It was begun already.
    [verified] It was done already, and verified.
    [failed] It was done already, and failed. To try again, please ask anew.
   *[interrupted] It was interrupted. Please look at the host by hand.
}

# Why it waits, why it is void
gate-checking = Host and people are being looked at once more
gate-waits-people = Not run: Discord could not be asked for roles. Please press “Run now” in a while
gate-waits-host = Request { $id } runs on this host. Please press “Run now” when it has ended
gate-superseded-by = Request { $id } took its place
gate-void-definition = The definition of the command changed while it waited. Please ask anew
gate-void-runbook = The runbook it was asked for in is closed. Please ask again where it is still needed.
gate-void-rule = The rule of whose approval it takes changed while it waited. Please ask anew
gate-void-changed = What was approved is another by now: { $what }. Please ask anew
gate-void-requester = The requester { $name } has lost the right to it
gate-void-approver = The approver { $name } has lost the right to it
gate-not-proven = It was done, but the checks could not be run
gate-not-well = It was done, but the checks are not well

# After-review
gate-no-note = Please say what you found.
gate-reviewed-already = It was reviewed already.
gate-own-review = What you ran alone must be reviewed by somebody else.
gate-review-kept = The review of request { $id } is on record.

# /can, /why
can-describe = Tell who may use which action
can-user-describe = Who
can-command-describe = The action
can-title = { $who } · /{ $command }
can-gone = This person is not in this Discord server
can-yes = { $right ->
    [ask] may ask for it
    [approve] may approve it (not their own request)
   *[go-alone] may use break-glass
}
can-not = { $right ->
    [ask] may not ask for it
    [approve] may not approve it
   *[go-alone] may not use break-glass
} ({ $hint })
can-no = { $what } ({ $hint })
can-channel = It can be used in this channel
needs-confirmation = It takes the requester's confirmation only
needs-approvals = It takes the approval of { $count } who are not the requester
needs-alone = Break-glass; the waiting time ends { $time }
why-describe = Tell what a request waits for
why-request-describe = The request's number
why-title = { $id } { $title } · { $state ->
    [requested] waiting for approval
    [approved] approved
    [denied] denied
    [expired] expired
    [cancelled] cancelled
    [superseded] superseded
    [void] void
    [running] running
    [verified] verified
    [failed] failed
   *[interrupted] interrupted (look by hand)
}
why-asked = asked for by { $who } · reason: { $reason }
why-missing = Approvals { $have }/{ $needed }
why-until = Expires { $time }
why-approved = It is approved and has not begun. Please press “Run now” below the request
why-you-can = You can approve or deny it now
why-you-confirm = It begins when you press “Run” below the request

# The audit record
audit-describe = The audit record
audit-verify-describe = Check that the audit record was not changed
audit-hash-describe = A value of the chain, as a report shows it
audit-title = Audit record
audit-whole = The chain is whole: { $rows ->
        [one] { $rows } row
       *[other] { $rows } rows
    }, last value { $hash }
audit-broken = The chain is broken at row { $row }: { $how ->
    [changed] its content was changed
    [unlinked] it does not follow the row before
   *[missing] a row is missing
}
signed-whole = All { $count } sign-offs match the results on record
signed-altered = { $how ->
    [cleared] A sign-off that the audit record has is gone: { $person }, run { $run }
   *[other] Sign-off { $sign_off } (/{ $command } · { $host } · { $period } · { $person }): { $how ->
        [changed] the result of run { $run } was changed after it was signed
        [missing] the result of run { $run }, which was signed, is gone
       *[unrecorded] it is not what the audit record has
    }
}
audit-hash-found = The value { $hash } is that of row { $row }
audit-hash-missing = The value { $hash } is not in the record. The record may have been changed after the report
gate-unreviewed = { $count } to be reviewed
audit-head = audit row { $row } { $hash }

# A host that an interrupted act holds
gate-waits-lock = Not run: nobody has looked at the host since request { $id } was interrupted. Please look, press “I checked the host” below that request, and run this again
button-release = I checked the host
form-release = { $id }: the host after it was interrupted
form-looked = What you found
form-looked-example = e.g. every container is healthy and nothing is left half done
gate-released = Acts can be run on { $host } again.
gate-released-already = Somebody looked at it already.
