# What is said of duty, reminders and what is due

duty-card-title = ⏰ { $title }
duty-card-who = On duty: { $who }
duty-card-nobody = ⚠️ Nobody is on duty. Choose somebody with [Hand over].
duty-card-due = Due { $due }
duty-card-late = ⌛ This comes late. Due { $due }
duty-card-moved = Moved from { $day }, a day off.
duty-card-link = [The reminder]({ $link })
duty-card-overdue = ⌛ Not signed · { $title }
duty-card-missed = ⚠️ A check that nobody was reminded of
duty-is-done = ✅ Done.

duty-missed = { $title }: the reminder of { $due } could not be posted in time and is recorded as missed. It was { $who }'s turn.
duty-missed-many =
    { $title }: { $count } reminders, { $from } to { $due }, could not be posted and are recorded as missed.
    { $days }
duty-overdue-person = { $title } was due { $due }, and nobody has signed yet.
duty-overdue-deputy = { $title } was due { $due }. { $who } has not signed: the deputy is asked.
duty-overdue-role = { $title } was due { $due }. Neither { $who } nor the deputy has signed: whoever can, please look at it.
duty-snooze-over = Once more: { $title }, due { $due }.
duty-snoozed = ⏰ You will be reminded at { $at }.
duty-handed = { $title }: { $from } → { $to } (handed over by { $by })
duty-hand-ask = To whom?
duty-hand-to = Choose a person
duty-done-already = That is done already.
duty-done-by = ✅ { $who } has done { $title }.
duty-not-there = { $who } is not in this server.
duty-not-asked = Discord could not be asked about that person. Nothing was changed.
duty-not-asked-hint = Try again in a moment.
duty-cannot-take = { $who } may not take { $title }.

duty-refused = The reminder of { $title } ({ $due }, for { $who }) could not be posted. Discord refused it: { $cause }
duty-notice-refused = A notice about { $title } ({ $what }) could not be posted. Discord refused it: { $cause }
duty-left = { $who } has left the server and is passed over in the rota of { $title }. Please mend bot.toml.
duty-nobody = { $title } on { $day }: nobody of the rota is available.
duty-role-gone = The role { $role }, to be reminded of { $title }, is not in the server: nobody hears of it. Please mend [roles] in bot.toml.
duty-holidays-unknown = The holidays of { $year } are not known. Please add { $year } to the holiday file; until then only weekends are days off.

duty-digest = 🗒️ { $count } not signed
duty-digest-line = • { $title } · { $due } · { $who }
duty-digest-missed = • { $title } · { $due } · { $who } · missed
duty-digest-older = { $count ->
        [one] { $count } older one
       *[other] { $count } older ones
    }
duty-digest-none = Everything is signed.

duty-rota = Rota
duty-rota-about = The next four weeks. /assign, /swap and /away change it.
duty-rota-now = **Now { $who }**
duty-rota-next = Due next { $due }
duty-rota-nobody = nobody
duty-rota-arranged = { $who } (arranged)
duty-rota-steps-in = { $who } ({ $instead } away)
duty-no-rota = { $title } has no rota.
duty-no-rotas = There is no rota.
duty-no-rota-hint = Write one into bot.toml: [rota.NAME]

duty-assigned = 📌 { $title }: { $who } is on, { $days } (arranged by { $by })
duty-swapped = 🔁 { $title }: { $one } takes { $days }, { $other } takes { $other_days } (arranged by { $by })
duty-swap-self = Nobody can swap with themselves.
duty-swap-no-turn = No turn to swap was found: { $title }, { $who }
duty-swap-hint = See the turns with /rota, and name the days in day and for.
duty-away = 🏖️ Away: { $who }, { $days }. The next of the rota steps in. (recorded by { $by })
duty-back = Back: { $who }, { $days } (taken back by { $by })
duty-not-away = Nothing is recorded for those days: { $who }, { $days }
duty-day-unclear = Not a day: { $typed }
duty-days-wrong = These days cannot be: { $from } to { $to }
duty-day-hint = Write 2026-12-24 or 12/24. The first day comes before the last, and not more than a year before.

button-hand = Hand over
button-snooze = In an hour
button-run-now = Run now
button-done = Done
button-look-again = Look again

command-rota = rota
command-rota-what = Who is on now, and in the next four weeks
command-assign = assign
command-assign-what = Say who is on for a checklist
command-swap = swap
command-swap-what = Swap turns with somebody
command-away = away
command-away-what = Record that somebody is away
option-checklist = The checklist
option-person = Who is on
option-from = First day: 2026-12-24 or 12/24
option-to = Last day: 2026-12-24 or 12/24
option-with = With whom
option-my-day = A day of your turn (without: your next)
option-their-day = A day of their turn (without: their next)
option-away-person = Who is away (without: you)
option-back = They are there after all
refused-arrange = You may not see or change who is on.
