# What is said of answers from AWS

aws-not-configured = bot.toml has no [aws]
aws-not-configured-hint = give bot.toml an [aws] with region and keys, and the host its instance, security_group and admin_cidr
aws-host-without = the host in bot.toml has no { $key }
aws-too-late = AWS did not answer within { $after }
aws-no-keys = the AWS keys cannot be read: { $why }
aws-no-keys-hint = put key_id and secret_key into [aws] of bot.toml, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
aws-denied = AWS does not allow it: { $action }
aws-denied-hint = add { $action } to the IAM policy of this key
aws-wrong-keys = AWS does not accept the keys: { $code }
aws-wrong-keys-hint = see whether the keys are right and have not ended, and whether the clock of the bot's machine is right
aws-throttled = AWS says that it was asked too often; check again in a while
aws-unreachable = AWS is out of reach: { $cause }
aws-refused = AWS refused: { $code } { $says }
aws-garbled = the answer from AWS cannot be understood: { $cause }

probe-cpu-no-credits = CloudWatch has no CPU credits of this instance

probe-s3-none = there is no backup in s3://{ $bucket }/{ $prefix }
probe-s3-missing = { $count ->
        [one] { $count } day without a copy in S3
       *[other] { $count } days without a copy in S3
    }: { $names }
probe-s3-differs = { $count ->
        [one] { $count } copy in S3 is not as large as the file on the host
       *[other] { $count } copies in S3 are not as large as the file on the host
    }: { $names }
probe-s3-stale = { $count ->
        [one] { $count } copy in S3 should be gone
       *[other] { $count } copies in S3 should be gone
    }: { $names }
probe-s3-newest = put there { $age } ago ({ $count } in all)

probe-group-no-admin = bot.toml has no admin_cidr to judge port 22 by: look at the rules of the security group yourself
probe-group-ssh = port 22 is open to everybody: { $rules }
probe-group-open = { $count ->
        [one] { $count } rule is open without need
       *[other] { $count } rules are open without need
    }: { $rules }

probe-drift-no-baseline = no baseline is approved; if the rules are right as they are, ask for /approve-baseline
probe-drift-garbled = the kept baseline cannot be read: { $cause }
probe-drift-same = as approved ({ $count ->
        [one] { $count } rule
       *[other] { $count } rules
    }, by { $by } on { $day })
probe-drift-changes = { $count ->
        [one] { $count } rule differs
       *[other] { $count } rules differ
    } from what { $by } approved on { $day }: { $rules }

probe-cost-none = there is no cost of { $month }
probe-cost-total = { $month }: { $total }
probe-cost-total-before = { $month }: { $total } (the month before: { $before })
probe-cost-rising = far more than last month: { $services }
probe-cost-no-before = there is no month before to compare with
probe-cost-kept = as asked earlier today (each answer costs a cent)

probe-alarms-absent = { $count ->
        [one] { $count } alarm is missing
       *[other] { $count } alarms are missing
    }: { $names }
probe-alarms-changed = { $count ->
        [one] { $count } alarm has another threshold
       *[other] { $count } alarms have another threshold
    }: { $names }
probe-alarms-silent = { $count ->
        [one] { $count } alarm tells nobody when it rings
       *[other] { $count } alarms tell nobody when they ring
    }: { $names }
probe-alarms-ringing = { $count ->
        [one] { $count } alarm rings now
       *[other] { $count } alarms ring now
    }: { $names }

probe-rehearsed-never = there is no record that it ever passed
probe-rehearsed-age = passed { $age } ago ({ $day }, { $by })
probe-rehearsed-failed = the last try, on { $day }, failed

config-aws-id = must begin with { $prefix }: { $text }
config-not-a-range = not an address range such as 203.0.113.0/24: { $text }
commands-unknown-exercise = must be restore-test or drill: { $name }
commands-not-a-port = not a port: { $text }
commands-cost-rise = write it as "1.5 x and $1": { $text }

baseline-approved = { $count ->
        [one] { $count } rule of the security group is
       *[other] { $count } rules of the security group are
    } the baseline now
exercise-recorded = { $kind ->
    [drill] the drill is recorded
   *[restore-test] the restore test is recorded
}
