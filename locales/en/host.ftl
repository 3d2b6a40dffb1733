# Why a host could not be looked at, and what to do then

# The connection
host-unresolved = { $at }: the name has no address ({ $cause })
host-unresolved-hint = Check the address in bot.toml, and the DNS of the machine that the bot runs on
host-unreachable = { $at } cannot be reached ({ $cause })
host-unreachable-hint = Check that the server and its sshd are up, and that security group and firewall let the bot in
host-connect-timed-out = No connection to { $at } within { $after }
host-connect-timed-out-hint = Check that security group and firewall let the bot in, and that the server is not overloaded
host-handshake-failed = { $at }: no SSH connection came about ({ $cause })
host-handshake-failed-hint = Check that an SSH server answers at this port, and that it does not turn connections away (MaxStartups)
host-lost = The connection to { $at } was lost ({ $cause })
host-lost-hint = The next check connects again. If it keeps happening, look at the server's sshd log and at the network

# Is the server the one meant
host-key-changed = { $at } shows another host key than the one on record, so the bot did not connect. On record: { $expected } ({ $from }); shown: { $came }
host-key-changed-hint = If nobody rebuilt the server, somebody may be intercepting the connection. If somebody did, run ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub on the server's console, and only if it prints { $came } put that on record in { $from }
host-key-unknown = The host key of { $at } is not in { $file }, so the bot did not connect. Shown: { $came }
host-key-unknown-hint = Run ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub on the server's console; if it prints the same, write host_key = "{ $came }" in bot.toml
host-key-revoked = The host key of { $at } is revoked in { $file }, so the bot did not connect. Shown: { $came }
host-key-revoked-hint = Somebody may be using the revoked key. Make the server a new host key, and put that on record
host-fingerprint-invalid = Not a SHA256 fingerprint: { $given }
host-fingerprint-invalid-hint = Write the SHA256:… that ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub prints on the server
host-known-hosts-unreadable = known_hosts file { $file }: cannot be read ({ $cause })
host-known-hosts-unreadable-hint = Check the known_hosts path in bot.toml and the file's permissions, or write the fingerprint as host_key instead

# Logging in
host-login-key-missing = There is no key file { $file }
host-login-key-missing-hint = Check key.file in bot.toml
host-login-key-unreadable = Key file { $file }: cannot be read ({ $cause })
host-login-key-unreadable-hint = The account that runs the bot must be able to read it: check its owner and its mode (600)
host-login-key-invalid = Key file { $file }: not a private key ({ $cause })
host-login-key-invalid-hint = It must be a private key as ssh-keygen makes them; check that the path does not name the public one (.pub)
host-passphrase-missing = Key { $file }: it is encrypted, and no passphrase is configured
host-passphrase-missing-hint = Add passphrase = { "{" } env = "NAME" { "}" } or passphrase = { "{" } file = "PATH" { "}" } to key in bot.toml
host-passphrase-wrong = Key { $file }: the passphrase is wrong
host-passphrase-wrong-hint = Try the passphrase on this key with ssh-keygen -y -f
host-passphrase-unread = Key { $file }: the passphrase cannot be read. { $cause }
host-agent-missing = There is no SSH agent: SSH_AUTH_SOCK is not set
host-agent-missing-hint = Start ssh-agent for the account that runs the bot and pass SSH_AUTH_SOCK on, or name a key file as key.file in bot.toml
host-agent-unreachable = SSH agent { $file }: no answer ({ $cause })
host-agent-empty = The SSH agent holds no key
host-agent-empty-hint = Give it one with ssh-add
host-login-refused = { $at } refused to log { $user } in. Offered: { $keys }
host-login-refused-hint = Check the user name, and that the public half of this key is in ~{ $user }/.ssh/authorized_keys on the server
host-login-incomplete = { $at } asks { $user } for more than a key: { $methods }
host-login-incomplete-hint = The bot logs in with a key only: let AuthenticationMethods of the server's sshd ask its account for publickey alone

# Commands
host-why-no-channel = it opened no channel
host-why-silent = it has fallen silent
host-why-ended = it ended while the command ran
host-why-shell-ended = the login shell ended without running the command
host-why-refused = it refused the command
host-session-refused = { $at } runs no command ({ $cause })
host-session-refused-hint = Check the login shell of the bot's account and its start-up files, that timeout (coreutils) is there, and ForceCommand and MaxSessions of the server's sshd
host-sessions-taken = { $at } had no SSH session free for { $after }
host-sessions-taken-hint = Lower max_channels in bot.toml, or raise MaxSessions of the server's sshd
host-timed-out = No end within { $after }
host-not-run = The bot's own machine could not run the command ({ $cause })
host-not-run-hint = It needs sh and timeout (coreutils)
host-stopped = The bot was stopping
host-not-approved = The approval is for { $approved }, not for { $host }
host-already-begun = The job { $job } was begun before; it is not begun again
host-not-begun = The server did not begin it ({ $cause })
host-not-begun-hint = The user who acts must be able to write to /var/tmp there

# Docker
host-docker-missing = There is no Docker socket { $socket }
host-docker-down = Docker socket { $socket }: no engine answers
host-docker-down-hint = See on the server whether Docker is running: systemctl status docker
host-docker-forbidden = Docker socket { $socket }: { $user } has no permission
host-docker-forbidden-hint = Add the account to the group on the server: sudo usermod -aG { $group } { $user }. Mind that this is as good as root
host-docker-no-group-hint = The socket belongs to the group root. On the server, run sudo groupadd docker, sudo systemctl restart docker and sudo usermod -aG docker { $user }, one after the other. Mind that this is as good as root
host-docker-not-forwarded = Docker socket { $socket }: the SSH server does not forward to sockets
host-docker-not-forwarded-hint = Set AllowStreamLocalForwarding yes in the server's sshd, and see that DisableForwarding is not on
host-docker-refused = Docker refused the request ({ $status }): { $says }
host-docker-timed-out = Docker did not answer within { $after }
host-docker-broken = Docker's answer broke off or cannot be understood ({ $cause })

keys-none = No host key was approved in a runbook
keys-approved = { $host } · { $fingerprint } · runbook #{ $runbook }, { $by }, { $at }
keys-forgotten = { $fingerprint } is no key of the host any more
keys-unknown = { $fingerprint } is not among the approved keys of that host: signoff keys lists them
