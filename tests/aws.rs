//! Amazon at its worst: keys that are missing or wrong, rights that are missing, silence, nonsense, many pages. What goes
//! well is tried against moto, in the box.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use signoff::aws::{Aws, AwsError};
use signoff::clock::Clock;
use signoff::config::{AwsConfig, SecretRef};
use signoff::domain::message::{Explain, Language};
use signoff::text::say;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers every request by `answer`, which gets the request's head; nothing where it gives nothing.
async fn serve(answer: impl Fn(&str) -> Option<(u16, String)> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let answer = Arc::new(answer);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let answer = Arc::clone(&answer);
            tokio::spawn(async move {
                let mut request = vec![0; 65_536];
                let read = stream.read(&mut request).await.unwrap_or(0);
                let head = String::from_utf8_lossy(&request[..read]).into_owned();
                match answer(&head) {
                    Some((status, body)) => {
                        let length = body.len();
                        let head =
                            format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
                        let _ = stream.write_all(head.as_bytes()).await;
                        let _ = stream.write_all(body.as_bytes()).await;
                    }
                    None => tokio::time::sleep(Duration::from_secs(60)).await,
                }
            });
        }
    });
    format!("http://{address}")
}

fn aws(endpoint: &str, folder: &tempfile::TempDir) -> Aws {
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        SecretRef::File(path)
    };
    let config = AwsConfig {
        reach: signoff::dial::Reach::Anywhere,
        region: "ap-northeast-2".to_owned(),
        endpoint: Some(endpoint.to_owned()),
        key_id: file("id", "AKIAEXAMPLE"),
        secret_key: file("key", "very-secret-key"),
        session_token: None,
    };
    Aws::new(config, Clock::system()).unwrap()
}

fn told(error: &AwsError) -> String {
    let hint = error.hint().map(|hint| say(&hint, Language::En)).unwrap_or_default();
    format!("{} {hint}", say(&error.message(), Language::En))
}

#[tokio::test]
async fn a_right_that_is_missing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let s3 = serve(|_| Some((403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>".to_owned()))).await;
    let error = aws(&s3, &folder).objects("b", "backups/").await.unwrap_err();
    assert!(told(&error).contains("s3:ListBucket"), "{}", told(&error));
    let ec2 =
        "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>";
    let ec2 = serve(|_| Some((403, ec2.to_owned()))).await;
    let error = aws(&ec2, &folder).security_group("sg-1").await.unwrap_err();
    assert!(told(&error).contains("ec2:DescribeSecurityGroups"), "{}", told(&error));
    let cost = serve(|_| Some((400, r#"{"__type":"AccessDeniedException","Message":"no"}"#.to_owned()))).await;
    let error = aws(&cost, &folder).costs("2026-10-01", "2026-11-25").await.unwrap_err();
    assert!(told(&error).contains("ce:GetCostAndUsage"), "{}", told(&error));
    let watch = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
    let watch = serve(|_| Some((403, watch.to_owned()))).await;
    let error = aws(&watch, &folder).alarms().await.unwrap_err();
    assert!(told(&error).contains("cloudwatch:DescribeAlarms"), "{}", told(&error));
}

#[tokio::test]
async fn wrong_and_missing_keys_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>no</Message></Error></ErrorResponse>";
    let wrong = serve(|_| Some((403, wrong.to_owned()))).await;
    let error = aws(&wrong, &folder).alarms().await.unwrap_err();
    assert!(matches!(error, AwsError::WrongKeys(_)), "{error}");
    let asks = aws("http://127.0.0.1:9", &folder);
    std::fs::remove_file(folder.path().join("key")).unwrap();
    for error in [asks.alarms().await.unwrap_err(), asks.objects("b", "p").await.unwrap_err()] {
        assert!(matches!(error, AwsError::NoKeys(_)), "{error}");
        assert!(told(&error).contains("AWS_ACCESS_KEY_ID"), "{}", told(&error));
    }
}

#[tokio::test]
async fn nonsense_is_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    for body in ["", "<html>502 Bad Gateway</html>", "{}", "<DescribeAlarmsResponse/>"] {
        let server = serve(move |_| Some((200, body.to_owned()))).await;
        let asks = aws(&server, &folder);
        assert!(asks.security_group("sg-1").await.is_err(), "{body}");
        assert!(asks.alarms().await.is_err(), "{body}");
        assert!(asks.costs("2026-10-01", "2026-11-25").await.is_err(), "{body}");
    }
}

#[tokio::test]
async fn silence_is_given_up_and_a_closed_port_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let silent = aws(&serve(|_| None).await, &folder);
    let started = Instant::now();
    assert!(matches!(silent.alarms().await.unwrap_err(), AwsError::Unreachable { .. }));
    // Eight seconds, and what a busy machine needs.
    assert!((7..30).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
    let closed = aws("http://127.0.0.1:9", &folder).security_group("sg-1").await.unwrap_err();
    assert!(matches!(closed, AwsError::Unreachable { .. }), "{closed}");
}

#[tokio::test]
async fn every_page_is_read_and_the_secret_key_is_never_sent() {
    let folder = tempfile::tempdir().unwrap();
    let page = |from: usize, next: Option<&str>| {
        let contents: String = (from..from + 1000)
            .map(|number| {
                format!("<Contents><Key>backups/{number}</Key><Size>{number}</Size><LastModified>2026-11-22T18:00:09.000Z</LastModified></Contents>")
            })
            .collect();
        let more = next.map(|next| {
            format!("<IsTruncated>true</IsTruncated><NextContinuationToken>{next}</NextContinuationToken>")
        });
        format!("<ListBucketResult><Name>b</Name>{}{contents}</ListBucketResult>", more.unwrap_or_default())
    };
    let server = serve(move |head| {
        assert!(!head.contains("very-secret-key") && head.to_lowercase().contains("authorization: aws4-hmac-sha256"));
        let turn = head.split("continuation-token=page").nth(1).and_then(|rest| rest.chars().next()?.to_digit(10));
        let turn = usize::try_from(turn.unwrap_or(0)).unwrap();
        let next = format!("page{}", turn + 1);
        Some((200, page(turn * 1000, (turn < 9).then_some(next.as_str()))))
    })
    .await;
    let objects = aws(&server, &folder).objects("b", "backups/").await.unwrap();
    assert_eq!(objects.len(), 10_000);
    assert_eq!((objects[9_999].key.as_str(), objects[9_999].size), ("backups/9999", 9999.0));
    assert!(objects[0].modified.is_some());
}
