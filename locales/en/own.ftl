# Reading the files anew
command-reload-name = reload
command-reload = Reads the configuration anew; if anything in it is wrong, the present one stays
reload-reading = Reading the files.
reload-going-on = The bot is changing over to another configuration already. Please try again in a moment.
reload-taken = New configuration accepted
reload-after-runs = It takes effect once the checks now running have ended; actions go on as they are
reload-same = No file has changed, so nothing is done.
reload-file = { $name } { $change ->
    [new] is new
    [gone] is gone
   *[changed] has changed
}
reload-wrong = The new configuration was not taken: { $count } problem(s)
reload-more = … the rest is in the attached file.
reload-old-stays = The present configuration stays
reload-unfit = The new configuration was not taken, since the bot could not work with it: { $why }
refused-reload-hint = reload = ["role"] under [may_run] of bot.toml says who may

# Language
command-language-name = language
command-language = Chooses the language of forms and of answers that only you see
option-language = The language to be answered in
language-name = English
language-follow = as my Discord
language-chosen = Answers to you are in English from now on. What is posted to the channel stays in the team’s language.
language-follows = Answers to you are in the language of your Discord from now on. What is posted to the channel stays in the team’s language.

# The bot watched
silent-since = From { $from } to { $to } the bot was down or could not reach Discord, and nobody was told anything.
log-more = More than { $most } things were told within an hour; the rest is in the bot’s own log.
log-alert-refused = An alert of { $host } could not be posted. Discord refused it: { $cause }
log-finding-refused = { $who } could not be told of the urgent finding { $finding } ({ $title }). Discord refused it: { $cause }
log-waiver-refused = { $who } could not be told of the end of a waiver ({ $title }). Discord refused it: { $cause }
