//! The API by itself: who may come in, what each sees, what is refused and how.

use reqwest::Method;
use serde_json::{Value, json};
use signoff_sandbox::{Page, PracticeDiscord};

use super::support::{Client, Gateway, TEAM, bot, text};

struct Script {
    http: reqwest::Client,
    base: String,
    key: String,
}

impl Script {
    fn new(page: &Page) -> Self {
        let base = format!("http://{}/sandbox", page.addr());
        Self { http: reqwest::Client::new(), base, key: page.key().to_owned() }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}/api{path}", self.base)).bearer_auth(&self.key)
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = self.request(method.parse().unwrap(), path);
        let request = if body.is_null() { request } else { request.body(body.to_string()) };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null))
    }

    async fn get(&self, path: &str) -> Value {
        let (status, json) = self.send("GET", path, &Value::Null).await;
        assert_eq!(status, 200, "{path}: {json}");
        json
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let (status, json) = self.send("POST", path, body).await;
        assert_eq!(status, 200, "{path}: {json}");
        json
    }
}

async fn world() -> (PracticeDiscord, Page, Script, Client, Gateway) {
    let discord = PracticeDiscord::start().await.unwrap();
    let page = discord.open_page(0, None).await.unwrap();
    let script = Script::new(&page);
    let (client, gateway) = bot(&discord).await;
    (discord, page, script, client, gateway)
}

#[tokio::test]
async fn only_the_own_page_with_the_key_comes_in() {
    let (_discord, page, script, ..) = world().await;
    let front = |path: &str| script.http.get(format!("{}{path}", script.base));
    let status = |request: reqwest::RequestBuilder| async { request.send().await.unwrap().status().as_u16() };
    assert_eq!(status(front("/")).await, 401);
    assert_eq!(status(front("/?key=0000")).await, 401);
    assert_eq!(status(front("/api/world")).await, 401);
    assert_eq!(status(front("/api/world").bearer_auth("wrong")).await, 401);
    let first = front(&format!("/?key={}", page.key())).send().await.unwrap();
    assert_eq!(first.status(), 200);
    let cookie = first.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let policy = first.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("require-trusted-types-for 'script'"), "{policy}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    assert_eq!(status(front("/api/world").header("cookie", &cookie)).await, 200);
    for (name, value) in [
        ("host", "evil.example"),
        ("host", "evil.example:80"),
        ("origin", "http://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let request = front("/api/clock").header("cookie", &cookie).header(name, value);
        assert_eq!(status(request).await, 403, "{name}: {value}");
    }
    assert_eq!(status(front("/style.css").header("host", "evil.example")).await, 403, "not even its style");
    let other = PracticeDiscord::start().await.unwrap().open_page(page.addr().port(), None).await;
    assert!(other.is_err(), "the port is taken");
}

#[tokio::test]
async fn a_script_does_all_that_a_person_does() {
    let (discord, _page, script, client, mut gateway) = world().await;
    let world = script.get("/world?as=지민").await;
    assert_eq!(world["me"], "1000000000000000201");
    assert_eq!(world["channels"][0]["name"], "운영");
    assert_eq!((&world["bot"]["online"], &world["panel"]), (&json!(true), &Value::Null));
    assert_eq!(script.get("/commands?as=지민&channel=운영").await[0]["name"], "daily");

    let sent =
        script.post("/channels/운영/commands?as=지민", &json!({"command": "daily", "options": {"who": "현우"}})).await;
    let event = gateway.event("INTERACTION_CREATE").await;
    assert_eq!(event["data"]["options"][0]["value"], "1000000000000000202");
    let row = json!({"type": 1, "components": [{"type": 2, "style": 1, "label": "자세히", "custom_id": "d:1"}]});
    client.answer(&event, &json!({"type": 4, "data": {"content": "끝", "flags": 64, "components": [row]}})).await;
    let view = script.get(&format!("/interactions/{}?as=지민&wait=2000", text(&sent["interaction"]))).await;
    assert_eq!(view["answer"]["kind"], "message");
    let id = text(&view["answer"]["message"]).to_owned();
    assert_eq!(script.get(&format!("/messages/{id}?as=지민")).await["only_you"], true);
    assert_eq!(
        script.send("GET", &format!("/messages/{id}?as=현우"), &Value::Null).await.0,
        404,
        "an ephemeral answer"
    );
    assert_eq!(script.get("/channels/운영/messages?as=현우").await["messages"], json!([]));

    let pressed = script.post(&format!("/messages/{id}/press?as=지민"), &json!({"custom_id": "d:1"})).await;
    let event = gateway.event("INTERACTION_CREATE").await;
    let input = json!({"type": 4, "custom_id": "memo", "label": "메모", "style": 2, "max_length": 10});
    let modal = json!({"custom_id": "m", "title": "메모", "components": [{"type": 1, "components": [input]}]});
    client.answer(&event, &json!({"type": 9, "data": modal})).await;
    let opened = text(&pressed["interaction"]).to_owned();
    let submit = format!("/interactions/{opened}/submit");
    let (status, refusal) = script
        .send("POST", &format!("{submit}?as=지민"), &json!({"values": {"memo": "열 글자보다 긴 메모입니다"}}))
        .await;
    assert_eq!((status, text(&refusal["error"])), (400, "bad_submission"));
    assert_eq!(
        script.send("POST", &format!("{submit}?as=현우"), &json!({"values": {}})).await.0,
        404,
        "not their modal"
    );
    script.post(&format!("{submit}?as=지민"), &json!({"values": {"memo": "확인"}})).await;
    let event = gateway.event("INTERACTION_CREATE").await;
    assert_eq!(event["data"]["components"][0]["components"][0]["value"], "확인");
    client.answer(&event, &json!({"type": 4, "data": {"content": "적었습니다"}})).await;
    discord.assert_clean().await;
}

#[tokio::test]
async fn whoever_comes_back_with_a_cursor_has_missed_nothing() {
    let (discord, _page, script, client, _gateway) = world().await;
    let cursor = text(&script.get("/world?as=지민").await["cursor"]).to_owned();
    let first = client.post(TEAM, &json!({"content": "하나"})).await.id();
    let gone = client.post(TEAM, &json!({"content": "둘"})).await.id();
    client.patch(&format!("{TEAM}/{first}"), &json!({"content": "하나, 고침"})).await;
    client.delete(&format!("{TEAM}/{gone}")).await;
    discord.take_role("현우", "devops").unwrap();
    let told = script.get(&format!("/events?as=지민&after={cursor}")).await;
    let kinds: Vec<&str> = told["events"].as_array().unwrap().iter().map(|event| text(&event["type"])).collect();
    assert_eq!(kinds, ["message", "message_gone", "people"], "each thing once, as it is now");
    assert_eq!(told["events"][0]["message"]["content"], "하나, 고침");
    let cursor = text(&told["cursor"]).to_owned();
    assert_eq!(script.get(&format!("/events?as=지민&after={cursor}")).await["events"], json!([]));
    let (path, words) = (format!("/events?as=지민&after={cursor}&wait=5000"), json!({"content": "셋"}));
    let (told, _) = tokio::join!(script.get(&path), client.post(TEAM, &words));
    assert_eq!(told["events"][0]["message"]["content"], "셋");
    for strange in ["", "0.0", "other.5", "x"] {
        let told = script.get(&format!("/events?as=지민&after={strange}")).await;
        assert_eq!(told["events"], json!([{"type": "reset"}]), "{strange}");
    }
}

#[tokio::test]
async fn an_act_without_an_answer_is_told_as_failed() {
    let (discord, _page, script, _client, _gateway) = world().await;
    let cursor = text(&script.get("/world?as=지민").await["cursor"]).to_owned();
    let sent = script.post("/channels/운영/commands?as=지민", &json!({"command": "daily"})).await;
    script.post("/clock", &json!({"advance": 4})).await;
    let told = script.get(&format!("/events?as=지민&after={cursor}")).await;
    let failed = told["events"].as_array().unwrap().iter().find(|event| event["type"] == "interaction").unwrap();
    assert_eq!(
        (&failed["interaction"]["id"], &failed["interaction"]["state"]),
        (&sent["interaction"], &json!("failed"))
    );
    let others = script.get(&format!("/events?as=현우&after={cursor}")).await;
    assert!(!others.to_string().contains("interaction"), "nobody else's business");
    assert!(discord.check_clean().await.is_err());
}

#[tokio::test]
async fn bad_input_is_refused_in_words_and_changes_nothing() {
    let (discord, _page, script, ..) = world().await;
    let long = "가".repeat(100_000);
    for (method, path, body, status, word) in [
        ("POST", "/channels/운영/messages?as=지민", json!({"content": long}), 400, "too_long"),
        ("POST", "/channels/운영/messages?as=지민", json!({"content": "  \n "}), 400, "refused"),
        ("POST", "/channels/운영/messages?as=지민", json!({"words": "x"}), 400, "bad_body"),
        ("POST", "/channels/운영/messages", json!({"content": "x"}), 400, "nobody_named"),
        ("POST", "/channels/운영/messages?as=아무도", json!({"content": "x"}), 404, "unknown"),
        ("POST", "/channels/없음/messages?as=지민", json!({"content": "x"}), 404, "no_such_channel"),
        ("POST", "/channels/운영/commands?as=지민", json!({"command": "weekly"}), 404, "no_such_command"),
        (
            "POST",
            "/channels/운영/commands?as=지민",
            json!({"command": "daily", "options": {"who": "아무도"}}),
            400,
            "bad_option",
        ),
        ("POST", "/channels/운영/commands?as=지민", json!({"command": "daily", "options": 5}), 400, "bad_body"),
        ("POST", "/messages/5/press?as=지민", json!({"custom_id": "x"}), 404, "unknown"),
        ("POST", "/clock", json!({"advance": 1, "to": "2026-01-01T00:00:00Z"}), 400, "bad_body"),
        ("POST", "/clock", json!({"to": "3026-01-01T00:00:00Z"}), 400, "bad_body"),
        ("PUT", "/panel/faults/x", json!({"on": true}), 404, "no_panel"),
        ("POST", "/people", json!({"name": ""}), 400, "bad_body"),
        ("POST", "/people", json!({"name": "지민"}), 409, "refused"),
        ("DELETE", "/people/signoff", Value::Null, 409, "refused"),
        ("PUT", "/people/지민/roles/없음", Value::Null, 404, "unknown"),
        ("GET", "/nowhere", Value::Null, 404, "no_such_route"),
    ] {
        let (got, json) = script.send(method, path, &body).await;
        let body = body.to_string().chars().take(80).collect::<String>();
        assert_eq!((got, text(&json["error"])), (status, word), "{method} {path} {body}: {json}");
        assert!(!text(&json["message"]).is_empty());
    }
    assert!(discord.channel("운영").messages().is_empty());
}

#[tokio::test]
async fn people_and_roles_change_and_the_bot_is_told() {
    let (discord, _page, script, client, mut gateway) = world().await;
    script.post("/people", &json!({"name": "새 사람", "roles": ["devops"], "locale": "en-US"})).await;
    assert_eq!(gateway.event("GUILD_MEMBER_ADD").await["user"]["global_name"], "새 사람");
    script.send("PUT", "/people/새 사람/roles/operations", &Value::Null).await;
    assert_eq!(gateway.event("GUILD_MEMBER_UPDATE").await["roles"].as_array().unwrap().len(), 2);
    script.send("PATCH", "/people/새 사람", &json!({"roles": [], "nick": "막내"})).await;
    assert_eq!(gateway.event("GUILD_MEMBER_UPDATE").await["nick"], "막내");
    script.post("/roles", &json!({"name": "night"})).await;
    gateway.event("GUILD_ROLE_CREATE").await;
    script.send("DELETE", "/roles/night", &Value::Null).await;
    gateway.event("GUILD_ROLE_DELETE").await;
    let id = discord.user_id("막내").unwrap();
    script.send("DELETE", "/people/막내", &Value::Null).await;
    gateway.event("GUILD_MEMBER_REMOVE").await;
    let member = format!("/guilds/{}/members/{id}", client.guild);
    assert_eq!(client.get(&member).await.code(), (404, 10007));
    discord.assert_clean().await;
}
