//! The `http` probe against servers on loopback that answer well, badly, or not at all.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::Utc;
use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::{HandshakeKind, ServerConfig};
use signoff::config::{HostConfig, HttpConfig, Instance, Own, Transport};
use signoff::dial::Reach;
use signoff::domain::evidence::{CouldNotLook, Evidence, Instead, Looked, Status, Value};
use signoff::domain::mask::Masker;
use signoff::domain::message::{Arg, Localised, Message};
use signoff::domain::probe::{Http, Probe};
use signoff::host::Host;
use signoff::probe::{HttpProber, World, look};
use signoff::store::Store;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// How a server treats whoever connects.
#[derive(Clone, Debug)]
enum Manner {
    /// Sends this, and closes.
    Says(String),
    /// Sends a body that never ends.
    Endless,
    /// Reads, and never answers.
    Silent,
    /// Sends the head of an answer, and then nothing.
    HeadOnly,
    /// Reads, and closes.
    Closes,
    /// Resets at once.
    Resets,
}

/// What a server saw.
#[derive(Clone, Debug, Default)]
struct Seen {
    requests: Arc<Mutex<Vec<String>>>,
    full_handshakes: Arc<AtomicUsize>,
}

async fn serve(manner: Manner, tls: Option<Arc<ServerConfig>>) -> (SocketAddr, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Seen::default();
    let server = seen.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (manner, tls, seen) = (manner.clone(), tls.clone(), server.clone());
            tokio::spawn(async move {
                match (&manner, tls) {
                    (Manner::Resets, _) => stream.set_zero_linger().unwrap(),
                    (_, None) => converse(manner, stream, &seen).await,
                    (_, Some(tls)) => {
                        let Ok(stream) = TlsAcceptor::from(tls).accept(stream).await else { return };
                        if stream.get_ref().1.handshake_kind() == Some(HandshakeKind::Full) {
                            seen.full_handshakes.fetch_add(1, Ordering::SeqCst);
                        }
                        converse(manner, stream, &seen).await;
                    }
                }
            });
        }
    });
    (address, seen)
}

/// A peer that goes away is no fault of the server's: results of writing do not matter.
async fn converse(manner: Manner, mut stream: impl AsyncRead + AsyncWrite + Unpin, seen: &Seen) {
    let mut request = vec![0; 4096];
    let length = stream.read(&mut request).await.unwrap_or(0);
    seen.requests.lock().unwrap().push(String::from_utf8_lossy(&request[..length]).into_owned());
    match manner {
        Manner::Says(answer) => {
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
        Manner::Endless => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n").await;
            while stream.write_all(&[b'x'; 64 << 10]).await.is_ok() {}
        }
        Manner::HeadOnly => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nOK ").await;
            std::future::pending::<()>().await;
        }
        Manner::Silent => std::future::pending::<()>().await,
        Manner::Closes | Manner::Resets => {}
    }
}

/// An authority and the file that holds its certificate.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: tempfile::NamedTempFile,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), issuer.pem()).unwrap();
        Self { issuer, file }
    }

    /// A server's settings with a certificate for `name`, valid in those years.
    fn certify(&self, name: &str, years: (i32, i32)) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(years.0, 1, 1);
        params.not_after = date_time_ymd(years.1, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        server(&certificate, &key)
    }
}

/// What `openssl req -x509` makes: an authority of its own, shown by a site as its certificate.
fn signed_by_itself(name: &str) -> Arc<ServerConfig> {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    server(&params.self_signed(&key).unwrap(), &key)
}

fn server(certificate: &Certificate, key: &KeyPair) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    Arc::new(config)
}

async fn world(connect_to: &[(&str, SocketAddr)], ca_file: Option<PathBuf>) -> World {
    let connect_to: BTreeMap<_, _> = connect_to.iter().map(|(name, to)| ((*name).to_owned(), *to)).collect();
    let host = HostConfig {
        name: "test".to_owned(),
        title: Localised::default(),
        transport: Transport::Local,
        act: None,
        disks: Vec::new(),
        compose_project: "test".to_owned(),
        docker_socket: "/nowhere".to_owned(),
        site: None,
        instance: Instance::default(),
        own: Own::default(),
    };
    World {
        host: Host::new(host),
        http: HttpProber::new(&HttpConfig { reach: Reach::Anywhere, ca_file, connect_to }).unwrap(),
        aws: None,
        store: Store::forgetful().await.unwrap(),
        masker: Masker::new(["hunter2"]),
        now: Utc::now(),
        zone: chrono_tz::Asia::Seoul,
        every: Duration::from_secs(60),
    }
}

async fn ask(url: &str, world: &World) -> Looked {
    look(&Probe::Http(Http { url: url.to_owned() }), world, Duration::from_secs(1)).await
}

/// What comes of asking a plain server of that manner.
async fn ask_one(manner: Manner) -> Looked {
    let (address, _) = serve(manner, None).await;
    ask(&format!("http://{address}/"), &world(&[], None).await).await
}

fn answer(status: &str, headers: &str, body: &str) -> Manner {
    Manner::Says(format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()))
}

fn value(evidence: &Evidence, measure: &str) -> Option<Value> {
    evidence.of(measure).next().map(|measurement| measurement.value.clone())
}

fn number(evidence: &Evidence, measure: &str) -> f64 {
    match value(evidence, measure) {
        Some(Value::Quantity(quantity)) => quantity.value,
        other => panic!("{measure} is {other:?}"),
    }
}

/// The reason for which a site gave no answer.
fn reason(evidence: &Evidence) -> Message {
    match &evidence.instead {
        Some(Instead::NoAnswer(reason)) => reason.clone(),
        other => panic!("an answer: {other:?}"),
    }
}

fn no_answer(looked: Looked) -> String {
    let evidence = looked.unwrap();
    assert!(evidence.measurements.is_empty(), "{evidence:?}");
    reason(&evidence).key.into_owned()
}

#[tokio::test]
async fn a_site_that_answers_is_measured() {
    let authority = Authority::new("practice");
    let tls = authority.certify("api.gear-freaks.test", (2020, 2100));
    let ok = answer("200 OK", "Server: nginx\r\nSet-Cookie: a=b\r\n", "OK 2026-11-22 key=hunter2");
    let (address, seen) = serve(ok, Some(tls)).await;
    let world = world(&[("api.gear-freaks.test:443", address)], Some(authority.file.path().to_owned())).await;
    for _ in 0..2 {
        let evidence = ask("https://api.gear-freaks.test/x?y=1", &world).await.unwrap();
        assert_eq!(evidence.status, Some(Status::Http(200)));
        assert_eq!(value(&evidence, "body"), Some(Value::Text("OK 2026-11-22 key=•••".to_owned())));
        assert!(number(&evidence, "first_byte") > 0.0);
        assert!(number(&evidence, "first_byte") <= number(&evidence, "time"));
        assert_eq!(evidence.output.lines().next(), Some("HTTP/1.1 200 OK"));
        assert!(evidence.output.contains("server: nginx") && !evidence.output.contains("a=b"), "{}", evidence.output);
        assert!(evidence.what.starts_with("curl -si --cacert "), "{}", evidence.what);
        let way = format!("--connect-to api.gear-freaks.test:443:{address} ");
        assert!(evidence.what.contains(&way), "{}", evidence.what);
    }
    // Each look connected by itself, and judged the certificate by itself.
    assert_eq!(seen.full_handshakes.load(Ordering::SeqCst), 2);
    let request = seen.requests.lock().unwrap()[0].to_ascii_lowercase();
    assert!(request.starts_with("get /x?y=1 http/1.1\r\nhost: api.gear-freaks.test\r\n"), "{request}");
    assert!(request.contains(concat!("user-agent: signoff/", env!("CARGO_PKG_VERSION"))), "{request}");
}

#[tokio::test]
async fn an_error_page_is_an_answer() {
    let evidence = ask_one(answer("502 Bad Gateway", "", "<html>")).await.unwrap();
    assert!((number(&evidence, "status") - 502.0).abs() < f64::EPSILON);
    let says = evidence.of("status").next().unwrap().says.clone().unwrap();
    assert_eq!((says.key.as_ref(), &says.args["phrase"]), ("probe-http-status", &Arg::from("Bad Gateway")));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let evidence = ask_one(answer("301 Moved Permanently", "Location: http://127.0.0.1:1/\r\n", "")).await.unwrap();
    assert!((number(&evidence, "status") - 301.0).abs() < f64::EPSILON);
    let says = evidence.of("status").next().unwrap().says.clone().unwrap();
    assert_eq!(says.args["location"], Arg::from("http://127.0.0.1:1/"));
}

#[tokio::test]
async fn a_body_without_end_is_bounded() {
    let started = Instant::now();
    let evidence = ask_one(Manner::Endless).await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(evidence.notes[0].key, "probe-http-bounded");
    // What stands in its rest is not known.
    assert_eq!(value(&evidence, "body"), None);
    assert_eq!(evidence.unread[0].0, "body");
    assert_eq!(evidence.output.chars().count(), 4097);
    assert!(number(&evidence, "time") > 0.0);
}

#[tokio::test]
async fn a_long_body_is_judged_to_its_end() {
    let body = format!("{}maintenance", "fine ".repeat(20_000));
    let evidence = ask_one(answer("200 OK", "", &body)).await.unwrap();
    let Some(Value::Text(seen)) = value(&evidence, "body") else { panic!("no body") };
    assert!(seen.len() == body.len() && seen.ends_with("maintenance"));
    assert!(evidence.output.len() < 5000);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_not_judged() {
    let short = Manner::Says("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nOK".to_owned());
    for (manner, why) in [(short, "probe-http-cut-off"), (Manner::HeadOnly, "probe-http-body-late")] {
        let evidence = ask_one(manner).await.unwrap();
        assert!((number(&evidence, "status") - 200.0).abs() < f64::EPSILON);
        assert_eq!((value(&evidence, "body"), value(&evidence, "time")), (None, None));
        let unread: Vec<_> = evidence.unread.iter().map(|(measure, _)| measure.as_str()).collect();
        assert_eq!(unread, ["body", "time"]);
        assert!(format!("{:?}", evidence.notes).contains(why), "{:?}", evidence.notes);
    }
}

#[tokio::test]
async fn a_site_that_gives_no_answer_is_down() {
    for (manner, key) in [
        (Manner::Silent, "probe-http-silent"),
        (Manner::Closes, "probe-http-closed"),
        (Manner::Resets, "probe-http-reset"),
        (Manner::Says("SSH-2.0-OpenSSH_9.2\r\n".to_owned()), "probe-http-not-http"),
    ] {
        let told = format!("{manner:?}");
        let started = Instant::now();
        assert_eq!(no_answer(ask_one(manner).await), key, "{told}");
        assert!(started.elapsed() < Duration::from_secs(5), "{told}");
    }
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_down() {
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(no_answer(ask(&format!("http://{address}"), &world(&[], None).await).await), "probe-http-refused");
}

#[tokio::test]
async fn each_fault_of_a_certificate_has_its_own_words() {
    let authority = Authority::new("practice");
    let stranger = Authority::new("stranger");
    let name = "api.gear-freaks.test";
    for (tls, key) in [
        (authority.certify(name, (2020, 2021)), "probe-http-cert-expired-since"),
        (authority.certify(name, (2098, 2100)), "probe-http-cert-not-yet-for"),
        (authority.certify("other.test", (2020, 2100)), "probe-http-cert-other-name"),
        (stranger.certify(name, (2020, 2100)), "probe-http-cert-unknown-issuer"),
        (signed_by_itself(name), "probe-http-cert-self-signed"),
    ] {
        let (address, _) = serve(answer("200 OK", "", "OK"), Some(tls)).await;
        let world = world(&[("api.gear-freaks.test:443", address)], Some(authority.file.path().to_owned())).await;
        let looked = ask("https://api.gear-freaks.test", &world).await;
        if key == "probe-http-cert-other-name" {
            let reason = reason(looked.as_ref().unwrap());
            assert_eq!((&reason.args["name"], &reason.args["names"]), (&Arg::from(name), &Arg::from("other.test")));
        }
        assert_eq!(no_answer(looked), key);
    }
}

#[tokio::test]
async fn without_encryption_where_it_is_asked_for_there_is_no_answer() {
    for (manner, key) in [
        (answer("200 OK", "", "OK"), "probe-http-tls"),
        (Manner::Silent, "probe-http-no-handshake"),
        (Manner::Closes, "probe-http-closed"),
    ] {
        let (address, _) = serve(manner, None).await;
        assert_eq!(no_answer(ask(&format!("https://{address}"), &world(&[], None).await).await), key);
    }
}

#[tokio::test]
async fn what_the_bot_itself_cannot_reach_was_not_looked_at() {
    let nameless = format!("http://{}.test/", "a".repeat(64));
    let broadcast: SocketAddr = "255.255.255.255:80".parse().unwrap();
    let world = world(&[("away.test:80", broadcast)], None).await;
    for (url, key) in [
        (nameless.as_str(), "probe-http-no-address"),
        ("http://away.test", "probe-http-no-way"),
        ("ftp://away.test", "probe-http-bad-url"),
        ("away.test", "probe-http-bad-url"),
    ] {
        let CouldNotLook { reason, what, .. } = ask(url, &world).await.unwrap_err();
        assert_eq!(reason.key, key, "{url}: {reason:?}");
        assert!(what.ends_with(url), "{what}");
    }
}

#[test]
fn an_authority_that_cannot_be_read_is_told_at_once() {
    let empty = tempfile::NamedTempFile::new().unwrap();
    for path in [empty.path().to_owned(), "/nowhere/ca.pem".into()] {
        let config = HttpConfig { reach: Reach::Anywhere, ca_file: Some(path), connect_to: BTreeMap::new() };
        assert!(HttpProber::new(&config).is_err());
    }
}

#[tokio::test]
async fn without_its_authority_only_what_is_encrypted_could_not_be_looked_at() {
    let (address, _) = serve(answer("200 OK", "", "ok"), None).await;
    let config =
        HttpConfig { reach: Reach::Anywhere, ca_file: Some("/nowhere/ca.pem".into()), connect_to: BTreeMap::new() };
    let world = World { http: HttpProber::despite_faults(&config), ..world(&[], None).await };
    assert!(ask(&format!("http://{address}/"), &world).await.is_ok());
    let CouldNotLook { reason, .. } = ask(&format!("https://{address}/"), &world).await.unwrap_err();
    assert_eq!(reason.key, "probe-http-ca-unreadable");
}
