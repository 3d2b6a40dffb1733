"""Gear Freak's account at Amazon, as moto plays it: put back to what it should be, or with one thing wrong.

    cloud.py ENDPOINT BACKUPS [WRONG]

BACKUPS is a file with a line "SIZE NAME" for each backup on the host. Prints the ids that bot.toml needs.
"""
import datetime
import json
import sys
import urllib.request

import boto3

ENDPOINT, BACKUPS, WRONG = sys.argv[1], sys.argv[2], (sys.argv[3:] or [""])[0]
REGION, BUCKET, PREFIX = "ap-northeast-2", "gear-freak-private-storage-3059875", "backups/"
ADMIN = "203.0.113.0/24"
TODAY = datetime.datetime.now(datetime.timezone.utc)


def client(name, region=REGION):
    return boto3.client(
        name, region_name=region, endpoint_url=ENDPOINT, aws_access_key_id="box", aws_secret_access_key="box-secret-key"
    )


def post(path, body=None):
    data = json.dumps(body).encode() if body is not None else b""
    request = urllib.request.Request(ENDPOINT + path, data, {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=10).read()


def copies():
    """The copies in S3: those of the host, and older ones."""
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    if WRONG == "no-copies":
        return
    files = [line.split() for line in open(BACKUPS) if line.strip()]
    files = [(name, int(size)) for size, name in files]
    newest = files[-1][0]
    for ago in range(9, 29):
        day = TODAY - datetime.timedelta(days=ago)
        files.append((day.strftime("postgres_%Y%m%d_030001.sql.gz"), 90_000 + 1000 * ago))
    for name, size in files:
        if name == newest and WRONG == "copy-missing":
            continue
        if name == newest and WRONG == "copy-cut":
            size //= 2
        s3.put_object(Bucket=BUCKET, Key=PREFIX + name, Body=b"\0" * size)
    if WRONG == "many-copies":
        for number in range(1200):
            s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}aaa-{number:05}", Body=b"")


def group():
    """The instance and whom it lets in."""
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="gear-freak", Description="Gear Freak", VpcId=vpc)["GroupId"]
    lets_in = [(22, ADMIN), (80, "0.0.0.0/0"), (443, "0.0.0.0/0")]
    if WRONG == "ssh-for-all":
        lets_in.append((22, "0.0.0.0/0"))
    if WRONG == "port-open":
        lets_in.append((5432, "0.0.0.0/0"))
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    image = ec2.describe_images()["Images"][0]["ImageId"]
    launched = ec2.run_instances(
        ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=subnet, SecurityGroupIds=[group]
    )
    # Last: each rule takes an id as well, and the instance's must not depend on how many there are.
    for port, source in lets_in:
        rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": source}]}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    return launched["Instances"][0]["InstanceId"], group


def bill():
    """Two months, the last one a little dearer."""
    first = (TODAY - datetime.timedelta(days=5)).replace(day=1)
    before = (first - datetime.timedelta(days=1)).replace(day=1)
    after = (first + datetime.timedelta(days=32)).replace(day=1)
    now = {"Amazon Elastic Compute Cloud - Compute": 9.12, "Amazon Simple Storage Service": 0.41, "Tax": 0.95}
    then = {"Amazon Elastic Compute Cloud - Compute": 8.93, "Amazon Simple Storage Service": 0.38, "Tax": 0.93}
    if WRONG == "costly-month":
        now["Amazon Elastic Compute Cloud - Compute"] = 24.80
    if WRONG == "service-rises":
        now["Amazon Simple Storage Service"] = 3.10

    def month(start, end, costs):
        groups = [
            {"Keys": [name], "Metrics": {"UnblendedCost": {"Amount": str(cost), "Unit": "USD"}}} for name, cost in costs.items()
        ]
        period = {"Start": start.strftime("%Y-%m-%d"), "End": end.strftime("%Y-%m-%d")}
        return {"TimePeriod": period, "Total": {}, "Groups": groups, "Estimated": True}

    result = {"ResultsByTime": [month(before, first, then), month(first, after, now)], "DimensionValueAttributes": []}
    # One for each day on which it may be asked before the next reset.
    post("/moto-api/static/ce/cost-and-usage-results", {"results": [result] * 3})


def alarms(instance):
    """What rings, and the credits of the processors."""
    watch = client("cloudwatch")
    wanted = [
        ("AWS/EC2", "CPUUtilization", 80),
        ("CWAgent", "mem_used_percent", 85),
        ("CWAgent", "disk_used_percent", 80),
        ("GearFreak", "5xx", 10),
    ]
    for namespace, metric, threshold in wanted:
        if metric == "5xx" and WRONG == "alarm-missing":
            continue
        if metric == "mem_used_percent" and WRONG == "alarm-differs":
            threshold = 99
        watch.put_metric_alarm(
            AlarmName="gear-freak-" + metric.replace("_", "-").lower(), Namespace=namespace, MetricName=metric,
            Threshold=threshold, ComparisonOperator="GreaterThanOrEqualToThreshold", EvaluationPeriods=3, Period=300,
            Statistic="Average", AlarmActions=[] if WRONG == "alarm-silent" else ["arn:aws:sns:ap-northeast-2:1:ops"],
        )
    credits = 4.0 if WRONG == "no-credits" else 140.0
    data = {"MetricName": "CPUCreditBalance", "Value": credits, "Timestamp": TODAY - datetime.timedelta(minutes=5)}
    data["Dimensions"] = [{"Name": "InstanceId", "Value": instance}]
    watch.put_metric_data(Namespace="AWS/EC2", MetricData=[data])


# The same ids every time: they stand in bot.toml. What moto makes of itself at the first question takes ids too, and not
# as many after a reset as in a new process: it is asked before the seed.
post("/moto-api/reset")
client("ec2").describe_security_groups()
client("ec2").describe_images()
post("/moto-api/seed?a=42")
instance, security_group = group()
copies()
bill()
alarms(instance)
print(f'instance = "{instance}"\nsecurity_group = "{security_group}"\nadmin_cidr = "{ADMIN}"')
