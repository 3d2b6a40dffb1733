use std::time::Duration;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use signoff_sandbox::{Permissions, PracticeDiscord, RateLimits};

use super::support::{Client, TEAM, text};

async fn quiet() -> (PracticeDiscord, Client) {
    let discord = PracticeDiscord::builder().rate_limits(RateLimits::none()).start().await.unwrap();
    let client = Client::new(&discord);
    (discord, client)
}

#[tokio::test]
async fn who_and_what_there_is() {
    let (discord, client) = quiet().await;
    assert_eq!(client.get("/users/@me").await.json["username"], "signoff");
    for path in ["/applications/@me", "/oauth2/applications/@me"] {
        assert_eq!(client.get(path).await.json["id"], client.app.as_str());
    }
    assert_eq!(client.get("/gateway").await.json["url"], discord.gateway_url());
    assert_eq!(client.get("/gateway/bot").await.json["shards"], 1);
    let guild = client.get(&format!("/guilds/{}", client.guild)).await;
    assert_eq!(guild.json["name"], "Gear Freak");
    let names =
        |list: Value| list.as_array().unwrap().iter().map(|it| text(&it["name"]).to_owned()).collect::<Vec<_>>();
    let path = |rest: &str| format!("/guilds/{}{rest}", client.guild);
    assert_eq!(names(client.get(&path("/channels")).await.json), ["운영", "signoff-log"]);
    assert!(names(client.get(&path("/roles")).await.json).contains(&"operations".to_owned()));
    assert_eq!(client.get(&path("/members?limit=1000")).await.json.as_array().unwrap().len(), 6);
    assert_eq!(client.get(&path("/members/1000000000000000202")).await.json["roles"], json!(["1000000000000000012"]));
    assert_eq!(client.get(&path("/members/5")).await.code(), (404, 10013));
    discord.remove_member("현우").unwrap();
    assert_eq!(client.get(&path("/members/1000000000000000202")).await.code(), (404, 10007));
    assert_eq!(client.get("/guilds/5").await.code(), (404, 10004));
}

#[tokio::test]
async fn a_bad_token_and_an_unknown_route() {
    let (discord, client) = quiet().await;
    let stranger = client.clone().with_token("wrong");
    assert_eq!(stranger.get("/users/@me").await.status, 401);
    let lost = client.get("/guilds/1000000000000000001/bans").await;
    assert_eq!((lost.status, &lost.json["message"]), (404, &json!("404: Not Found")));
    assert_eq!(discord.unknown_routes(), ["GET /guilds/1000000000000000001/bans"]);
    assert!(discord.check_clean().await.is_err());
}

#[tokio::test]
async fn messages_are_posted_read_in_pages_edited_and_deleted() {
    let (discord, client) = quiet().await;
    let mut ids = vec![];
    for n in 0..5 {
        ids.push(client.post(TEAM, &json!({"content": format!("m{n}")})).await.id());
    }
    let contents = |answer: super::support::Answer| {
        answer.json.as_array().unwrap().iter().map(|m| text(&m["content"]).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(contents(client.get(&format!("{TEAM}?limit=2")).await), ["m4", "m3"]);
    assert_eq!(contents(client.get(&format!("{TEAM}?limit=2&before={}", ids[2])).await), ["m1", "m0"]);
    assert_eq!(contents(client.get(&format!("{TEAM}?&limit=2&after={}", ids[1])).await), ["m3", "m2"]);
    let one = format!("{TEAM}/{}", ids[0]);
    let edited = client.patch(&one, &json!({"content": "m0, mended"})).await;
    assert!(edited.json["edited_timestamp"].is_string());
    assert_eq!(client.delete(&one).await.status, 204);
    assert_eq!(client.get(&one).await.code(), (404, 10008));
    assert_eq!(client.patch(&one, &json!({"content": "x"})).await.code(), (404, 10008));
    assert_eq!(client.post(TEAM, &json!({"content": "  "})).await.code(), (400, 50006));
    assert_eq!(client.post("/channels/5/messages", &json!({"content": "x"})).await.code(), (404, 10003));
    let theirs = discord.as_user("지민").in_channel("운영").say("mine").await.unwrap();
    assert_eq!(client.patch(&format!("{TEAM}/{}", theirs.id()), &json!({"content": "x"})).await.code(), (403, 50005));
}

#[tokio::test]
async fn missing_rights_are_told_apart() {
    let (discord, client) = quiet().await;
    discord.deny("signoff", "운영", Permissions::SEND_MESSAGES).unwrap();
    assert_eq!(client.post(TEAM, &json!({"content": "x"})).await.code(), (403, 50013));
    discord.deny("signoff", "운영", Permissions::VIEW_CHANNEL).unwrap();
    assert_eq!(client.post(TEAM, &json!({"content": "x"})).await.code(), (403, 50001));
    discord.allow_again("signoff", "운영").unwrap();
    assert_eq!(client.post(TEAM, &json!({"content": "x"})).await.status, 200);
    discord.delete_channel("운영").unwrap();
    assert_eq!(client.post(TEAM, &json!({"content": "x"})).await.code(), (404, 10003));
}

#[tokio::test]
async fn an_enforced_nonce_posts_once() {
    let (discord, client) = quiet().await;
    let body = json!({"content": "09:00", "nonce": "daily-2026-11-02", "enforce_nonce": true});
    let first = client.post(TEAM, &body).await;
    assert_eq!(first.json["nonce"], "daily-2026-11-02");
    let read = client.get(&format!("{TEAM}?limit=1")).await;
    assert!(read.json[0]["nonce"].is_null(), "whoever reads the channel later is not told of it");
    let again =
        client.post(TEAM, &json!({"content": "other", "nonce": "daily-2026-11-02", "enforce_nonce": true})).await;
    assert_eq!((again.id(), text(&again.json["content"])), (first.id(), "09:00"));
    discord.clock().advance(Duration::from_secs(600));
    assert_ne!(client.post(TEAM, &body).await.id(), first.id(), "it is remembered for minutes only");
    assert_eq!(discord.channel("운영").messages().len(), 2);
    let long = json!({"content": "x", "nonce": "n".repeat(26)});
    assert_eq!(client.post(TEAM, &long).await.code(), (400, 50035));
}

#[tokio::test]
async fn files_come_before_or_after_the_payload_and_can_be_downloaded() {
    let (discord, client) = quiet().await;
    let file = |bytes: &str| Part::text(bytes.to_owned()).file_name("열.log").mime_str("text/plain").unwrap();
    let payload = json!({"content": "see", "attachments": [{"id": 0, "filename": "ten.log", "description": "a log"}],
        "embeds": [{"image": {"url": "attachment://ten.log"}}]});
    let form = Form::new().part("files[0]", file("ten lines")).text("payload_json", payload.to_string());
    let sent = client.try_send(client.request(Method::POST, TEAM).multipart(form)).await.unwrap();
    assert_eq!(sent.status, 200, "{}", sent.json);
    let attachment = &sent.json["attachments"][0];
    assert_eq!((text(&attachment["filename"]), &attachment["size"]), ("ten.log", &json!(9)));
    assert_eq!(sent.json["embeds"][0]["image"]["url"], attachment["url"]);
    assert_eq!(client.download(text(&attachment["url"])).await, b"ten lines");

    let path = format!("{TEAM}/{}", sent.id());
    let form = Form::new()
        .text("payload_json", json!({"attachments": [{"id": "0"}]}).to_string())
        .part("files[0]", file("new"));
    let edited = client.try_send(client.request(Method::PATCH, &path).multipart(form)).await.unwrap();
    assert_eq!(edited.json["attachments"].as_array().unwrap().len(), 1, "a file that is not listed goes");
    let message = discord.channel("운영").last_message().unwrap();
    assert_eq!(message.files()[0].text(), "new");

    let big = Form::new()
        .part("files[0]", Part::bytes(vec![0; 11 * 1024 * 1024]).file_name("big"))
        .text("payload_json", "{}");
    let refused = client.try_send(client.request(Method::POST, TEAM).multipart(big)).await.unwrap();
    assert_eq!(refused.code(), (413, 40005));
    discord.assert_clean().await;
}

#[tokio::test]
async fn threads_hang_on_messages_or_stand_alone_and_can_be_closed() {
    let (discord, client) = quiet().await;
    let message = client.post(TEAM, &json!({"content": "E1"})).await.id();
    let opened = client
        .post(&format!("{TEAM}/{message}/threads"), &json!({"name": "장애 1", "auto_archive_duration": 1440}))
        .await;
    assert_eq!((opened.status, opened.id()), (201, message.clone()));
    assert_eq!(
        client.post(&format!("{TEAM}/{message}/threads"), &json!({"name": "again"})).await.code(),
        (400, 160_004)
    );
    let alone = client.post("/channels/1000000000000000101/threads", &json!({"name": "runbook", "type": 11})).await;
    assert_eq!(alone.json["thread_metadata"]["archived"], false);
    assert_eq!(client.post(&format!("/channels/{message}/messages"), &json!({"content": "step 1"})).await.status, 200);
    let joined =
        client.send("PUT", &format!("/channels/{message}/thread-members/1000000000000000201"), &json!({})).await;
    assert_eq!(joined.status, 204);

    let thread = discord.as_user("지민").in_channel("장애 1");
    assert_eq!(thread.messages().unwrap().last().unwrap().text(), "step 1");
    thread.say("done").await.unwrap();
    let closed = client.patch(&format!("/channels/{message}"), &json!({"archived": true, "locked": true})).await;
    assert_eq!(closed.json["thread_metadata"]["locked"], true);
    let late = client.post(&format!("/channels/{message}/messages"), &json!({"content": "x"})).await;
    assert_eq!(late.code(), (400, 50083));
    discord.assert_clean().await;
}

#[tokio::test]
async fn the_limits_say_where_they_were_broken() {
    let (discord, client) = quiet().await;
    let long = client.post(TEAM, &json!({"embeds": [{"title": "x".repeat(257)}]})).await;
    assert_eq!(long.code(), (400, 50035));
    let error = &long.json["errors"]["embeds"]["0"]["title"]["_errors"][0];
    assert_eq!(
        (text(&error["code"]), text(&error["message"])),
        ("BASE_TYPE_BAD_LENGTH", "Must be 256 or fewer in length.")
    );
    let violations = discord.violations().await;
    assert!(violations.iter().any(|found| found.route == "POST /channels/{channel_id}/messages"));
}

#[tokio::test]
async fn the_sixth_message_in_five_seconds_is_put_off() {
    let discord = PracticeDiscord::start().await.unwrap();
    let client = Client::new(&discord);
    for left in ["4", "3", "2", "1", "0"] {
        let sent = client.post(TEAM, &json!({"content": "x"})).await;
        assert_eq!((sent.status, sent.header("x-ratelimit-remaining")), (200, left));
        assert_eq!(sent.header("x-ratelimit-limit"), "5");
    }
    let put_off = client.post(TEAM, &json!({"content": "x"})).await;
    assert_eq!((put_off.status, &put_off.json["global"]), (429, &json!(false)));
    let wait = put_off.json["retry_after"].as_f64().unwrap();
    assert!(wait > 0.0 && wait <= 5.0);
    assert!(put_off.header("retry-after").parse::<f64>().unwrap() >= wait);
    assert_eq!(client.post("/channels/1000000000000000102/messages", &json!({"content": "x"})).await.status, 200);
    discord.clock().advance(Duration::from_secs(5));
    assert_eq!(client.post(TEAM, &json!({"content": "x"})).await.status, 200);
}

#[tokio::test]
async fn reactions_and_typing() {
    let (discord, client) = quiet().await;
    let id = client.post(TEAM, &json!({"content": "x"})).await.id();
    let path = format!("{TEAM}/{id}/reactions/%E2%9C%85/@me");
    assert_eq!(client.try_send(client.request(Method::PUT, &path)).await.unwrap().status, 204);
    assert_eq!(client.get(&format!("{TEAM}/{id}")).await.json["reactions"][0]["emoji"]["name"], "✅");
    assert_eq!(client.delete(&path).await.status, 204);
    let typing = client.request(Method::POST, "/channels/1000000000000000101/typing");
    assert_eq!(client.try_send(typing).await.unwrap().status, 204);
    discord.assert_clean().await;
}
