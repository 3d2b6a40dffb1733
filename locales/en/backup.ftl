# What the checks of backups and of the database say

probe-backups-no-folder = the folder of backups cannot be looked into: { $folder }
probe-backups-unread = not every backup could be looked at: { $folder }
probe-backups-none = there is no backup in { $folder }
probe-backups-missing = { $count ->
        [one] { $count } day without a whole backup
       *[other] { $count } days without a whole backup
    }: { $names }
probe-backups-broken = { $count ->
        [one] { $count } backup is empty, cut off or not complete
       *[other] { $count } backups are empty, cut off or not complete
    }: { $names }
probe-backups-odd = { $count ->
        [one] { $count } backup is of quite another size than the others
       *[other] { $count } backups are of quite another size than the others
    }: { $names }
probe-backups-copied = { $count ->
        [one] { $count } backup holds exactly what another day's holds
       *[other] { $count } backups hold exactly what another day's holds
    }: { $names }
probe-backups-misdated = { $count ->
        [one] { $count } backup has another time than its name says
       *[other] { $count } backups have another time than their name says
    }: { $names }
probe-backups-stale = { $count ->
        [one] { $count } backup should be gone
       *[other] { $count } backups should be gone
    }: { $names }
probe-backups-newest = { $age } ago, { $size } ({ $name })
probe-backups-foreign = { $count ->
        [one] { $count } file is not called { $name } and was not counted
       *[other] { $count } files are not called { $name } and were not counted
    }

probe-schedule-unread = the settings of cron could not be looked at
probe-schedule-missing = no crontab starts { $command }
probe-schedule-other = it is not planned for { $at }: { $line }
probe-schedule-daemon = the daemon of { $of } does not run
probe-schedule-script = the script cannot be run: { $of } ({ $state })
probe-schedule-log = the log cannot be written: { $of } ({ $state })
probe-schedule-never = there is no record of a run: { $log }
probe-schedule-no-keep = the script does not say how long it keeps backups

probe-postgres-refused = PostgreSQL did not answer: { $cause }
probe-postgres-no-statements = pg_stat_statements is not on: put it into shared_preload_libraries, restart, then CREATE EXTENSION pg_stat_statements
probe-postgres-mean = mean { $mean } of { $calls ->
        [one] { $calls } call
       *[other] { $calls } calls
    }
probe-postgres-no-plan = the plan cannot be read
