//! `/trend`: how a measure of a check went over the last days.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::PastView;
use crate::config::HostConfig;
use crate::document::nearest;
use crate::domain::command::{Check, Checklist};
use crate::domain::message::{Explain, Language, Localised, Message};
use crate::domain::quantity::Dimension;
use crate::domain::trend::{self, Line, SPANS, Trend, USUAL_SPAN, sampled};
use crate::render::chart;
use crate::service::show::{soon, told};
use crate::service::{Chat, ChatError, Person, Service, Unknown, View};
use crate::store::{Measured, StoreError};

/// What is asked for, as a person or a button says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrendAsked {
    /// The measure: `daily/disk/used`, `daily/disk`, or what a person wrote.
    pub what: String,
    /// How many days; none: the usual.
    pub days: Option<u32>,
    /// The host; none: the first.
    pub host: Option<String>,
}

/// What a trend is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendOf {
    /// The command.
    pub command: String,
    /// The check.
    pub check: String,
    /// The measure.
    pub measure: String,
    /// The host.
    pub host: String,
    /// How many days.
    pub days: u32,
}

/// One measure of one check of one checklist.
struct Measure<'a> {
    checklist: &'a Checklist,
    check: &'a Check,
    name: String,
    dimension: Dimension,
    /// Whether it is the one that is meant where only the check is named.
    first: bool,
}

/// Why there is no trend.
#[derive(Debug, thiserror::Error)]
enum NoTrend {
    #[error("no check {0}")]
    NoSuchCheck(String, Option<String>),
    #[error("nothing was measured")]
    Nothing(Box<(TrendOf, Message, Localised)>),
    #[error(transparent)]
    Unknown(#[from] Unknown),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Service {
    /// Answers with a trend: for all to see, or in place of the one whose button was pressed.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_trend(&self, asked: &TrendAsked, chat: &impl Chat) -> Result<(), ChatError> {
        let Some(measure) = self.measure_named(&asked.what) else {
            return chat.whisper(&told(&self.no_such_check(&asked.what))).await;
        };
        if let Err(refusal) = self.may_run(chat.person(), &measure.checklist.id) {
            return chat.whisper(&told(&refusal)).await;
        }
        let work = async {
            self.trend(&measure, asked).await.map(View::Past).map_err(|error| {
                if let NoTrend::Store(error) = &error {
                    tracing::error!(%error, "a trend cannot be read");
                }
                told(&error)
            })
        };
        soon(work, chat).await
    }

    /// What could be meant by what `person` has typed so far, the likeliest first: what stands there, and what it names.
    pub fn measures_like(&self, so_far: &str, person: &Person) -> Vec<(String, String)> {
        let wanted = so_far.trim().to_lowercase();
        let mut found: Vec<_> = self
            .measures()
            .filter(|measure| self.lets(person, &measure.checklist.id))
            .map(|measure| (!measure.first, measure.label(person.language), measure.key()))
            .filter(|(_, label, key)| label.to_lowercase().contains(&wanted) || key.contains(&wanted))
            .collect();
        // What is shown of a check comes before everything else that it measures.
        found.sort_by_key(|(further, ..)| *further);
        found.into_iter().map(|(_, label, key)| (label, key)).collect()
    }

    async fn trend(&self, measure: &Measure<'_>, asked: &TrendAsked) -> Result<PastView, NoTrend> {
        let host = self.host(asked.host.as_deref())?.config();
        let days = asked.days.filter(|days| SPANS.contains(days)).unwrap_or(USUAL_SPAN);
        let of = TrendOf {
            command: measure.checklist.id.clone(),
            check: measure.check.id.clone(),
            measure: measure.name.clone(),
            host: host.name.clone(),
            days,
        };
        let now = self.0.clock.now();
        let span = (now - TimeDelta::days(i64::from(days)), now);
        let (lines, step) = self.lines(&of, measure, host, span).await?;
        // The lines that it is held to are those of the host.
        let checklist = self.on(measure.checklist, host);
        let check = checklist.checks().find(|check| check.id == of.check).unwrap_or(measure.check);
        let Some(trend) = Trend::of(check, &of.measure, measure.dimension, span, lines, step) else {
            let check = Message::new("trend-named")
                .with("check", measure.check.title.clone())
                .with("measure", Message::new("measure").with("name", of.measure.as_str()));
            let command = self.commands().called(&of.command);
            return Err(NoTrend::Nothing(Box::new((of, check, command))));
        };
        let trend = Arc::new(trend);
        let picture = self.picture(Arc::clone(&trend), format!("{} / {} / {}", of.command, of.check, of.measure)).await;
        Ok(PastView::Trend { of, trend, check: measure.check.title.clone(), host: host.title.clone(), picture })
    }

    /// What is known of a measure: what its runs measured, or the samples, where they tell more.
    async fn lines(
        &self,
        of: &TrendOf,
        measure: &Measure<'_>,
        host: &HostConfig,
        span: (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<(Vec<Line>, Option<TimeDelta>), StoreError> {
        let rows = Measured {
            command: &of.command,
            host: &of.host,
            check: &of.check,
            measure: &of.measure,
            dimension: measure.dimension,
        };
        let runs = self.0.store.measured(rows, span).await?;
        if let Some(vital) = sampled::vital(measure.check, &of.measure, host.site.as_deref()) {
            let step = sampled::step(of.days);
            let samples = self.0.store.sampled(&of.host, vital, span, step).await?;
            if sampled::tell_more(&samples, &runs) {
                return Ok((samples, Some(step)));
            }
        }
        Ok((runs, None))
    }

    /// Paints, on a thread where nobody else waits.
    async fn picture(&self, trend: Arc<Trend>, title: String) -> Arc<Vec<u8>> {
        let zone = self.config().timezone;
        let painted = tokio::task::spawn_blocking(move || chart::png(&trend, &title, zone)).await;
        match painted {
            Ok(Some(picture)) => Arc::new(picture),
            Ok(None) | Err(_) => {
                tracing::error!("a trend could not be painted");
                Arc::default()
            }
        }
    }

    /// Every measure of every checklist.
    fn measures(&self) -> impl Iterator<Item = Measure<'_>> {
        self.commands().checklists.values().flat_map(|checklist| {
            checklist.checks().flat_map(move |check| {
                let measures = trend::measures(check).into_iter().enumerate();
                measures.map(move |(index, (name, dimension))| Measure {
                    checklist,
                    check,
                    name,
                    dimension,
                    first: index == 0,
                })
            })
        })
    }

    /// The measure that `what` names: by its key, by that of its check alone, or by what it is called. Of what people
    /// write, only what can mean but one thing.
    fn measure_named(&self, what: &str) -> Option<Measure<'_>> {
        let what = what.trim().to_lowercase();
        let by = |fits: &dyn Fn(&Measure<'_>) -> bool| {
            let mut found = self.measures().filter(|measure| fits(measure));
            found.next().filter(|_| found.next().is_none())
        };
        let title = |measure: &Measure<'_>| {
            Language::ALL.iter().any(|language| measure.check.title.get(*language).to_lowercase() == what)
        };
        by(&|measure| measure.key() == what)
            .or_else(|| {
                by(&|measure| measure.first && format!("{}/{}", measure.checklist.id, measure.check.id) == what)
            })
            .or_else(|| by(&|measure| measure.first && measure.check.id == what))
            .or_else(|| by(&|measure| measure.first && title(measure)))
            .or_else(|| by(&|measure| Language::ALL.iter().any(|one| measure.label(*one).to_lowercase() == what)))
    }

    fn no_such_check(&self, what: &str) -> NoTrend {
        let known: Vec<_> =
            self.measures().filter(|measure| measure.first).map(|measure| measure.check.id.clone()).collect();
        let near = nearest(what, known.iter().map(String::as_str)).map(str::to_owned);
        NoTrend::NoSuchCheck(what.chars().take(80).collect(), near)
    }
}

impl Measure<'_> {
    /// What names it alone: `daily/disk/used`.
    fn key(&self) -> String {
        format!("{}/{}/{}", self.checklist.id, self.check.id, self.name)
    }

    /// What it is called: `디스크 · 사용률 (일일 체크)`.
    fn label(&self, language: Language) -> String {
        let label = Message::new("trend-choice")
            .with("check", self.check.title.clone())
            .with("measure", Message::new("measure").with("name", self.name.as_str()))
            .with("checklist", self.checklist.title.clone());
        crate::text::say(&label, language)
    }
}

impl Explain for NoTrend {
    fn message(&self) -> Message {
        match self {
            Self::NoSuchCheck(what, _) => Message::new("trend-unknown").with("what", what.as_str()),
            Self::Nothing(nothing) => {
                let (of, check, _) = &**nothing;
                Message::new("trend-none").with("days", of.days.to_string()).with("check", check.clone())
            }
            Self::Unknown(error) => error.message(),
            Self::Store(error) => error.message(),
        }
    }

    fn hint(&self) -> Option<Message> {
        match self {
            Self::NoSuchCheck(_, Some(near)) => Some(Message::new("file-did-you-mean").with("word", near.as_str())),
            Self::NoSuchCheck(_, None) => Some(Message::new("trend-unknown-hint")),
            Self::Nothing(nothing) => Some(Message::new("trend-none-hint").with("command", nothing.2.clone())),
            Self::Unknown(error) => error.hint(),
            Self::Store(error) => error.hint(),
        }
    }
}
