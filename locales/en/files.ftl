# When a file cannot be read
file-unreadable = cannot read { $path }: { $cause }
folder-unreadable = cannot read the folder { $path }: { $cause }
file-not-toml = not valid TOML: { $cause }
file-not-utf8 = the file is not in UTF-8: from here on it cannot be read
file-twice = the key stands here a second time: { $key }
file-unknown-key = unknown key: { $key }
file-known-keys = the keys are: { $names }
file-missing-key = missing key: { $key }
file-wrong-type = { $key } must be { $expected }, not { $found }
file-type-text = a string
file-type-integer = a whole number
file-type-flag = true or false
file-type-texts = a list of strings
file-type-table = a table
file-type-tables = a list of tables
file-type-float = a number with a fraction
file-type-time = a date or a time
file-type-list = a list
file-did-you-mean = did you mean { $word }?

# bot.toml
config-unknown-timezone = unknown time zone: { $name }
config-unknown-language = must be ko or en: { $name }
config-not-an-id = not a Discord id (a string of digits): { $text }
config-not-an-address = not IP:port: { $text }
config-not-a-site = not name:port, such as api.example.com:443: { $text }
config-discord-needs-ca = connect_to needs ca_file: the one certificate authority to trust there
config-secret-form = a secret is named as { "{" } env = "NAME" { "}" } or as { "{" } file = "PATH" { "}" }
config-unknown-role = no such role in [roles]: { $name }
config-no-host = there is no host
config-unknown-transport = must be ssh or local: { $name }
config-max-channels = must be between 1 and { $most }
config-not-an-ssh-address = not host or host:port: { $text }
config-ssh-address-user = who logs in is named by user, not in address
config-key-form = a login key is { "{" } file = "PATH" { "}" } or { "{" } agent = true { "}" }
config-host-key-form = either host_key or known_hosts must be given: they prove that the server is the right one
config-act-needs-ssh = [hosts.NAME.act] needs transport = "ssh"
config-not-a-fingerprint = not a SHA256 fingerprint: { $text }
config-fingerprint-hint = on the server, run ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub and take the SHA256:… it prints

# Secrets
secret-no-variable = the environment variable { $name } is not set
secret-no-file = the secret's file { $path }: { $cause }
secret-empty = the secret's file { $path } is empty

# commands/
commands-none = there is no command file (*.toml)
commands-bad-name = a command's name has up to 32 lower-case letters, digits, - and _: { $name }
commands-unknown-kind = unknown kind of command: { $name }
commands-sections = there must be between 1 and { $most } sections ([[section]])
commands-twice = there is a check with this id already: { $id }
commands-too-long = { $length } characters, where { $most } are allowed
commands-no-rules = rules are missing: nothing says what is good
commands-empty-rule = a rule needs warn, fail or both
commands-usual-unasked = usual says what a condition such as "> 1.5 x usual" compares with, and this rule has none
commands-usual-least = least must be at least 1, and at most over divided by every ({ $fits })
commands-shadowed = the warning ({ $warn }) is never given: the failure ({ $fail }) always comes first
commands-unknown-measure = this probe does not measure { $name }
commands-known-measures = it measures: { $names }
commands-taken-measure = the probe measures something of this name itself: { $name }
commands-unknown-probe = unknown probe: { $name }
commands-known-probes = the probes are: { $names }
commands-unknown-shared-probe = no such name in [probes]: { $name }
commands-bad-url = not an http or https URL: { $url }
commands-bad-duration = not a span of time, such as 30 min or 250 ms: { $text }
commands-cpu-too-short = two CPU readings must be at least { $least } apart
commands-cpu-too-long = two CPU readings must be closer together than the check may take ({ $deadline })
commands-shell-units = number takes %, B, s, $ or an empty string
commands-unknown = there is no such checklist: { $name }
commands-known = the checklists are: { $names }

# Conditions
condition-wrong = the condition “{ $condition }”: { $why }
condition-no-operator = it begins with no operator
condition-operators = the operators are: { $list }
condition-unknown-unit = unknown unit: { $unit }
condition-units = the units are: { $names }
condition-not-a-number = not a number: { $text }
condition-bad-pattern = not a regular expression: { $cause }
condition-text-order = a text is neither more nor less than another: { $text }
condition-empty-range = the range ends before it begins
condition-no-bound = nothing stands behind the operator
condition-mixed-range = both ends of a range must be in the same unit
condition-impossible = its answer is the same whatever is measured
condition-unknown-word = this is never measured: { $word }
condition-words = what can be measured: { $names }
condition-dimension = { $measure } is compared in { $dimension }
dimension-text = text
dimension-count = counts, without a unit
dimension-percent = %
dimension-bytes = amounts of data (MB, GB …)
dimension-time = time (ms, s, d …)
dimension-dollars = money ($)

config-sampling-every = must be a time of a second or more, such as 1 min: { $text }
config-unknown-vital = nothing of that name is sampled: { $name }
config-known-vitals = what is sampled: { $names }
config-unknown-rota = no such rota in [rota]: { $name }
config-bad-threshold = not a condition such as { $example }, nor never: { $text }
config-may-run-unknown = [may_run] names a command that is not in commands/: { $name }
commands-bad-id = an id has up to 64 lower-case letters, digits, - and _: { $id }
commands-empty-text = the text is empty
commands-relative-path = a path must begin with /: { $path }
commands-no-timer = the name of a timer ends in .timer: { $unit }
commands-unknown-manager = unknown package manager: { $name } (known: { $known })
commands-benchmark-times = times must be between 1 and { $most }
commands-not-negative = { $key } must not be negative
commands-backup-days = days must be between 1 and 31
commands-backup-sizes = write it as "50..200 %": { $text }
commands-backup-name = the name has no date in it: { $name }. For example: postgres_%Y%m%d_%H%M%S.sql.gz
commands-bad-time = write the time as "03:00": { $text }
commands-bad-cron = a time of cron has five parts, such as 0 3 * * *: { $text }
commands-explain-select = query must be one SELECT
commands-built-in = there is a command “{ $name }” already; please give the file another name
