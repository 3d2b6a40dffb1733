//! Files that are kept and replaced, selects of people and roles, modals as large as they may be.

use base64::Engine as _;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use signoff_sandbox::PracticeDiscord;

use super::support::{Client, TEAM, bot, text};

async fn with_file(
    client: &Client,
    method: Method,
    path: &str,
    body: &Value,
    name: &'static str,
    bytes: &[u8],
) -> Value {
    let part = Part::bytes(bytes.to_vec()).file_name(name).mime_str("image/png").unwrap();
    let form = Form::new().part("files[0]", part).text("payload_json", body.to_string());
    let answer = client.try_send(client.request(method, path).multipart(form)).await.unwrap();
    assert!(answer.status < 300, "{}", answer.json);
    answer.json
}

fn picture(name: &str) -> Value {
    json!({"embeds": [{"title": "추이", "image": {"url": format!("attachment://{name}")}}], "attachments": [{"id": 0, "filename": name}]})
}

#[tokio::test]
async fn an_edit_replaces_the_picture_or_keeps_it() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (client, mut gateway) = bot(&discord).await;
    discord.as_user("지민").in_channel("운영").slash("daily", &[]).await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    client.answer(&event, &json!({"type": 5})).await;
    let original = client.hook(&event, "/messages/@original");
    let first = with_file(&client, Method::PATCH, &original, &picture("week.png"), "week.png", b"7").await;
    let week = text(&first["embeds"][0]["image"]["url"]).to_owned();
    assert_eq!(client.download(&week).await, b"7");

    // Nothing is said of the files: they stay.
    let same = client.patch(&original, &json!({"content": "7일"})).await.json;
    assert_eq!(same["attachments"][0]["filename"], "week.png");
    // A list without the old one replaces it.
    let second = with_file(&client, Method::PATCH, &original, &picture("month.png"), "month.png", b"30").await;
    assert_eq!(second["attachments"].as_array().unwrap().len(), 1);
    assert_eq!(client.download(text(&second["embeds"][0]["image"]["url"])).await, b"30");
    // A list that names the old one keeps it.
    let mut both = picture("year.png");
    both["attachments"] = json!([{"id": second["attachments"][0]["id"]}, {"id": 0, "filename": "year.png"}]);
    let third = with_file(&client, Method::PATCH, &original, &both, "year.png", b"365").await;
    let names: Vec<&str> =
        third["attachments"].as_array().unwrap().iter().map(|file| text(&file["filename"])).collect();
    assert_eq!(names, ["month.png", "year.png"]);
    // An empty list takes all of them away.
    let none = client.patch(&original, &json!({"content": "없음", "embeds": [], "attachments": []})).await.json;
    assert_eq!(none["attachments"], json!([]));
    discord.assert_clean().await;
}

#[tokio::test]
async fn a_press_brings_another_picture() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (client, mut gateway) = bot(&discord).await;
    let button = json!([{"type": 1, "components": [{"type": 2, "style": 2, "label": "30일", "custom_id": "span:30"}]}]);
    let mut body = picture("a.png");
    body["components"] = button;
    with_file(&client, Method::POST, TEAM, &body, "a.png", b"a").await;
    let message = discord.channel("운영").last_message().unwrap();
    discord.as_user("현우").in_channel("운영").click(&message, "30일").await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    let path = format!("/interactions/{}/{}/callback", text(&event["id"]), text(&event["token"]));
    with_file(&client, Method::POST, &path, &json!({"type": 7, "data": picture("b.png")}), "b.png", b"b").await;
    let changed = message.reload();
    let files = changed.files();
    assert_eq!((files.len(), files[0].name.as_str(), files[0].text().as_str()), (1, "b.png", "b"));
    assert_eq!(changed.embeds()[0].image.as_ref().unwrap().url, files[0].url);
    discord.assert_clean().await;
}

#[tokio::test]
async fn selects_of_people_and_roles_bring_what_they_name() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (client, mut gateway) = bot(&discord).await;
    let select = |kind: u8, id: &str, more: Value| {
        let mut select = json!({"type": kind, "custom_id": id, "placeholder": id});
        for (key, value) in more.as_object().unwrap() {
            select[key] = value.clone();
        }
        json!({"type": 1, "components": [select]})
    };
    let people =
        select(5, "who", json!({"max_values": 2, "default_values": [{"id": "1000000000000000201", "type": "user"}]}));
    let rows = [people, select(6, "role", json!({})), select(7, "both", json!({"min_values": 0}))];
    client.post(TEAM, &json!({"content": "?", "components": rows})).await;
    let message = discord.channel("운영").last_message().unwrap();
    let alex = discord.as_user("Alex").in_channel("운영");

    alex.select(&message, "who", &["지민", "현우"]).await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    assert_eq!(event["data"]["values"], json!(["1000000000000000201", "1000000000000000202"]));
    let resolved = &event["data"]["resolved"];
    assert_eq!(resolved["users"]["1000000000000000202"]["global_name"], "현우");
    assert_eq!(resolved["members"]["1000000000000000202"]["roles"], json!(["1000000000000000012"]));
    client.answer(&event, &json!({"type": 6})).await;

    alex.select(&message, "role", &["devops"]).await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    assert_eq!(event["data"]["resolved"]["roles"]["1000000000000000012"]["name"], "devops");
    client.answer(&event, &json!({"type": 6})).await;

    alex.select(&message, "both", &[]).await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    assert_eq!(event["data"]["values"], json!([]));
    client.answer(&event, &json!({"type": 6})).await;
    assert!(alex.select(&message, "who", &["지민", "현우", "Alex"]).await.is_err(), "two at most");
    discord.assert_clean().await;
}

#[tokio::test]
async fn the_largest_modal_is_submitted_whole() {
    let discord = PracticeDiscord::start().await.unwrap();
    let (client, mut gateway) = bot(&discord).await;
    let asked = discord.as_user("지민").in_channel("운영").slash("daily", &[]).await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    let input = |n: usize| json!({"type": 4, "custom_id": format!("i{n}"), "label": format!("항목 {n}"), "style": 2, "max_length": 4000});
    let rows: Value = (1..=5).map(|n| json!({"type": 1, "components": [input(n)]})).collect();
    client
        .answer(&event, &json!({"type": 9, "data": {"custom_id": "m", "title": "가".repeat(45), "components": rows}}))
        .await;
    let modal = asked.modal().await.unwrap();
    let long = "가".repeat(4000);
    let values: Vec<(String, &str)> = (1..=5).map(|n| (format!("i{n}"), long.as_str())).collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(id, text)| (id.as_str(), *text)).collect();
    discord.as_user("지민").in_channel("운영").submit_modal(&modal, &values).await.unwrap();
    let event = gateway.event("INTERACTION_CREATE").await;
    let given = event["data"]["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| text(&row["components"][0]["value"]).chars().count());
    assert_eq!(given.collect::<Vec<_>>(), [4000; 5]);
    client.answer(&event, &json!({"type": 4, "data": {"content": "적었습니다"}})).await;
    let too_long = "가".repeat(4001);
    assert!(discord.as_user("지민").in_channel("운영").submit_modal(&modal, &[("i1", &too_long)]).await.is_err());
    discord.assert_clean().await;
}

#[tokio::test]
async fn pictures_are_decoded_from_what_was_sent() {
    let discord = PracticeDiscord::start().await.unwrap();
    let page = discord.open_page(0, None).await.unwrap();
    let (client, _gateway) = bot(&discord).await;
    let png = base64::engine::general_purpose::STANDARD.decode("iVBORw0KGgo=").unwrap();
    let posted = with_file(&client, Method::POST, TEAM, &picture("한글 이름.png"), "한글 이름.png", &png).await;
    let path = text(&posted["attachments"][0]["url"]).replace("https://discord.com/attachments", "/sandbox/api/files");
    let get = |who: &str| {
        let url = format!("http://{}{path}?as={who}", page.addr());
        reqwest::Client::new().get(url).bearer_auth(page.key()).send()
    };
    let shown = get("지민").await.unwrap();
    assert_eq!(shown.headers()["content-type"], "image/png");
    assert!(shown.headers()["content-security-policy"].to_str().unwrap().contains("sandbox"));
    assert_eq!(shown.bytes().await.unwrap(), png);
    assert_eq!(get("아무도").await.unwrap().status(), 404);
}
