# What the checks of the host's setup and of the sites' encryption say

# sudo
probe-sudo-refused = sudo does not allow this look
probe-sudo-hint = add one line to sudoers: { $rule }

# Certificates
probe-certificate-served = { $site } serves a certificate until { $until } ({ $left })
probe-certificate-on-disk = { $site } has a certificate on disk until { $until } ({ $left })
probe-certificate-left = { $left } left
probe-certificate-ended = it ended { $ago } ago
probe-certificate-names = the certificate of { $site } is for: { $names }
probe-certificate-not-reloaded = { $site } serves another certificate than the one on disk: nginx has not read the new one
probe-certificate-no-file = there is no certificate of { $site } in { $folder }
probe-certificate-no-folder = { $folder } cannot be read: { $cause }

# nginx
probe-nginx-unreadable = the configuration of nginx cannot be read: { $cause }
probe-nginx-no-server = the configuration of nginx has no server { $site }

# Settings
probe-settings-failed = the command that prints the settings failed
probe-settings-missing = the settings have no { $key }

# Files
probe-files-unreadable = the files cannot be looked at: { $cause }
probe-files-many = there are many files: only the { $most } oldest were looked at one by one

# fail2ban
probe-fail2ban-missing = fail2ban is not installed. To install it: sudo dnf install fail2ban && sudo systemctl enable --now fail2ban
probe-fail2ban-no-jail = fail2ban has no jail { $jail }
probe-fail2ban-down = fail2ban does not run
probe-fail2ban-unreadable = the answer of fail2ban cannot be understood
probe-fail2ban-banned = { $count } banned

# Timers
probe-timer-missing = there is no timer { $unit }
probe-timer-next = next run { $at } (in { $in })
probe-timer-no-next = no next run is planned
probe-timer-no-systemd = systemd cannot be asked

# Updates
probe-updates-pending = updates: { $count }
probe-updates-security = security updates: { $count }
probe-updates-reboot = a reboot is due ({ $why })
probe-updates-reboot-unknown = whether a reboot is due cannot be told
probe-updates-no-age = how old the list of packages is cannot be told
probe-updates-no-manager = there is no package manager (dnf, yum, apt)
probe-updates-failed = the package manager failed (exit status { $status }): { $cause }
probe-updates-ignored = repositories could not be reached, so the updates are not known: { $repositories }

# Performance
probe-benchmark-late = the time was up after { $turn ->
        [one] { $turn } request
       *[other] { $turn } requests
    }
probe-benchmark-mean = mean { $mean } of { $times }, longest { $max }

# Images
probe-images-unused = { $count ->
        [one] { $count } unused image
       *[other] { $count } unused images
    }, { $size }
probe-images-after = { $after } after a clean-up (now { $free })
probe-images-shared = layers that images share stay: less may come free than their sizes add up to
probe-images-no-disk = the free space of { $path } cannot be read

# Weaknesses
probe-trivy-none = the host has no Trivy. Look from elsewhere: trivy image { $image }
probe-trivy-failed = Trivy could not scan the image

# What one host has of its own
config-host-name = the host’s name “{ $name }”: all, and what begins with tag:, mean several hosts
config-host-name-odd = a host’s name has between 1 and { $most } characters, in one line with no blanks around it: “{ $name }”
config-tag = the tag “{ $tag }”: letters, digits, -, _ and . only, at most 32
config-host-rule-empty = warn or fail must be there; "never" takes one away
config-host-rule-measure = the check { $check } has no threshold for { $measure }
config-own-schedule-host = no host is named here: it is this host’s schedule
