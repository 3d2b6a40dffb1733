# What is said of samples and alerts

probe-samples-few = watched for too short a time ({ $have } of { $least })
probe-samples-none = there are no samples of { $of }
probe-samples-gaps = { $count } gaps in which nobody watched, { $missed } in all
probe-disk-full-in = { $mount }: full in { $left } as it grows now

alert-what = { $vital ->
    [host] Server unreachable
    [site] API not answering
    [response] API slow
    [cpu] High CPU use
    [memory] High memory use
    [disk] High use of disk { $subject }
    [connections] Too many connections
    [received] Too much data in
   *[sent] Too much data out
}
alert-open = 🚨 { $what } · { $host }
alert-over = ✅ Recovered · { $what } · { $host }
alert-since = since { $time }, { $times } times in a row
alert-span = { $from } - { $to } ({ $span })
alert-values = { $values } (threshold { $wanted })
alert-do = { $vital ->
    [host] Look at the network and the security group, and follow runbook E1 (service down).
    [site] Follow runbook E1 (service down).
    [response] Look at processors and database with /daily.
    [cpu] See with /daily which container it is, and look for abnormal traffic (W10).
    [memory] See with /daily which process it is; restart the container with an approval.
    [disk] Follow runbook E3 (disk full).
   *[other] Look at the client addresses with /weekly (W10).
}
alert-muted = 🔕 Muted until { $until }
button-mute = Mute { $hours } h
webhook-failed = the webhook cannot be used: { $cause }
