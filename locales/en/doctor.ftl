# signoff doctor
doctor-files = bot.toml and commands/: { $count ->
        [one] { $count } command
       *[other] { $count } commands
    }
doctor-database = database { $path }
doctor-sites = the authority that is trusted for sites (http.ca_file)
doctor-discord = Discord
doctor-no-discord = bot.toml has no [discord]; a terminal needs none
doctor-token = Discord takes the token
doctor-server = the bot is in the server { $guild }
doctor-not-invited = { $bot } is not in it. Open this link as somebody who may manage the server
doctor-commands = slash commands
doctor-no-scope = the bot was invited without the scope applications.commands. Open this link once more; nothing is lost
doctor-role = role { $name }
doctor-role-gone = no role of the server has the id { $id }. Those that there are
doctor-channel = channel { $id }
doctor-channel-gone = the server has no such channel, or the bot may not see it. Give it the right, or invite it again
doctor-channel-forbidden = in #{ $name } the bot may not: { $missing }. Give it these rights in the channel's settings, or invite it again
doctor-host = host { $host }: connected, host key matches
doctor-no-commands = No command can be run there: { $said }
doctor-docker = Docker engine of { $host }
doctor-project = compose project { $project }
doctor-project-empty = it has no container. The projects that there are
doctor-disks = disks { $paths }
doctor-disks-missing = no such path on the host: { $paths }
doctor-act = access to { $host } for acts, as { $user }
doctor-act-no-room = no act can run there: /var/tmp must be writable, and timeout installed
doctor-act-systemd = systemd-run on { $host }
doctor-act-session = not allowed or not there: acts run in a session of their own (setsid), and outlive the connection all the same
doctor-sudo = as root: { $command }
doctor-sudo-refused = { $user } may not run it without a password. On the host, as root
doctor-sudo-missing = { $program } is not installed there: its check is skipped
doctor-aws = AWS
doctor-aws-none = some checks ask AWS, and bot.toml has no [aws]
doctor-aws-action = AWS: { $action }
doctor-act-sudo = as root, for acts, as { $user }: { $command }
doctor-act-sudo-missing = { $program } is not installed there: acts that need it are refused
doctor-address = address at { $key }
doctor-no-address = what is there is no address that begins with http:// or https://
doctor-aws-no-group = no host of bot.toml has a security_group
doctor-aws-changes = not tried: it would change an alarm
doctor-aws-costs = not tried: each call costs a cent
doctor-all-well = All is well: { $count ->
        [one] { $count } trial
       *[other] { $count } trials
    }.
doctor-wrong = To fix: { $count }. Start from the top, then try again.
backup-done = copied to { $path }
restore-done = { $path } is the database now
restore-done-kept = { $path } is the database now; the old one is kept as { $kept }
