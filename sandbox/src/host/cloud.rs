//! Amazon's counterpart: the bucket of the backups, the security group, what it costs, what rings. Requests that are not signed
//! with this world's key are refused, as Amazon refuses them.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Utc};
use serde_json::json;

use super::core::Host;
use super::files::backups;
use super::model::cloud::{Alarm, BUCKET, GROUP};

/// The keys of one world.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) id: String,
    pub(crate) secret: String,
}

#[derive(Clone)]
struct Account {
    host: Arc<Host>,
    key_id: String,
}

/// All of its interfaces, behind one address.
pub(crate) fn router(host: Arc<Host>, keys: &Keys) -> Router {
    let account = Account { host, key_id: keys.id.clone() };
    Router::new().fallback(answer).with_state(account).layer(axum::extract::DefaultBodyLimit::max(64 << 20))
}

async fn answer(State(account): State<Account>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let text =
        |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok()).unwrap_or_default();
    let signed = text(header::AUTHORIZATION).contains(&format!("Credential={}/", account.key_id));
    if !signed {
        return refuse(
            StatusCode::FORBIDDEN,
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
        );
    }
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let host = &account.host;
    if target == "AWSInsightsIndexService.GetCostAndUsage" {
        return costs(host, &body);
    }
    if method == Method::POST && uri.path() == "/" {
        let form = Form::read(&body);
        return match form.get("Action") {
            "DescribeSecurityGroups" => group(host, form.get("GroupId.1")),
            "DescribeAlarms" => alarms(host),
            "PutMetricAlarm" => put_alarm(host, &form),
            "GetMetricStatistics" => statistics(host),
            "GetMetricData" => metric_data(host),
            other => {
                tracing::warn!(action = other, "the practice account does not implement this");
                refuse(StatusCode::BAD_REQUEST, "InvalidAction", "The action is not valid for this practice account.")
            }
        };
    }
    bucket(host, &method, &uri, &body)
}

/// Pairs of a form, or of a query.
struct Form(Vec<(String, String)>);

impl Form {
    fn read(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "what is made for it ends here")]
fn xml(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/xml")], format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}"))
        .into_response()
}

fn refuse(status: StatusCode, code: &str, message: &str) -> Response {
    let text = format!(
        "<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error><Code>{code}</Code><Message>{message}</Message></ErrorResponse>"
    );
    let text = if status == StatusCode::NOT_FOUND {
        format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>")
    } else {
        text
    };
    (status, [(header::CONTENT_TYPE, "application/xml")], text).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn bucket(host: &Host, method: &Method, uri: &Uri, body: &[u8]) -> Response {
    let path = percent_decoded(uri.path().trim_start_matches('/'));
    let (name, key) = path.split_once('/').unwrap_or((&path, ""));
    if name != BUCKET {
        return refuse(StatusCode::NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist");
    }
    let query = Form::read(uri.query().unwrap_or_default().as_bytes());
    let missing = || refuse(StatusCode::NOT_FOUND, "NoSuchKey", "The specified key does not exist.");
    match (method.as_str(), key) {
        ("GET", "") => list(host, &query),
        ("GET" | "HEAD", key) => {
            let Some(object) = host.look(|model| model.account.objects.get(key).cloned()) else { return missing() };
            let Some(content) = backups::content(host, key) else { return missing() };
            let headers = [
                (header::LAST_MODIFIED, object.modified.format("%a, %d %b %Y %H:%M:%S GMT").to_string()),
                (header::ETAG, etag(key, object.size)),
                (header::CONTENT_TYPE, "binary/octet-stream".to_owned()),
            ];
            (headers, Body::from(content)).into_response()
        }
        ("PUT", key) => match backups::put(host, key, body) {
            Ok(()) => ([(header::ETAG, etag(key, body.len() as u64))], "").into_response(),
            Err(error) => refuse(StatusCode::BAD_REQUEST, "InvalidRequest", &error.to_string()),
        },
        ("DELETE", key) => {
            host.change(|model| model.account.objects.remove(key));
            StatusCode::NO_CONTENT.into_response()
        }
        _ => refuse(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "The specified method is not allowed against this resource.",
        ),
    }
}

fn etag(key: &str, size: u64) -> String {
    format!("\"{}\"", super::noise::digits(size, key, 32))
}

/// A form's decoding, but for the signs that mean themselves in a path.
fn percent_decoded(path: &str) -> String {
    let kept = path.replace('+', "%2B").replace('=', "%3D").replace('&', "%26");
    form_urlencoded::parse(kept.as_bytes()).next().map(|(key, _)| key.into_owned()).unwrap_or_default()
}

/// A page of the listing, in the order of the keys.
fn list(host: &Host, query: &Form) -> Response {
    let most = query.get("max-keys").parse::<usize>().unwrap_or(1000).clamp(1, 1000);
    let (prefix, after) = (query.get("prefix"), query.get("continuation-token"));
    let objects = host.look(|model| model.account.objects.clone());
    let mut fitting = objects.iter().filter(|(key, _)| key.starts_with(prefix) && key.as_str() > after);
    let page: Vec<_> = fitting.by_ref().take(most).collect();
    let more = fitting.next().is_some();
    let contents: String = page
        .iter()
        .map(|(key, object)| {
            format!(
                "<Contents><Key>{}</Key><LastModified>{}</LastModified><ETag>{}</ETag><Size>{}</Size><StorageClass>STANDARD</StorageClass></Contents>",
                escaped(key),
                stamp(object.modified),
                escaped(&etag(key, object.size)),
                object.size
            )
        })
        .collect();
    let next = match page.last() {
        Some((key, _)) if more => format!("<NextContinuationToken>{}</NextContinuationToken>", escaped(key)),
        _ => String::new(),
    };
    xml(format!(
        "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>{BUCKET}</Name><Prefix>{}</Prefix><KeyCount>{}</KeyCount><MaxKeys>{most}</MaxKeys><IsTruncated>{more}</IsTruncated>{next}{contents}</ListBucketResult>",
        escaped(prefix),
        page.len()
    ))
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn group(host: &Host, asked: &str) -> Response {
    if asked != GROUP {
        return refuse(StatusCode::BAD_REQUEST, "InvalidGroup.NotFound", "The security group does not exist");
    }
    let rules = host.look(|model| model.account.rules.clone());
    let rule = |rule: &super::model::cloud::Rule| {
        format!(
            "<item><ipProtocol>tcp</ipProtocol><fromPort>{0}</fromPort><toPort>{0}</toPort><groups/><ipRanges><item><cidrIp>{1}</cidrIp><description>{2}</description></item></ipRanges><ipv6Ranges/><prefixListIds/></item>",
            rule.port,
            escaped(&rule.source),
            escaped(&rule.description)
        )
    };
    let rules: String = rules.iter().map(rule).collect();
    xml(format!(
        "<DescribeSecurityGroupsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>practice</requestId><securityGroupInfo><item><ownerId>000000000000</ownerId><groupId>{GROUP}</groupId><groupName>gear-freak</groupName><ipPermissions>{rules}</ipPermissions><ipPermissionsEgress><item><ipProtocol>-1</ipProtocol><groups/><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges></item></ipPermissionsEgress></item></securityGroupInfo></DescribeSecurityGroupsResponse>"
    ))
}

fn alarms(host: &Host) -> Response {
    let alarm = |alarm: &Alarm| {
        let actions: String =
            alarm.actions.iter().map(|action| format!("<member>{}</member>", escaped(action))).collect();
        format!(
            "<member><AlarmName>{}</AlarmName><Namespace>{}</Namespace><MetricName>{}</MetricName><Threshold>{}</Threshold><ActionsEnabled>true</ActionsEnabled><AlarmActions>{actions}</AlarmActions><StateValue>OK</StateValue><ComparisonOperator>GreaterThanOrEqualToThreshold</ComparisonOperator><EvaluationPeriods>2</EvaluationPeriods><Period>300</Period><Statistic>Average</Statistic></member>",
            escaped(&alarm.name),
            escaped(&alarm.namespace),
            escaped(&alarm.metric),
            alarm.threshold
        )
    };
    let alarms: String = host.look(|model| model.account.alarms.iter().map(alarm).collect());
    xml(format!(
        "<DescribeAlarmsResponse><DescribeAlarmsResult><MetricAlarms>{alarms}</MetricAlarms><CompositeAlarms/></DescribeAlarmsResult></DescribeAlarmsResponse>"
    ))
}

fn put_alarm(host: &Host, form: &Form) -> Response {
    let Ok(threshold) = form.get("Threshold").parse::<f64>() else {
        return refuse(StatusCode::BAD_REQUEST, "ValidationError", "Threshold must be a number");
    };
    // As Amazon has it: ten, thirty, or whole minutes.
    let period = form.get("Period").parse::<u32>().unwrap_or_default();
    if !matches!(period, 10 | 30) && (period == 0 || period % 60 != 0) {
        return refuse(StatusCode::BAD_REQUEST, "ValidationError", "Period must be 10, 30 or a multiple of 60");
    }
    let actions =
        form.0.iter().filter(|(key, _)| key.starts_with("AlarmActions.member.")).map(|(_, value)| value.clone());
    let alarm = Alarm {
        name: form.get("AlarmName").to_owned(),
        namespace: form.get("Namespace").to_owned(),
        metric: form.get("MetricName").to_owned(),
        threshold,
        actions: actions.collect(),
    };
    host.change(|model| {
        model.account.alarms.retain(|other| other.name != alarm.name);
        model.account.alarms.push(alarm);
        model.faults.remove("alarm-lost");
    });
    xml("<PutMetricAlarmResponse><ResponseMetadata><RequestId>practice</RequestId></ResponseMetadata></PutMetricAlarmResponse>".to_owned())
}

fn statistics(host: &Host) -> Response {
    let (credits, now) = (host.look(|model| model.account.credits), host.clock.now());
    xml(format!(
        "<GetMetricStatisticsResponse><GetMetricStatisticsResult><Datapoints><member><Timestamp>{}</Timestamp><Average>{credits}</Average><Unit>Count</Unit></member></Datapoints><Label>CPUCreditBalance</Label></GetMetricStatisticsResult></GetMetricStatisticsResponse>",
        stamp(now)
    ))
}

fn metric_data(host: &Host) -> Response {
    let (credits, now) = (host.look(|model| model.account.credits), host.clock.now());
    xml(format!(
        "<GetMetricDataResponse><GetMetricDataResult><MetricDataResults><member><Id>credits</Id><Label>CPUCreditBalance</Label><Timestamps><member>{}</member></Timestamps><Values><member>{credits}</member></Values><StatusCode>Complete</StatusCode></member></MetricDataResults></GetMetricDataResult></GetMetricDataResponse>",
        stamp(now)
    ))
}

/// The months from `Start` until `End`, which is no part of it: each whole, the running one too, as it will be.
fn costs(host: &Host, body: &[u8]) -> Response {
    let asked: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let day = |name: &str| {
        asked
            .pointer(&format!("/TimePeriod/{name}"))
            .and_then(serde_json::Value::as_str)
            .and_then(|text| text.parse::<NaiveDate>().ok())
    };
    let (Some(start), Some(end)) = (day("Start"), day("End")) else {
        let body = json!({"__type": "ValidationException", "message": "Start and End are days"});
        return (StatusCode::BAD_REQUEST, body.to_string()).into_response();
    };
    let (usual, more) = host.look(|model| (model.account.month.clone(), model.account.more.clone()));
    let judged = (host.clock.now() - chrono::TimeDelta::days(5)).date_naive();
    let mut months = Vec::new();
    let mut begins = start;
    while begins < end {
        let next = begins.with_day(1).and_then(|first| first.checked_add_months(chrono::Months::new(1))).unwrap_or(end);
        // What came on top came this month; for the first days of a month that is the one before.
        let costly = (begins.year(), begins.month()) == (judged.year(), judged.month());
        let groups: Vec<_> = usual
            .iter()
            .map(|(service, cost)| {
                let cost = cost + if costly { more.get(service).copied().unwrap_or_default() } else { 0.0 };
                json!({"Keys": [service], "Metrics": {"UnblendedCost": {"Amount": format!("{cost:.4}"), "Unit": "USD"}}})
            })
            .collect();
        months.push(json!({
            "TimePeriod": {"Start": begins.to_string(), "End": next.min(end).to_string()},
            "Total": {}, "Groups": groups, "Estimated": next > end
        }));
        begins = next;
    }
    ([(header::CONTENT_TYPE, "application/x-amz-json-1.1")], json!({"ResultsByTime": months}).to_string())
        .into_response()
}
