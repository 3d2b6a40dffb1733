# How far the bot may reach.
dial-out-of-reach = { $to } is not connected to: only this machine itself is within reach
dial-out-of-reach-hint = This is practice. To reach a real server, take reach = "loopback" out of bot.toml.
config-unknown-reach = unknown reach: { $name }

# signoff sandbox
sandbox-here = This machine
sandbox-ready = The practice world is ready. Open in your browser: { $link }
sandbox-terminal = In a terminal as well: signoff check daily --config { $file }
sandbox-end = Ctrl-C ends it.
sandbox-no-room = On this machine no command is run for real ({ $why }): the model itself answers those that the checks send.
sandbox-port-taken = port { $port } is in use already
sandbox-port-taken-hint = If a practice world runs already, open its link; for another one use --port 0.
sandbox-folder-taken = another practice world is running in { $path }
sandbox-folder-taken-hint = End it, or name another folder with --data.
sandbox-no-scene = there is no scene { $name }
sandbox-no-scene-hint = scenes: { $names }
sandbox-file = { $path }: { $cause }
sandbox-deployment-hint = Run it where bot.toml is, or name the file with --config.
sandbox-not-started = the practice world did not start: { $cause }
sandbox-not-confined = the practice configuration leads out of this machine: it was not started
