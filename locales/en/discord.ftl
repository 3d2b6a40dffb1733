# A message that goes on
run-progress = checking · { $done } of { $total }
run-shown-already = This is being checked already. The result will appear in this channel in a moment.
run-shown-at = This is being checked already. The result appears here: { $link }
run-interrupted = ⚠️ Interrupted (check manually): the bot stopped half-way. Please check again.
run-was-interrupted = it took too long and was recorded as interrupted
run-not-kept = this run could not be recorded: { $why }
run-has-no-report = Run { $run } has no result: it was interrupted.
run-unknown = There is no record of run { $run }.
run-unknown-hint = The message may date from another database. Please check again.

# Details
details-all-well = All is well. Choose a check to see its evidence.
details-choose = Choose a check to see what ran and what it printed.
details-placeholder = Choose a check
details-no-such-check = This run has no such check.

# Buttons
button-details = Details
button-again = Check again
button-dead = This button is no longer in use. Please run the command again.

# Commands
option-host = The host to check

# What may not be done
refused-run = You may not run /{ $command }.
refused-run-hint = You need one of these roles: { $roles }
refused-elsewhere = This bot serves one server only, and this is not it.

# When Discord cannot be reached
discord-ca-file = the certificate authority’s file { $path }: { $cause }
discord-no-client = cannot connect to Discord: { $cause }
discord-wrong-token = Discord did not accept the bot’s token
discord-wrong-token-hint = check it under Bot on Discord’s developer page; issuing a new one ends the old one
discord-no-answer = Discord does not answer: { $cause }
discord-no-answer-hint = check the network and https://discordstatus.com
discord-gateway-moved = the gateway’s address changed, so nothing was sent there ({ $expected } → { $found })
discord-gateway-closed = the connection to Discord’s gateway was closed: { $cause }

run-crashed = The check could not be finished: the bot itself failed.
run-crashed-hint = Please check again. If it happens again, look at the bot’s log.

# Several hosts
matrix-hosts = { $count ->
        [one] { $count } host
       *[other] { $count } hosts
    }
matrix-cut-off = interrupted (check manually)
matrix-rest = { $count ->
        [one] { $count } more host
       *[other] { $count } more hosts
    } · { $tally }
matrix-rest-of-rows = The other checks
matrix-well = ✅ { $count ->
        [one] { $count } more check passes
       *[other] { $count } more checks pass
    } on all of these hosts
matrix-in-file = The whole table is in the attached file.
matrix-choose = Choose a host to see its details
option-host-all = Every host
option-host-tag = Every host tagged { $tag }
host-unknown-tag = no host has this tag: { $name }
host-known-tags = the tags of bot.toml are: { $names }
host-unchosen = there are several hosts; please choose one

# Why something did not get through to Discord
chat-no-answer = there was no answer in time
chat-no-connection = there was no connection
chat-channel-gone = there is no such channel any more
chat-message-gone = there is no such message any more
chat-no-access = the bot may not see the channel
chat-no-right = the bot may not write there
chat-thread-archived = the thread is archived
chat-refused = HTTP { $status }, { $says }
chat-failed = the answer cannot be understood ({ $cause })
