//! The host's panel beside the channel: what the practice host is like now, and what can be broken on it.
//!
//! The practice Discord knows no host. Whoever has one hands a [`Panel`] to [`Page`](crate::Page), which shows it and passes on
//! what people switch. Its words come from outside too, in both languages.

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// Words for people, in each language of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
}

impl Words {
    /// The same in both languages: a name, a figure.
    #[must_use]
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { ko: text.clone(), en: text }
    }

    /// Korean, then English.
    #[must_use]
    pub fn new(ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ko: ko.into(), en: en.into() }
    }
}

/// How a figure looks to somebody who knows nothing of thresholds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mood {
    /// As it should be.
    #[default]
    Good,
    /// Worth a look.
    Uneasy,
    /// Broken.
    Bad,
}

/// One thing about the host: a container's state, how full the disk is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PanelFigure {
    /// Stays the same while the host lives.
    pub id: String,
    /// What it is: `gear_freak_redis`, `디스크`.
    pub name: Words,
    /// How it is: `running · healthy`, `16.2 / 20 GB`.
    pub value: Words,
    /// How full, from 0 to 1, where that makes sense; shown as a bar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// How it looks.
    #[serde(default)]
    pub mood: Mood,
}

/// One thing that can be broken, and mended again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelFault {
    /// What [`Panel::set_fault`] takes: letters, digits, `-`.
    pub id: String,
    /// Under which heading it stands: `컨테이너`. Faults of one heading stand together in the order given.
    pub group: Words,
    /// What is broken: `redis 중지`.
    pub name: Words,
    /// What it does to the host, and which checks should turn. May be empty.
    #[serde(default)]
    pub about: Words,
    /// Whether it is broken now.
    pub on: bool,
}

/// A state of the whole host that can be taken up at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelScene {
    /// What [`Panel::set_scene`] takes.
    pub id: String,
    /// `디스크 가득 참`.
    pub name: Words,
    /// What has happened. May be empty.
    #[serde(default)]
    pub about: Words,
}

/// Everything the panel shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PanelView {
    /// Name of the host.
    pub host: Words,
    /// What people must know: that nothing is run for real on this machine, say.
    #[serde(default)]
    pub notices: Vec<Words>,
    /// The host as it is now.
    pub figures: Vec<PanelFigure>,
    /// What can be broken.
    pub faults: Vec<PanelFault>,
    /// What can be taken up.
    #[serde(default)]
    pub scenes: Vec<PanelScene>,
    /// The scene that was taken up last, if the host is still in it.
    #[serde(default)]
    pub scene: Option<String>,
}

/// Why the panel did not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PanelRefusal {
    /// There is no fault or scene of that id.
    #[error("there is no {wanted} on the panel; there are: {there}")]
    Unknown {
        /// The id that was asked for.
        wanted: String,
        /// Which ids there are.
        there: String,
    },
    /// The host cannot do that now.
    #[error("{0}")]
    Refused(String),
}

/// The practice host, as far as the page is concerned. Its functions are called on the page's own threads and must return at
/// once: what takes time goes on in the background and shows in the view.
pub trait Panel: Send + Sync {
    /// What is to be shown now.
    fn view(&self) -> PanelView;

    /// Breaks something, or mends it. Asking for what is already so changes nothing.
    ///
    /// # Errors
    /// There is no such fault, or the host cannot do that now.
    fn set_fault(&self, id: &str, on: bool) -> Result<(), PanelRefusal>;

    /// Takes up a scene: everything that was broken before is mended first.
    ///
    /// # Errors
    /// There is no such scene.
    fn set_scene(&self, id: &str) -> Result<(), PanelRefusal>;

    /// The zone in which the deployment's times are shown (`Asia/Seoul`); without one, the browser's own.
    fn timezone(&self) -> Option<String> {
        None
    }

    /// Counts up whenever [`view`](Self::view) would show something else.
    fn changes(&self) -> watch::Receiver<u64>;
}
