# What is said of logs over days

# A container's log
probe-logs-no-docker = Docker does not let this user read logs
probe-logs-garbled = the log could not be read whole
probe-logs-begins-later = the log begins { $late } later than asked (it was rotated away, or the container was made then)
probe-logs-empty = there is no log of that time
probe-logs-lost = there are too many kinds of lines: { $count } could not be told apart
probe-logs-read = { $lines ->
        [one] { $lines } line ({ $bytes }) was filtered
       *[other] { $lines } lines ({ $bytes }) were filtered
    } on the host, and { $sent } sent

# nginx's access log
probe-access-unreadable = nginx's access logs cannot be read
probe-access-no-files = there is no access log of that time: { $paths }
probe-access-limited = { $share } answered 429 ({ $count } of { $total })
probe-access-failed = { $share } answered 5xx ({ $count } of { $total })
probe-access-peak = at most { $count ->
        [one] { $count } address
       *[other] { $count } addresses
    } within five minutes
probe-access-few = with only { $total ->
        [one] { $total } request
       *[other] { $total } requests
    } no shares are judged (at least { $least })
probe-access-malformed = { $count ->
        [one] { $count } broken line was not counted
       *[other] { $count } broken lines were not counted
    }
probe-access-others = there are too many addresses: { $count ->
        [one] { $count } request
       *[other] { $count } requests
    } could not be told apart

# Logins by SSH
probe-logins-unreadable = the journal cannot be read
probe-logins-silent = the journal has not a single line of sshd: it was cleared away, or is kept elsewhere
probe-logins-total = { $count ->
        [one] { $count } failed login
       *[other] { $count } failed logins
    }
probe-logins-from = { $count } failed from { $address }

# Secrets in logs
probe-secrets-unread = the logs could not be searched whole
probe-secrets-found = { $count ->
        [one] { $count } value that looks like a secret
       *[other] { $count } values that look like secrets
    } in { $logs } logs
