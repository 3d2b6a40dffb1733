# What is said of samples and alerts

probe-samples-few = watched for too short a time ({ $have } of { $least })
probe-samples-none = there are no samples of { $of }
probe-samples-gaps = { $count ->
        [one] { $count } gap
       *[other] { $count } gaps
    } in which nobody watched, { $missed } in all
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
    [host] Look at the network and the security group, and open the runbook “service down”: /emergency
    [site] Open the runbook “service down”: /emergency
    [response] Look at CPU and database: /daily
    [cpu] See which container it is (/daily), and look for abnormal traffic among the client addresses (/weekly).
    [memory] See which process it is (/daily); restart the container with an approval.
    [disk] Open the runbook “disk full”: /emergency
   *[other] Look at the client addresses: /weekly
}
alert-muted = 🔕 Muted until { $until }
button-mute = Mute { $hours } h
webhook-failed = the webhook cannot be used: { $cause }
