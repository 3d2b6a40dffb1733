use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use signoff_sandbox::{Fault, PracticeDiscord};

use super::support::{Client, TEAM};

#[tokio::test]
async fn the_next_requests_meet_the_fault_and_then_all_is_well() {
    let discord = PracticeDiscord::start().await.unwrap();
    let client = Client::new(&discord);
    discord.faults().next(2, "POST /channels/*/messages", Fault::Status(500)).next(
        1,
        "GET /gateway",
        Fault::Status(502),
    );
    for wanted in [500, 500, 200] {
        assert_eq!(client.post(TEAM, &json!({"content": "x"})).await.status, wanted);
    }
    assert_eq!(client.get("/gateway").await.status, 502);
    assert_eq!(client.get("/gateway").await.status, 200);
    assert_eq!((discord.faults().left(), discord.channel("운영").messages().len()), (0, 1));
    assert_eq!(discord.count("POST /channels/*/messages"), 3);
    discord.wait_until("both looks", || discord.count("GET /gateway") == 2).await.unwrap();
}

#[tokio::test]
async fn rate_limits_can_be_claimed() {
    let discord = PracticeDiscord::start().await.unwrap();
    let client = Client::new(&discord);
    let wait = Duration::from_millis(1500);
    discord.faults().next(1, "/users/@me", Fault::RateLimited { retry_after: wait, global: true });
    let put_off = client.get("/users/@me").await;
    assert_eq!(
        (put_off.status, put_off.header("retry-after"), put_off.header("x-ratelimit-global")),
        (429, "2", "true")
    );
    assert_eq!(put_off.json["retry_after"], 1.5);
}

#[tokio::test]
async fn connections_hang_and_break_before_or_after_the_deed() {
    let discord = PracticeDiscord::start().await.unwrap();
    let client = Client::new(&discord);
    discord.faults().next(1, "GET /gateway", Fault::Hang(Duration::from_millis(300)));
    let began = Instant::now();
    assert_eq!(client.get("/gateway").await.status, 200);
    assert!(began.elapsed() >= Duration::from_millis(300));

    let post = || client.request(Method::POST, TEAM).json(&json!({"content": "x"}));
    let count = || discord.channel("운영").messages().len();
    discord.faults().next(1, "POST /channels/**", Fault::Close);
    assert!(client.try_send(post()).await.is_err());
    assert_eq!(count(), 0);
    discord.faults().next(1, "POST /channels/**", Fault::LoseAnswer);
    assert!(client.try_send(post()).await.is_err());
    assert_eq!(count(), 1, "it was done, and the client cannot know");
    discord.faults().next(1, "POST /channels/**", Fault::AnswerWith(504));
    assert_eq!(client.try_send(post()).await.unwrap().status, 504);
    assert_eq!(count(), 2);
}
