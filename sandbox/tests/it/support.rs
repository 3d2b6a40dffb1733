//! A bot reduced to its wires: requests by hand, events by hand.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use signoff_sandbox::PracticeDiscord;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// All intents.
const INTENTS: u64 = 0x33_FFFF;

/// A REST client that knows only the practice authority and only the practice address.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    token: String,
    pub(crate) app: String,
    pub(crate) guild: String,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) json: Value,
}

impl Answer {
    pub(crate) fn code(&self) -> (u16, u64) {
        (self.status, self.json["code"].as_u64().unwrap_or(0))
    }

    pub(crate) fn id(&self) -> String {
        self.json["id"].as_str().unwrap_or_else(|| panic!("no id in {}", self.json)).to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Client {
    pub(crate) fn new(discord: &PracticeDiscord) -> Self {
        let authority = reqwest::Certificate::from_pem(discord.ca_pem().as_bytes()).unwrap();
        let http = reqwest::Client::builder()
            .use_rustls_tls()
            .tls_built_in_root_certs(false)
            .add_root_certificate(authority)
            .resolve("discord.com", discord.addr())
            .build()
            .unwrap();
        Self {
            http,
            token: discord.token(),
            app: discord.application_id().to_string(),
            guild: discord.guild_id().to_string(),
        }
    }

    pub(crate) fn with_token(mut self, token: &str) -> Self {
        token.clone_into(&mut self.token);
        self
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("https://discord.com/api/v10{path}");
        self.http.request(method, url).header("authorization", format!("Bot {}", self.token))
    }

    pub(crate) async fn try_send(&self, request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        Ok(Answer { status, headers, json: serde_json::from_str(&text).unwrap_or(Value::Null) })
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.try_send(self.request(Method::GET, path)).await.unwrap()
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.try_send(self.request(Method::DELETE, path)).await.unwrap()
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        let method = method.parse().unwrap();
        self.try_send(self.request(method, path).json(body)).await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send("PATCH", path, body).await
    }

    /// Downloads what stands at an address.
    pub(crate) async fn download(&self, url: &str) -> Vec<u8> {
        self.http.get(url).send().await.unwrap().error_for_status().unwrap().bytes().await.unwrap().to_vec()
    }

    pub(crate) async fn register(&self, commands: &Value) -> Answer {
        self.send("PUT", &format!("/applications/{}/guilds/{}/commands", self.app, self.guild), commands).await
    }

    /// Answers an interaction by its event.
    pub(crate) async fn answer(&self, event: &Value, body: &Value) -> Answer {
        let path = format!("/interactions/{}/{}/callback", text(&event["id"]), text(&event["token"]));
        self.post(&path, body).await
    }

    /// The address of the messages of an interaction.
    pub(crate) fn hook(&self, event: &Value, rest: &str) -> String {
        format!("/webhooks/{}/{}{rest}", self.app, text(&event["token"]))
    }
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// A gateway connection.
pub(crate) struct Gateway {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(crate) sequence: u64,
    pub(crate) session: String,
}

/// How a connection ended.
#[derive(Debug, PartialEq)]
pub(crate) enum Ended {
    With(u16),
    Abruptly,
}

impl Gateway {
    pub(crate) async fn connect(discord: &PracticeDiscord) -> Self {
        let (socket, _) = connect_async(format!("{}/?v=10&encoding=json", discord.gateway_url())).await.unwrap();
        let mut gateway = Self { socket, sequence: 0, session: String::new() };
        let hello = gateway.frame().await.unwrap();
        assert_eq!(hello["op"], 10);
        gateway
    }

    pub(crate) async fn login(discord: &PracticeDiscord) -> Self {
        let mut gateway = Self::connect(discord).await;
        gateway.identify(&discord.token(), INTENTS).await;
        let ready = gateway.event("READY").await;
        gateway.session = text(&ready["session_id"]).to_owned();
        gateway.event("GUILD_CREATE").await;
        gateway
    }

    pub(crate) async fn identify(&mut self, token: &str, intents: u64) {
        let properties = json!({"os": "linux", "browser": "test", "device": "test"});
        let d =
            json!({"token": token, "intents": intents, "properties": properties, "compress": true, "shard": [0, 1]});
        self.say(&json!({"op": 2, "d": d})).await;
    }

    pub(crate) async fn say(&mut self, frame: &Value) {
        self.socket.send(Frame::text(frame.to_string())).await.unwrap();
    }

    /// The next frame, or how the connection ended.
    pub(crate) async fn frame(&mut self) -> Result<Value, Ended> {
        let wait = Duration::from_secs(5);
        loop {
            match tokio::time::timeout(wait, self.socket.next()).await.expect("no frame within 5 s") {
                Some(Ok(Frame::Text(text))) => {
                    let frame: Value = serde_json::from_str(text.as_str()).unwrap();
                    self.sequence = frame["s"].as_u64().unwrap_or(self.sequence);
                    return Ok(frame);
                }
                Some(Ok(Frame::Close(Some(frame)))) => return Err(Ended::With(frame.code.into())),
                Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
                _ => return Err(Ended::Abruptly),
            }
        }
    }

    /// The next event of a name, however long it takes; nothing when the connection ended.
    pub(crate) async fn next_event(&mut self, name: &str) -> Option<Value> {
        loop {
            match self.socket.next().await {
                Some(Ok(Frame::Text(text))) => {
                    let frame: Value = serde_json::from_str(text.as_str()).unwrap();
                    self.sequence = frame["s"].as_u64().unwrap_or(self.sequence);
                    if frame["t"] == name {
                        return Some(frame["d"].clone());
                    }
                }
                Some(Ok(_)) => {}
                _ => return None,
            }
        }
    }

    /// The next event of a name; others are passed over.
    pub(crate) async fn event(&mut self, name: &str) -> Value {
        loop {
            let frame = self.frame().await.unwrap();
            if frame["t"] == name {
                return frame["d"].clone();
            }
        }
    }

    /// Waits for the end of the connection.
    pub(crate) async fn end(&mut self) -> Ended {
        loop {
            if let Err(end) = self.frame().await {
                return end;
            }
        }
    }
}

/// A bot that has `/daily` and is logged in.
pub(crate) async fn bot(discord: &PracticeDiscord) -> (Client, Gateway) {
    let client = Client::new(discord);
    let answer = client.register(&json!([daily()])).await;
    assert_eq!(answer.status, 200, "{}", answer.json);
    (client, Gateway::login(discord).await)
}

pub(crate) fn daily() -> Value {
    json!({
        "name": "daily",
        "name_localizations": {"ko": "일일점검"},
        "description": "The daily check",
        "description_localizations": {"ko": "매일 하는 점검"},
        "options": [
            {"type": 3, "name": "host", "description": "Which host", "autocomplete": true},
            {"type": 6, "name": "who", "description": "For whom"},
        ],
    })
}

pub(crate) const TEAM: &str = "/channels/1000000000000000101/messages";
