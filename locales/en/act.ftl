# What actions do: how things are before, how far they are, what came of them

## Seen before
act-now-container = { $name }: { $state } · started { $since } · { $restarts ->
        [one] { $restarts } restart
       *[other] { $restarts } restarts
    }
act-now-backup = Newest backup: { $name } · { $size } · { $age } ago
act-now-no-backup = There is no backup yet
act-now-chosen = Chosen backup: { $name } · { $size } · { $at }
act-now-deletes = { $count } to delete · { $size }
act-now-stay = Kept (the newest 3 that are whole): { $names }
act-now-rollback = Image { $from } → { $to } (last healthy { $seen })
act-now-prune = { $count } to clear away · { $size } · { $free } free now
act-now-boot = Up for { $up }
act-now-waiting = Not healthy now: { $names }
act-now-certificate = { $name }: ends { $expires }
act-now-journal = The journal takes { $size }
act-now-archive = { $compress } to compress · { $delete } to delete
act-now-updates = { $count ->
        [one] { $count } update
       *[other] { $count } updates
    }
act-now-alarm = { $name }: threshold { $threshold } → { $wanted }
act-now-no-alarm = The alarm { $name } does not exist yet
act-now-baseline = Baseline now: approved by { $by } ({ $at }) { $same } the rules as they are
act-now-no-baseline = No baseline was approved yet

## How far it is, and what came of it
act-backup-made = Backup made: { $name } · { $size }
act-boot = Boot id before: { $id }
act-chosen = Backup used: { $name } · { $size }
act-compose-down-failed = down ended with { $status }; up follows all the same
act-compressed = Compressed: { $name }
act-counted = Rows of { $table }: { $restored } restored · { $live } live
act-deleted = Deleted: { $name }
act-down = All containers are down
act-dropped = Scratch database { $name } dropped
act-dry-run = The dry run begins
act-forcing = No certificate was renewed: renewing by force
act-freed = { $size } freed · { $free } free
act-gone-already = Gone already: { $name }
act-healthy = { $what } is healthy · started { $since }
act-issued = { $count } issued in the last 7 days (5 a week are allowed)
act-kept = Kept: { $names }
act-loading = Restoring into { $name }
act-not-started = { $service } could not be started again: start it by hand
act-nothing-due = No certificate is due for renewal
act-old-kept = The previous database is kept as { $name }: drop it by hand when all is well
act-reboot-asked = The reboot was asked for
act-reboot-due-no = No reboot is due
act-reboot-due-unknown = Whether a reboot is due could not be looked up
act-reboot-due-yes = A reboot is due
act-reloaded = nginx has read the certificates
act-removed = Cleared away: { $kind } { $name }
act-renewing = Renewing
act-room = Needs { $need } · { $free } free ({ $where })
act-spared = Kept: { $name }
act-started = { $service } is started
act-step-list = 1/6 Backups: { $count }
act-step-safety = 2/6 A backup of what is there now
act-step-chosen = 3/6 To restore: { $name } · { $size }
act-step-load = 4/6 Restoring into the new database { $name }
act-step-swap = 5/6 { $service } is stopped and the databases are swapped
act-step-counted = 6/6 Rows of { $table }: { $before } before → { $after } after
act-swapped = { $name } is in use now · the previous database is { $old }
act-tagged = { $name } → image { $image }
act-updated = { $manager } has updated
act-vacuumed = The journal takes { $size } now
act-vacuumed-unmeasured = Journal vacuumed; its size afterwards cannot be read
act-alarm-put = The CloudWatch alarm { $name } is set
act-baseline-approved = { $count ->
        [one] { $count } rule is the new baseline
       *[other] { $count } rules are the new baseline
    }
act-reboot-back = It answers again after { $after }, with a new boot id
act-reboot-healthy = All { $count } services are healthy ({ $after })
act-reboot-silent = no answer yet
act-reboot-same = not rebooted yet
act-reboot-waiting = not healthy yet: { $names }
act-reboot-unread = cannot be looked at yet: { $cause }
act-reboot-failed = The server and all its services were not back within { $after }. Last seen: { $last }

## When its end is not known
act-not-begun = It was not begun, and nothing has changed on the server: { $cause }
act-sealed = It was not begun, and never will be
act-status = It ended with status { $status }
act-timed-out = It had not ended after { $after } and was stopped: look by hand how far it came
act-unknown-begun = Whether it began is not known: look by hand ({ $cause })
act-unknown-end = How it ended is not known: look by hand ({ $cause })
act-unknown-runs = It still runs after { $after }: look by hand
act-unknown-gone = It ended on the server without a trace: look by hand
act-rebooted = The server was rebooted while it ran: look by hand
act-stopped-at = Stopped at step { $step } of { $steps }
act-other-version = The definition changed after it was approved: nothing was done
act-look-by-hand = The bot stopped while this ran. It is not begun again: look by hand
act-found-unread = The server cannot be asked how far it came: { $cause }
act-found-absent = Step { $step }/{ $steps }: never begun on the server
act-found-elsewhere = Step { $step }/{ $steps }: changes AWS or the bot's own record, not the server: whether it was done is not known
act-found-done = Step { $step }/{ $steps }: came to its end on the server
act-found-failed = Step { $step }/{ $steps }: ended on the server with status { $status }
act-found-running = Step { $step }/{ $steps }: still runs on the server ({ $unit })
act-found-gone = Step { $step }/{ $steps }: was begun, and left no end

## Why it cannot be done
unfit-unread = The server's state could not be read: { $cause }
unfit-no-value = A value that the definition needs is missing
unfit-no-inventory = This action cannot list { $name }
unfit-backup-broken = The backup is not whole: { $name }
unfit-backup-failed = The backup script failed with status { $status }
unfit-backup-no-file = The backup script ended and left no new file in { $folder }
unfit-backup-no-script = The backup script cannot be run: { $path }
unfit-compose-failed = docker-compose { $act } failed with status { $status }
unfit-create-failed = The database { $name } could not be made
unfit-dry-run-failed = The dry run failed with status { $status }; the certificates are as they were
unfit-renew-failed-hint = See the output above and /var/log/letsencrypt/letsencrypt.log
unfit-file-changed = The backup is another since it was approved: { $name }
unfit-five-a-week = { $count } were issued in the last 7 days: none is forced
unfit-five-a-week-hint = Five a week are allowed for one name; wait until the oldest is 7 days old
unfit-image-changed = { $service } has another image since it was approved
unfit-image-gone = The image to go back to is not on the server: { $image }
unfit-image-without-tag = The compose file names its image by digest: { $image }
unfit-image-without-tag-hint = Put the previous image into the compose file by hand, then up -d
unfit-no-image = { $service } has no image to go back to
unfit-no-image-hint = An image other than the current one, recorded as healthy, must still be on the server
unfit-load-failed = { $name } could not be restored; the live database is as it was
unfit-nginx-config = nginx -t failed with status { $status }: nginx was not reloaded
unfit-no-alarm = There is no alarm { $name }
unfit-no-backup = There is no backup in { $folder }
unfit-no-certificates = certbot keeps no certificate
unfit-no-compose = The compose file in { $path } could not be read
unfit-no-container = { $service } has no container
unfit-no-container-hint = If it is down, bring it up
unfit-no-database = There is no database { $name }
unfit-no-docker = The Docker engine cannot be reached
unfit-no-file = There is no such backup: { $name }
unfit-no-folder = The folder is not there or cannot be looked into: { $path }
unfit-no-manager = No package manager (dnf, yum, apt) was found
unfit-no-room = Not enough room: { $need } needed, { $free } free
unfit-no-room-hint = Make room first: old backups, Docker images, the journal
unfit-no-rows = Stopped: table { $table } is empty in the restored copy
unfit-no-table = The rows of { $table } could not be counted
unfit-none-whole = Not one whole backup is there, so none is deleted: { $folder }
unfit-not-compressed = Could not be compressed: { $name }
unfit-not-deleted = Could not be deleted: { $name }
unfit-not-renewed = Renewed by force, and the certificates are the same
unfit-not-restarted = Not restarted: { $what }
unfit-not-rolled-back = { $service } did not switch to the previous image
unfit-nothing-to-archive = No log is to be compressed or deleted: { $folder }
unfit-nothing-to-delete = No backup older than { $days ->
        [one] { $days } day
       *[other] { $days } days
    } is to be deleted
unfit-nothing-to-prune = No image is to be cleared away
unfit-nothing-to-update = There is nothing to update
unfit-reload-failed = nginx could not be reloaded (status { $status })
unfit-renew-failed = The renewal failed with status { $status }
unfit-rules-changed = The rules of the security group changed since they were approved
unfit-room-unknown = How much room there is in { $where } cannot be read
unfit-scratch-exists = The database { $name } exists already
unfit-sudo-refused = sudo does not allow: { $what }
unfit-sudo-refused-hint = Install the sudoers files of docs/ on the server
unfit-swap-failed = { $name } could not be swapped; the previous database is still in use
unfit-tag-failed = The image could not be tagged: { $image }
unfit-unhealthy = Not healthy: { $what }
unfit-unhealthy-hint = See its log; just after a deployment, think of a rollback
unfit-update-failed = The update failed with status { $status }
unfit-updates-unknown = { $manager } could not list updates
unfit-vacuum-failed = The journal could not be cleaned up (status { $status })


## Command files
action-unknown-step = there is no such step: { $name }
action-bad-path = this must be an absolute path: { $path }
action-bad-days = this must be 1 to 3650 days
action-bad-name = this must be a name of small letters, digits and _: { $name }
action-unknown-renewal = there is no such renewal: { $name }
action-bad-period = this must be 10, 30 or a multiple of 60 seconds
