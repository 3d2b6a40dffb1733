//! Filing: what was found is copied, with secrets masked; a second click files it.

use chrono::{Days, NaiveDate};

use super::{FindingForm, FindingView, Spot};
use crate::domain::finding::{NewFinding, Source, Stand, Urgency};
use crate::domain::message::Message;
use crate::domain::report::{Report, ReportedCheck};
use crate::domain::signoff::draft::{self, asks};
use crate::domain::words::{Who, Words};
use crate::service::show::told;
use crate::service::sign::{in_time, who};
use crate::service::{Board, Chat, ChatError, Form, Person, Service, View};
use crate::store::Filing;
use crate::text::say;

/// The most characters that are copied: what a modal takes, with room for a line of one's own.
const COPIED: usize = 3500;

impl Service {
    /// Changes what `person` is writing at `spot`, and shows it. Where nothing stands there yet it begins with what was
    /// found, an urgency that the grade suggests, and themselves as its owner.
    pub(super) async fn write(
        &self,
        spot: &Spot,
        person: &Person,
        change: impl FnOnce(&mut draft::FindingForm) + Send,
    ) -> Result<View, View> {
        let (report, check) = self.to_file(spot, person).await?;
        let begun = self.begun(&report, &check, person)?;
        let form = self.keep_form(spot, person, move |form| {
            let form = form.get_or_insert(begun);
            change(form);
        });
        let form = form.await?;
        let (title, grade) = (check.title.clone(), check.grade);
        Ok(View::Finding(FindingView::Form { spot: spot.clone(), title, grade, form, note: None }))
    }

    pub(super) async fn reword(&self, spot: &Spot, text: &str, person: &Person) -> Result<View, View> {
        match Words::new(&self.0.masker.mask(text)) {
            Ok(words) => self.write(spot, person, |form| form.message = words).await,
            Err(error) => Err(View::Told(crate::service::sign::wrong_words(error), None)),
        }
    }

    pub(super) async fn ask_words(&self, spot: &Spot, chat: &impl Chat) -> Result<(), ChatError> {
        let form = async {
            let (report, check) = self.to_file(spot, chat.person()).await?;
            let draft = self.0.store.draft(spot.run, chat.person().id).await.map_err(|error| told(&error))?;
            let form = match draft.forms.get(&spot.check) {
                Some(form) => form.clone(),
                None => self.begun(&report, &check, chat.person())?,
            };
            Ok::<_, View>(FindingForm::Words { spot: spot.clone(), text: form.message.to_string() })
        };
        match in_time(form).await {
            Ok(form) => chat.ask(&Form::Finding(form)).await,
            Err(told) => chat.whisper(&told).await,
        }
    }

    /// Files what stands at `spot`. Who signs goes on signing.
    pub(super) async fn file(&self, spot: &Spot, person: &Person) -> Result<View, View> {
        let (report, check) = self.to_file(spot, person).await?;
        let store = &self.0.store;
        let draft = store.draft(spot.run, person.id).await.map_err(|error| told(&error))?;
        let form = match draft.forms.get(&spot.check) {
            Some(form) => form.clone(),
            None => self.begun(&report, &check, person)?,
        };
        let new = NewFinding {
            source: Source {
                run: spot.run,
                command: report.command.clone(),
                host: report.host.clone(),
                check: check.id.clone(),
                title: check.title.clone(),
                grade: check.grade,
            },
            message: form.message,
            stand: Stand { urgency: form.urgency, owner: form.owner, due: form.due, closed: None },
            by: who(person),
            at: self.0.clock.now(),
            channel: person.channel,
        };
        let filing = store.file_finding(&new, self.0.tracker.is_some()).await.map_err(|error| told(&error))?;
        let (finding, key) = match filing {
            Filing::Filed(finding) => {
                tracing::info!(person = person.id, finding = %finding.id, check = spot.check, "filed");
                (finding, "finding-filed")
            }
            Filing::Already(finding) => (finding, "finding-filed-already"),
        };
        let note =
            Message::new(key).with("finding", finding.id.to_string()).with("person", finding.filed.by.name.clone());
        if spot.signing {
            let signable = self.signable(spot.run, person).await?;
            return self.walk(&signable, person, None, Some(note)).await;
        }
        Ok(self.one(finding, Some(note)))
    }

    /// The report and the check at `spot`, if `person` may look at it and there is something to file.
    async fn to_file(&self, spot: &Spot, person: &Person) -> Result<(std::sync::Arc<Report>, ReportedCheck), View> {
        let report = self.report_of(spot.run).await?;
        self.may_run(person, &report.command).map_err(|refusal| told(&refusal))?;
        let check = report.check(&spot.check).filter(|check| asks(check)).cloned();
        let check = check.ok_or_else(|| View::Told(Message::new("finding-nothing-to-file"), None))?;
        Ok((report, check))
    }

    /// What a finding of `check` begins with.
    fn begun(&self, report: &Report, check: &ReportedCheck, person: &Person) -> Result<draft::FindingForm, View> {
        let language = self.config().language;
        let mut lines = vec![format!("{} · {}", report.title.get(language), check.title.get(language))];
        lines.extend(check.reasons.iter().map(|reason| say(reason, language)));
        let output = check.evidence.output.trim();
        if !output.is_empty() {
            lines.push(output.to_owned());
        }
        let text = lines.join("\n");
        let masked = self.0.masker.mask(&text);
        let copied: String = masked.chars().take(COPIED).collect();
        let message =
            Words::new(&copied).map_err(|error| View::Told(crate::service::sign::wrong_words(error), None))?;
        let urgency = Urgency::suggested(check.grade);
        let due = match urgency {
            Urgency::High => self.day_in(Some(1)),
            Urgency::Medium => self.day_in(Some(7)),
            Urgency::Low => None,
        };
        Ok(draft::FindingForm { message, urgency, owner: who(person), due })
    }

    async fn keep_form(
        &self,
        spot: &Spot,
        person: &Person,
        change: impl FnOnce(&mut Option<draft::FindingForm>) + Send,
    ) -> Result<draft::FindingForm, View> {
        let now = self.0.clock.now();
        let kept = self.0.store.change_draft(spot.run, person.id, now, |draft| {
            let mut form = draft.forms.remove(&spot.check);
            change(&mut form);
            if let Some(form) = form {
                draft.forms.insert(spot.check.clone(), form);
            }
        });
        let draft = kept.await.map_err(|error| told(&error))?;
        let form = draft.forms.get(&spot.check).cloned();
        form.ok_or_else(|| View::Told(Message::new("finding-nothing-to-file"), None))
    }

    /// What day it is for the team.
    pub(in crate::service) fn today(&self) -> NaiveDate {
        self.0.clock.now().with_timezone(&self.config().timezone).date_naive()
    }

    /// The day in so many days.
    pub(super) fn day_in(&self, days: Option<u32>) -> Option<NaiveDate> {
        days.and_then(|days| self.today().checked_add_days(Days::new(days.into())))
    }

    /// Who `person` is in the guild at this moment.
    pub(super) async fn member_named(&self, person: u64, board: &impl Board) -> Result<Who, View> {
        match board.member(person).await {
            Ok(Some(member)) => Ok(Who { id: person, name: member.name }),
            Ok(None) => Err(View::Told(Message::new("finding-owner-gone"), None)),
            Err(error) => {
                tracing::warn!(%error, person, "who somebody is cannot be asked");
                Err(View::Told(Message::new("finding-owner-unknown"), None))
            }
        }
    }
}
