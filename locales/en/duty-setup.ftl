# What is said of people, rotas, schedules and holidays in the files

file-type-integers = a list of whole numbers
config-person-twice = the same Discord id as { $name }
config-unknown-person = nobody of that name in [people]: { $name }
config-rota-empty = a rota needs an order
config-rota-order-hint = order = ["jimin", "hyunwoo + alex"]: one turn after the other, two people may share one
config-one-of = must be one of { $names }: { $text }
config-not-a-time = not a time such as 09:00: { $text }
config-not-a-date = not a day such as 2026-11-23: { $text }
config-not-a-year = not a year: { $text }
config-not-a-span = not a span of time such as 2 h or 30 min: { $text }
config-holiday-year = { $text } lies in { $year }, which is not in years
config-not-cron = not a cron expression: { $text } ({ $cause })
config-cron-often = { $text } is due more than once a day; one hour and one minute must be named
config-cron-never = { $text } is never due
config-cron-hint = minute hour day month weekday: "0 9 * * *" is 09:00 every day, "0 10 * * MON" 10:00 on Mondays
config-schedule-nobody = nobody would be reminded of { $name }
config-schedule-nobody-hint = write [rota.{ $name }], or a role
config-schedule-unknown = [{ $section }.{ $name }] is for a command that is not in commands/
config-schedule-unknown-hint = what is no checklist needs a title of its own
config-discord-clock = clock is the one of a practice server: it needs connect_to
config-overdue-role = [schedule.{ $name }] reminds a role when it is overdue, and names no role
