# The terminal
validate-ok = all is well: { $commands ->
        [one] { $commands } command
       *[other] { $commands } commands
    }, { $checks ->
        [one] { $checks } check
       *[other] { $checks } checks
    }, { $hosts ->
        [one] { $hosts } host
       *[other] { $hosts } hosts
    }
files-problems = { $count ->
        [one] { $count } problem. Fix it and try again.
       *[other] { $count } problems. Fix them and try again.
    }
no-discord = there is no [discord] in bot.toml: the bot needs a guild and a token.
host-unknown = there is no such host: { $name }
host-known = the hosts of bot.toml are: { $names }
output-failed = the result could not be printed: { $cause }
