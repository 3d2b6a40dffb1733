//! What is on record of the days, weeks or months of a checklist: `/history`, `/report`, `signoff export`.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::PastView;
use crate::config::HostConfig;
use crate::domain::command::Checklist;
use crate::domain::duty::Occurrence;
use crate::domain::finding::Finding;
use crate::domain::message::{Explain, Message};
use crate::domain::period::{Every, Period};
use crate::domain::report::Report;
use crate::domain::run::RunId;
use crate::domain::signoff::SignOff;
use crate::domain::target::Target;
use crate::domain::template::{Due, Forms, Known, Template};
use crate::domain::words::Who;
use crate::service::show::{soon, told};
use crate::service::{Chat, ChatError, Refusal, Service, Unknown, View};
use crate::store::StoreError;

/// What is asked for, as a person or a button says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordAsked {
    /// The checklist; none: every one that is signed.
    pub checklist: Option<String>,
    /// The day, week or month; none: this month.
    pub period: Option<String>,
    /// The host, or as many as are meant by `all` or `tag:NAME`; none: the first.
    pub host: Option<String>,
}

/// Why nothing is shown.
#[derive(Debug, thiserror::Error)]
pub enum NoRecord {
    /// There is no such checklist or host.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// It is no day, week or month.
    #[error("`{0}` is no period")]
    NotAPeriod(String),
    /// Nobody signs the checklist.
    #[error("{0} is not signed")]
    NotSigned(String),
    /// They may not look at it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Service {
    /// Answers with a month of a checklist at a glance, for all to see, or in place of the one whose button was pressed.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_history(&self, asked: &RecordAsked, chat: &impl Chat) -> Result<(), ChatError> {
        let found = async {
            let checklist = self.command(asked.checklist.as_deref().unwrap_or_default())?;
            self.may_run(chat.person(), &checklist.id)?;
            let month = Period::of(Every::Month, self.period(asked.period.as_deref())?.first());
            let (target, hosts) = self.meant(asked.host.as_deref())?;
            let mut lists = Vec::new();
            for host in hosts {
                lists.push(self.forms(checklist, host, month).await?);
            }
            Ok(PastView::History {
                lists: Arc::new(lists),
                of: (checklist.id.clone(), target.to_string()),
                month,
                now: self.month_at(self.0.clock.now()),
                zone: self.config().timezone,
            })
        };
        soon(shown(found), chat).await
    }

    /// Answers with the record of a month: the forms of every checklist that is signed, as a file.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_report(&self, asked: &RecordAsked, chat: &impl Chat) -> Result<(), ChatError> {
        let found = async {
            let period = self.period(asked.period.as_deref())?;
            let (_, hosts) = self.meant(asked.host.as_deref())?;
            let mut all = Vec::new();
            // A report that leaves something out for want of a role would be taken for the whole: it says what.
            let mut left_out = Vec::new();
            for checklist in self.commands().checklists.values().filter(|checklist| checklist.signed.is_some()) {
                if self.lets(chat.person(), &checklist.id) {
                    for host in &hosts {
                        all.push(self.forms(checklist, host, period).await?);
                    }
                } else {
                    left_out.push(checklist);
                }
            }
            if let (true, Some(checklist)) = (all.is_empty(), left_out.first()) {
                self.may_run(chat.person(), &checklist.id)?;
            }
            let left_out = left_out.into_iter().map(|checklist| checklist.title.clone()).collect();
            Ok(PastView::Report { forms: Arc::new(all), left_out, period, zone: self.config().timezone })
        };
        soon(shown(found), chat).await
    }

    /// The hosts that somebody means: one, all, or those of a tag; the first one where they said nothing.
    fn meant(&self, written: Option<&str>) -> Result<(Target, Vec<&HostConfig>), Unknown> {
        let first = || self.host(None).map(|host| Target::One(host.config().name.clone()));
        let target = written.map_or_else(first, |written| Ok(Target::of(written)))?;
        let names = self.hosts_of(&target)?;
        let hosts = names.iter().filter_map(|name| self.config().hosts.get(name)).collect();
        Ok((target, hosts))
    }

    /// The forms of a checklist for a period, for an archive.
    ///
    /// # Errors
    /// [`NoRecord`].
    pub async fn record(&self, asked: &RecordAsked) -> Result<(Period, Forms), NoRecord> {
        let checklist = self.command(asked.checklist.as_deref().unwrap_or_default())?;
        let period = self.period(asked.period.as_deref())?;
        Ok((period, self.forms(checklist, self.host(asked.host.as_deref())?.config(), period).await?))
    }

    /// What somebody wrote as a period; this month where they wrote nothing.
    fn period(&self, written: Option<&str>) -> Result<Period, NoRecord> {
        match written.map(str::trim).filter(|written| !written.is_empty()) {
            None => Ok(self.month_at(self.0.clock.now())),
            Some(written) => {
                Period::parse(written).ok_or_else(|| NoRecord::NotAPeriod(written.chars().take(40).collect()))
            }
        }
    }

    fn month_at(&self, now: DateTime<Utc>) -> Period {
        Period::at(Every::Month, now, self.config().timezone)
    }

    /// The forms of `checklist` on `host` of every day, week or month that begins in `span`, or in which it lies.
    async fn forms(&self, checklist: &Checklist, host: &HostConfig, span: Period) -> Result<Forms, NoRecord> {
        let every = checklist.signed.ok_or_else(|| NoRecord::NotSigned(checklist.id.clone()))?;
        let own = || Template::of_sections(checklist);
        let template = checklist.template.clone().unwrap_or_else(own);
        let (calendar, now) = (self.calendar(&checklist.id, &host.name), self.0.clock.now());
        let periods = span.parts(every);
        let known = self.known(checklist, &host.name, every, &periods).await?;
        let filed: Vec<_> =
            known.findings.iter().map(|finding| (calendar.period_at(every, finding.filed.at), finding)).collect();
        let who = |people: &[u64]| people.iter().map(|person| self.who(*person)).collect::<Vec<_>>();
        let forms: Vec<_> = periods
            .into_iter()
            .filter_map(|period| {
                let occurrence = known.occurrences.get(&period);
                let signed = known.signed.get(&period);
                let holding = signed.filter(|signed| signed.ended.is_none()).map(|signed| signed.signature.run);
                let run = holding.or_else(|| known.latest.get(&period).copied());
                let assigned = occurrence.map(|occurrence| who(&occurrence.people)).unwrap_or_default();
                let filed: Vec<_> = filed.iter().filter(|(of, _)| *of == period).map(|(_, finding)| *finding).collect();
                let known = Known {
                    period,
                    result: run.and_then(|run| Some((run, known.graded.get(&run)?))),
                    signed,
                    assigned: &assigned,
                    filed: &filed,
                    due: occurrence.map(|occurrence| self.due(checklist, occurrence)),
                    now,
                    zone: calendar.zone(),
                };
                known.is_something().then(|| template.fill(&known))
            })
            .collect();
        Ok(Forms {
            command: checklist.id.clone(),
            title: checklist.title.clone(),
            host: host.name.clone(),
            host_title: host.title.clone(),
            forms,
            findings: known.findings,
        })
    }

    /// Everything that is kept of these periods.
    async fn known(
        &self,
        checklist: &Checklist,
        host: &str,
        every: Every,
        periods: &[Period],
    ) -> Result<Kept, StoreError> {
        let (Some(first), Some(last)) = (periods.first(), periods.last()) else { return Ok(Kept::default()) };
        let (calendar, store) = (self.calendar(&checklist.id, host), &self.0.store);
        let (from, to) = (calendar.span(*first).0, calendar.span(*last).1);
        let runs = store.finished_between(&checklist.id, host, (from, to)).await?;
        // In the order of their ends: the latest stays.
        let latest: BTreeMap<Period, RunId> =
            runs.into_iter().map(|(run, begun)| (calendar.period_at(every, begun), run)).collect();
        let signed = store.sign_offs_between(&checklist.id, host, first.first(), last.last()).await?;
        let signed: BTreeMap<Period, SignOff> = signed
            .into_iter()
            .filter(|signed| signed.case.period.every() == every)
            .map(|signed| (signed.case.period, signed))
            .collect();
        let occurrences = store.occurrences_between(&checklist.id, host, first.first(), last.last()).await?;
        // The latest first, so that of several in one period the earliest stays.
        let occurrences = occurrences
            .into_iter()
            .rev()
            .map(|occurrence| (Period::of(every, occurrence.due.named), occurrence))
            .collect();
        let shown: Vec<RunId> = latest.values().copied().chain(signed.values().map(|one| one.signature.run)).collect();
        let findings = store.findings_between(&checklist.id, host, from, to).await?;
        Ok(Kept { graded: store.graded(&shown).await?, latest, signed, occurrences, findings })
    }

    /// When an occurrence had to be signed: in time is who signs before the first reminder that it is overdue.
    fn due(&self, checklist: &Checklist, occurrence: &Occurrence) -> Due {
        let zone = self.calendar(&checklist.id, &occurrence.host).zone();
        let schedule = self.config().schedule_of(&checklist.id, &occurrence.host);
        let overdue =
            schedule.and_then(|schedule| schedule.overdue.person).and_then(|span| TimeDelta::from_std(span).ok());
        let in_time = match overdue {
            Some(span) => occurrence.due.at + span,
            None => Period::of(Every::Day, occurrence.due.day).ends(zone),
        };
        Due { at: occurrence.due.at, in_time }
    }

    fn who(&self, person: u64) -> Who {
        let known = self.config().people.values().find(|known| known.id == person);
        Who { id: person, name: known.map_or_else(|| person.to_string(), |known| known.name.clone()) }
    }
}

/// What is kept of some periods.
#[derive(Default)]
struct Kept {
    latest: BTreeMap<Period, RunId>,
    graded: BTreeMap<RunId, Report>,
    signed: BTreeMap<Period, SignOff>,
    occurrences: BTreeMap<Period, Occurrence>,
    findings: Vec<Finding>,
}

/// What was found as a view, or what to tell instead.
async fn shown(found: impl Future<Output = Result<PastView, NoRecord>>) -> Result<View, View> {
    found.await.map(View::Past).map_err(|error| {
        if let NoRecord::Store(error) = &error {
            tracing::error!(%error, "what is on record cannot be read");
        }
        told(&error)
    })
}

impl Explain for NoRecord {
    fn message(&self) -> Message {
        match self {
            Self::Unknown(error) => error.message(),
            Self::NotAPeriod(written) => Message::new("record-not-a-period").with("written", written.as_str()),
            Self::NotSigned(checklist) => Message::new("record-not-signed").with("checklist", checklist.as_str()),
            Self::Refused(refusal) => refusal.message(),
            Self::Store(error) => error.message(),
        }
    }

    fn hint(&self) -> Option<Message> {
        match self {
            Self::Unknown(error) => error.hint(),
            Self::NotAPeriod(_) => Some(Message::new("record-period-hint")),
            Self::NotSigned(_) => Some(Message::new("record-not-signed-hint")),
            Self::Refused(refusal) => refusal.hint(),
            Self::Store(error) => error.hint(),
        }
    }
}
