# What probes say: what a value means, why something could not be seen, what to know besides

# Commands
probe-shell-not-run = the command cannot be run (exit status { $status }): it is not on the host, or may not be executed
probe-shell-signal = the command was ended by the signal { $signal }
probe-shell-no-end = the connection was lost before the command ended
probe-shell-no-number = there is no number in the output
probe-output-dropped = the output was long: its end ({ $size }) was dropped
probe-host-too-late = the host did not answer within { $after }

# HTTP: the site did not answer
probe-http-refused = the connection was refused ({ $address })
probe-http-no-connection = no connection within { $after }
probe-http-no-handshake = no TLS connection within { $after }
probe-http-silent = no answer within { $after }
probe-http-body-late = the body was not complete within { $after }
probe-http-reset = the connection was cut (connection reset)
probe-http-closed = the connection was closed without an answer
probe-http-cut-off = the connection was closed before the body was complete
probe-http-not-http = the answer is not HTTP: { $cause }
probe-http-failed = the request failed: { $cause }
probe-http-tls = no TLS connection: { $cause }
probe-http-cert-expired = the certificate has expired
probe-http-cert-expired-since = the certificate expired { $ago } ago
probe-http-cert-not-yet = the certificate is not valid yet
probe-http-cert-not-yet-for = the certificate becomes valid in { $left }
probe-http-cert-other = the certificate is for another name
probe-http-cert-other-name = the certificate is for another name (address: { $name }, certificate: { $names })
probe-http-cert-unknown-issuer = the certificate was issued by an authority that is not trusted, or an intermediate certificate is missing
probe-http-cert-self-signed = the certificate is not trusted: the site seems to have signed it itself (self-signed)
probe-http-cert-revoked = the certificate was revoked
probe-http-cert-bad = the certificate is not valid: { $cause }

# HTTP: the bot could not look
probe-http-bad-url = not a URL that can be asked for: { $cause }
probe-http-no-address = the bot found no address of { $name }: { $cause }
probe-http-no-way = the bot cannot reach { $address } from where it is: { $cause }
probe-http-ca-unreadable = the CA file { $path }: { $cause }
probe-http-ca-empty = the CA file { $path } holds no certificate

# HTTP: the answer
probe-http-status = { $status } { $phrase }
probe-http-redirect = { $status } → { $location }
probe-http-bounded = the body is long: only its first { $size } were read
probe-http-broken = the answer broke off: { $reason }

# Docker
probe-docker-too-late = the Docker engine did not answer within { $after }

# Containers
probe-container-missing = there is no container (service { $service }, project { $project })
probe-container-exited = { $name } exited { $ago } ago (exit code { $code })
probe-container-oom = { $name } was killed for lack of memory { $ago } ago (OOM, exit code { $code })
probe-container-restarting = { $name } keeps restarting (restarts { $restarts }, exit code { $code })
probe-container-paused = { $name } is paused
probe-container-created = { $name } was created but never started
probe-container-state = { $name } is { $state }
probe-container-unhealthy = { $name } failed its health check (in a row: { $failures })
probe-container-unhealthy-saying = { $name } failed its health check (in a row: { $failures }): { $said }
probe-container-no-health = { $name } has no health check
probe-container-oom-inside = a process inside { $name } was killed for lack of memory since it started

# Logs
probe-log-repeated = { $count } ×: { $pattern }
probe-log-begins-later = the log goes back only { $ago } (asked: the last { $asked })
probe-log-rotated = Older lines are gone: the log goes back only { $ago } (asked: the last { $asked }). Raise max-size or max-file of the container
probe-log-empty = the log is empty
probe-log-newest = the log is long: only its newest lines were read ({ $lines }, from { $ago } ago)
probe-log-too-much = the log is too long to read it all: nothing newer than { $ago } ago was seen
probe-log-too-late = there was no time to read all of the log: nothing newer than { $ago } ago was seen
probe-log-broken = reading the log broke off: nothing newer than { $ago } ago was seen: { $reason }
probe-log-long-lines = of lines longer than { $size } only the beginning was read (lines: { $count })
probe-log-many-patterns = there are many kinds of errors: rare ones were not counted (kinds: { $count })

# CPU
probe-cpu-unreadable = /proc/stat could not be read
probe-cpu-too-close = the two readings are too close together to tell the use of the CPU
probe-cpu-credits = CPU credits can only be seen in CloudWatch
probe-cpu-no-counters = there are no CPU counters
probe-cpu-no-container = { $name }: { $reason }
probe-cpu-no-containers = no container is running

# Memory
probe-memory-used = { $share } ({ $used } of { $total })
probe-memory-swap = { $share } ({ $used } of { $total })
probe-memory-no-swap = no swap
probe-memory-unreadable = /proc/meminfo could not be read
probe-memory-no-available = the kernel does not tell MemAvailable
probe-memory-no-oom-kills = the kernel does not count OOM kills

# Disks
probe-disk-used = { $mount } { $share } ({ $used } of { $total })
probe-disk-left-out = { $path } was left out: it is no disk ({ $kind })
probe-disk-none-left = there is no disk to check: none of the paths is on one
probe-disk-no-paths = no path is named (disks)
probe-disk-unreadable = { $path }: { $said }
probe-disk-no-inodes = the file system does not count inodes
probe-disk-folder-grew = { $folder } { $size }: { $by } more since { $since }
probe-disk-folder-steady = { $folder } { $size }: hardly changed since { $since }
probe-disk-folder-first = { $folder } { $size }: no earlier record to compare with
probe-disk-folder-unread = { $folder }: its size could not be read ({ $said })
probe-disk-folders-unread = the sizes of the folders could not be read: { $why }

# For a person to look at
probe-manual = { $ask }
