//! Judging request bodies by Discord's own OpenAPI document, where it is at hand.
//!
//! The document is data that stays outside of the project. Judging runs beside the requests on a thread of its own, so that it
//! costs neither the start nor an answer any time; validators are compiled when a route is first used, and kept for the process.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::time::Duration;

use chrono::{DateTime, Utc};
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use crate::core::locked;
use crate::journal::excerpt;

/// Names the OpenAPI document when it does not lie where the project's other shared files do.
pub const OPENAPI_VARIABLE: &str = "SIGNOFF_DISCORD_OPENAPI";

/// A body that Discord would not have taken.
#[derive(Clone, Debug)]
pub struct Violation {
    /// When it came.
    pub at: DateTime<Utc>,
    /// Method and route.
    pub route: String,
    /// What is wrong, and where.
    pub problem: String,
    /// The beginning of the body.
    pub body: String,
    /// Which rule said so.
    pub rule: Rule,
}

/// Where a rule comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Discord's documentation.
    Documentation,
    /// Discord's OpenAPI document.
    Schema,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({:?}): {}\n    body: {}", self.route, self.rule, self.problem, self.body)
    }
}

/// One body to be judged.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) at: DateTime<Utc>,
    pub(crate) method: String,
    pub(crate) route: &'static str,
    pub(crate) body: Value,
}

type Errand = (Case, Option<oneshot::Sender<Option<String>>>);

/// The judge of one practice Discord.
#[derive(Debug)]
pub(crate) struct Judge {
    document: Option<PathBuf>,
    errands: OnceLock<mpsc::Sender<Errand>>,
    found: Arc<Mutex<Vec<Violation>>>,
    waiting: Arc<AtomicUsize>,
    strict: bool,
}

impl Judge {
    /// A judge by the document at this place. A file that does not exist means no judging.
    pub(crate) fn new(document: Option<PathBuf>, strict: bool) -> Self {
        let document = document.or_else(usual_place).filter(|path| path.is_file());
        Self { document, errands: OnceLock::new(), found: Arc::default(), waiting: Arc::default(), strict }
    }

    /// Whether a violation is answered with 400 instead of being noted only.
    pub(crate) fn is_strict(&self) -> bool {
        self.strict
    }

    /// Whether the document was found.
    pub(crate) fn sits(&self) -> bool {
        self.document.is_some()
    }

    /// Notes what the documented limits found.
    pub(crate) fn note(&self, violation: Violation) {
        locked(&self.found).push(violation);
    }

    /// Has a body judged some time soon.
    pub(crate) fn hear(&self, case: Case) {
        self.send((case, None));
    }

    /// Has a body judged now; `Some` is what is wrong with it.
    pub(crate) async fn decide(&self, case: Case) -> Option<String> {
        let (answer, verdict) = oneshot::channel();
        self.send((case, Some(answer)));
        verdict.await.ok().flatten()
    }

    fn send(&self, errand: Errand) {
        let Some(path) = &self.document else { return };
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let errands = self.errands.get_or_init(|| self.sit_down(path.clone()));
        if errands.send(errand).is_err() {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
        }
    }

    fn sit_down(&self, path: PathBuf) -> mpsc::Sender<Errand> {
        let (sender, errands) = mpsc::channel::<Errand>();
        let (found, waiting) = (Arc::clone(&self.found), Arc::clone(&self.waiting));
        std::thread::spawn(move || {
            let schemas = Schemas::shared(&path);
            for (case, answer) in errands {
                let problem = schemas.problem(&case);
                if let Some(problem) = &problem {
                    locked(&found).push(Violation {
                        at: case.at,
                        route: format!("{} {}", case.method, case.route),
                        problem: problem.clone(),
                        body: excerpt(&case.body.to_string()),
                        rule: Rule::Schema,
                    });
                }
                waiting.fetch_sub(1, Ordering::SeqCst);
                if let Some(answer) = answer {
                    let _ = answer.send(problem);
                }
            }
        });
        sender
    }

    /// All that was found, after the last body has been judged.
    pub(crate) async fn violations(&self) -> Vec<Violation> {
        while self.waiting.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        locked(&self.found).clone()
    }

    pub(crate) fn forget(&self) {
        locked(&self.found).clear();
    }
}

/// The environment names it, or it lies in a folder `shared` beside the workspace.
fn usual_place() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(OPENAPI_VARIABLE) {
        return Some(PathBuf::from(named));
    }
    let here = std::env::current_dir().ok()?;
    here.ancestors().take(4).map(|folder| folder.join("shared/discord/openapi.json")).find(|path| path.is_file())
}

/// The document and the validators made of it so far.
#[derive(Debug)]
struct Schemas {
    document: Value,
    validators: Mutex<HashMap<String, Option<Arc<Validator>>>>,
}

impl Schemas {
    /// One for each document in a process: several practice Discords share what is compiled.
    fn shared(path: &Path) -> Arc<Self> {
        static ALL: OnceLock<Mutex<HashMap<PathBuf, Arc<Schemas>>>> = OnceLock::new();
        let mut all = locked(ALL.get_or_init(Mutex::default));
        Arc::clone(all.entry(path.to_owned()).or_insert_with(|| {
            let document = std::fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
            if document.is_none() {
                tracing::warn!(path = %path.display(), "the OpenAPI document cannot be read: bodies are not judged by it");
            }
            Arc::new(Self { document: document.unwrap_or(Value::Null), validators: Mutex::default() })
        }))
    }

    fn problem(&self, case: &Case) -> Option<String> {
        let validator = self.validator(case)?;
        let body = coerced(case.body.clone());
        let errors: Vec<String> = validator
            .iter_errors(&body)
            .map(|error| format!("at {}: {}", error.instance_path(), excerpt(&error.to_string())))
            .collect();
        (!errors.is_empty()).then(|| errors.join("; "))
    }

    fn validator(&self, case: &Case) -> Option<Arc<Validator>> {
        let key = format!("{} {}", case.method, case.route);
        let mut validators = locked(&self.validators);
        validators.entry(key).or_insert_with(|| self.compile(case)).clone()
    }

    fn compile(&self, case: &Case) -> Option<Arc<Validator>> {
        let paths = self.document["paths"].as_object()?;
        let operation = paths
            .iter()
            .find(|(path, _)| same_route(path, case.route))
            .map(|(_, operations)| &operations[case.method.to_lowercase()])?;
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() {
            return None;
        }
        let began = std::time::Instant::now();
        let mut needed = BTreeMap::new();
        self.gather(schema, &mut needed);
        let whole = json!({"allOf": [schema], "components": {"schemas": needed}});
        match jsonschema::options().with_draft(Draft::Draft202012).build(&whole) {
            Ok(validator) => {
                tracing::debug!(route = case.route, schemas = needed.len(), took = ?began.elapsed(), "a schema is ready");
                Some(Arc::new(validator))
            }
            Err(error) => {
                tracing::warn!(route = case.route, %error, "a schema of the OpenAPI document does not compile");
                None
            }
        }
    }

    /// Every named schema that this one leads to.
    fn gather<'a>(&'a self, schema: &'a Value, needed: &mut BTreeMap<&'a str, &'a Value>) {
        match schema {
            Value::Object(object) => {
                let name =
                    object.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix("#/components/schemas/"));
                if let Some(name) = name.filter(|name| !needed.contains_key(name)) {
                    let target = &self.document["components"]["schemas"][name];
                    needed.insert(name, target);
                    self.gather(target, needed);
                }
                object.values().for_each(|inner| self.gather(inner, needed));
            }
            Value::Array(list) => list.iter().for_each(|inner| self.gather(inner, needed)),
            _ => {}
        }
    }
}

/// Whether two templates name one route, whatever their placeholders are called.
fn same_route(left: &str, right: &str) -> bool {
    let placeholder = |part: &str| part.starts_with('{');
    let (left, right) = (left.split('/'), right.split('/'));
    left.clone().count() == right.clone().count()
        && left.zip(right).all(|(l, r)| l == r || (placeholder(l) && placeholder(r)))
}

/// Two things that Discord takes and its document does not: permission bits as text, ids of new files as numbers.
fn coerced(body: Value) -> Value {
    match body {
        Value::Array(list) => list.into_iter().map(coerced).collect(),
        Value::Object(object) => {
            let mend = |(key, value): (String, Value)| {
                let mended = match (key.as_str(), &value) {
                    ("default_member_permissions", Value::String(bits)) => {
                        bits.parse::<u64>().map_or(value, Value::from)
                    }
                    ("attachments", Value::Array(files)) => files.iter().cloned().map(with_text_id).collect(),
                    _ => coerced(value),
                };
                (key, mended)
            };
            Value::Object(object.into_iter().map(mend).collect::<Map<_, _>>())
        }
        other => other,
    }
}

fn with_text_id(mut file: Value) -> Value {
    if let Some(number) = file["id"].as_u64() {
        file["id"] = json!(number.to_string());
    }
    file
}
