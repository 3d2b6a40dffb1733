//! A real browser, driven over the DevTools protocol: as little of it as the tests need.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine as _;
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

/// How long a test waits for the page to show something.
const PATIENCE: Duration = Duration::from_secs(10);

/// A headless chromium with a fresh profile. It ends with the test.
pub(crate) struct Browser {
    child: Child,
    profile: PathBuf,
    address: String,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

fn program() -> &'static str {
    ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
        .into_iter()
        .find(|path| Path::new(path).exists())
        .expect("chromium is not installed: tests/run installs it")
}

impl Browser {
    pub(crate) async fn start() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let profile = std::env::temp_dir().join(format!("signoff-chromium-{}-{number}", std::process::id()));
        let child = Command::new(program())
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--disable-background-timer-throttling",
                "--disable-renderer-backgrounding",
                "--force-color-profile=srgb",
                "--remote-debugging-port=0",
                "--window-size=1440,900",
                "--lang=ko-KR",
            ])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let port_file = profile.join("DevToolsActivePort");
        let began = Instant::now();
        let port = loop {
            match std::fs::read_to_string(&port_file).ok().and_then(|text| text.lines().next().map(str::to_owned)) {
                Some(port) if !port.is_empty() => break port,
                _ => assert!(began.elapsed() < Duration::from_secs(30), "chromium did not start"),
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        };
        Self { child, profile, address: format!("127.0.0.1:{port}") }
    }

    /// A new tab on an address.
    pub(crate) async fn open(&self, address: &str) -> Tab {
        let made = reqwest::Client::new().put(format!("http://{}/json/new?about:blank", self.address)).send().await;
        let target: Value = serde_json::from_str(&made.unwrap().text().await.unwrap()).unwrap();
        let tab = Tab::connect(target["webSocketDebuggerUrl"].as_str().unwrap()).await;
        for domain in ["Page", "Runtime", "Network", "Log"] {
            tab.call(&format!("{domain}.enable"), json!({})).await;
        }
        tab.go(address).await;
        tab
    }
}

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>>;

/// One tab.
pub(crate) struct Tab {
    out: mpsc::UnboundedSender<String>,
    waiting: Waiting,
    /// Everything that the browser told by itself.
    pub(crate) events: Arc<Mutex<Vec<Value>>>,
    next: AtomicU64,
}

impl Tab {
    async fn connect(url: &str) -> Self {
        let (socket, _) = connect_async(url).await.unwrap();
        let (mut write, mut read) = socket.split();
        let (out, mut to_send) = mpsc::unbounded_channel::<String>();
        let (waiting, events) = (Waiting::default(), Arc::new(Mutex::new(vec![])));
        tokio::spawn(async move {
            while let Some(text) = to_send.recv().await {
                if write.send(Message::text(text)).await.is_err() {
                    return;
                }
            }
        });
        let (answers, told) = (Arc::clone(&waiting), Arc::clone(&events));
        tokio::spawn(async move {
            while let Some(Ok(frame)) = read.next().await {
                let Message::Text(text) = frame else { continue };
                let value: Value = serde_json::from_str(text.as_str()).unwrap();
                match value["id"].as_u64().and_then(|id| answers.lock().unwrap().remove(&id)) {
                    Some(answer) => drop(answer.send(value)),
                    None => told.lock().unwrap().push(value),
                }
            }
        });
        Self { out, waiting, events, next: AtomicU64::new(1) }
    }

    pub(crate) async fn call(&self, method: &str, params: Value) -> Value {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        self.waiting.lock().unwrap().insert(id, answer);
        self.out.send(json!({"id": id, "method": method, "params": params}).to_string()).unwrap();
        let value = tokio::time::timeout(Duration::from_secs(30), answered).await.unwrap().unwrap();
        assert!(value["error"].is_null(), "{method}: {}", value["error"]);
        value["result"].clone()
    }

    pub(crate) async fn go(&self, address: &str) {
        self.call("Page.navigate", json!({"url": address})).await;
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'").await;
    }

    pub(crate) async fn reload(&self) {
        self.eval("document.body.classList.remove('ready')").await;
        self.call("Page.reload", json!({})).await;
        self.wait("document.body?.classList.contains('ready')").await;
    }

    /// The value of an expression; promises are waited for.
    pub(crate) async fn eval(&self, script: &str) -> Value {
        let asked = json!({"expression": script, "awaitPromise": true, "returnByValue": true, "userGesture": true});
        let answer = self.call("Runtime.evaluate", asked).await;
        assert!(answer["exceptionDetails"].is_null(), "{script}\n{}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    pub(crate) async fn text(&self, script: &str) -> String {
        self.eval(script).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an expression is true.
    pub(crate) async fn wait(&self, script: &str) -> Duration {
        let began = Instant::now();
        loop {
            let asked = json!({"expression": format!("Boolean({script})"), "returnByValue": true});
            // While a page is left, there is nobody to answer.
            if self.call("Runtime.evaluate", asked).await["result"]["value"] == true {
                return began.elapsed();
            }
            if began.elapsed() > PATIENCE {
                let shown = self.text("document.body.innerText").await;
                let picture = Path::new(env!("CARGO_TARGET_TMPDIR")).join("never-true.png");
                self.picture(&picture).await;
                let (picture, said) = (picture.display(), self.complaints());
                panic!("never true: {script}\nsee {picture}; the page shows:\n{shown}\nit said: {said:#?}");
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until some element shows a text.
    pub(crate) async fn shows(&self, selector: &str, text: &str) {
        let text = json!(text);
        self.wait(&format!(
            "[...document.querySelectorAll({})].some((node) => node.textContent.includes({text}))",
            json!(selector)
        ))
        .await;
    }

    /// Clicks the middle of the first visible element of this selector that shows the text, with the mouse.
    pub(crate) async fn click(&self, selector: &str, text: &str) {
        let find = format!(
            "[...document.querySelectorAll({})].find((node) => node.textContent.includes({}) && node.getClientRects().length)",
            json!(selector),
            json!(text)
        );
        self.wait(&format!("{find} && !{find}.disabled")).await;
        let place = self
            .eval(&format!(
                "(() => {{ const node = {find}; node.scrollIntoView({{ block: 'nearest' }}); \
                 const box = node.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
            ))
            .await;
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let at = json!({"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", at).await;
        }
    }

    /// Types a text where the focus is, as an input method does.
    pub(crate) async fn write(&self, text: &str) {
        self.call("Input.insertText", json!({"text": text})).await;
    }

    /// Presses a key: `Enter`, `Escape`, `Tab`, `ArrowDown`, `Backspace`, `/`.
    pub(crate) async fn key(&self, key: &str) {
        let (code, text) = match key {
            "Enter" => (13, "\r"),
            "Escape" => (27, ""),
            "Tab" => (9, ""),
            "ArrowDown" => (40, ""),
            "ArrowUp" => (38, ""),
            "Backspace" => (8, ""),
            other => (0, other),
        };
        let down = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        for kind in [down, "keyUp"] {
            let text = if kind == "keyUp" { "" } else { text };
            let event = json!({"type": kind, "key": key, "windowsVirtualKeyCode": code, "text": text});
            self.call("Input.dispatchKeyEvent", event).await;
        }
    }

    pub(crate) async fn size(&self, width: u32, height: u32, mobile: bool) {
        let scale = if mobile { 2 } else { 1 };
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": mobile});
        self.call("Emulation.setDeviceMetricsOverride", metrics).await;
        self.call("Emulation.setTouchEmulationEnabled", json!({"enabled": mobile})).await;
    }

    pub(crate) async fn prefer(&self, scheme: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.call("Emulation.setEmulatedMedia", features).await;
    }

    pub(crate) async fn picture(&self, path: &Path) {
        let shot = self.call("Page.captureScreenshot", json!({"format": "png"})).await;
        let bytes = base64::engine::general_purpose::STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Errors that the page made, and everything that its policy forbade.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let events = self.events.lock().unwrap();
        let wrong = events.iter().filter(|event| {
            event["method"] == "Runtime.exceptionThrown"
                || (event["method"] == "Log.entryAdded" && event["params"]["entry"]["level"] == "error")
        });
        wrong.map(|event| event["params"].to_string()).collect()
    }

    /// The addresses that the page asked anything of.
    pub(crate) fn asked(&self) -> Vec<String> {
        let events = self.events.lock().unwrap();
        let of = |event: &Value| match event["method"].as_str() {
            Some("Network.requestWillBeSent") => event["params"]["request"]["url"].as_str().map(str::to_owned),
            Some("Network.webSocketCreated") => event["params"]["url"].as_str().map(str::to_owned),
            _ => None,
        };
        events.iter().filter_map(of).collect()
    }
}
