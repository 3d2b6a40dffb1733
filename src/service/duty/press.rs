//! The buttons below what is posted of duty, and what they do.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::timeout;

use super::DutyView;
use crate::config::checklist_of;
use crate::domain::duty::{NewNotice, NoticeId, NoticeKind, Occurrence, OccurrenceId};
use crate::domain::message::{Explain, Language, Message};
use crate::service::show::told;
use crate::service::sign::who;
use crate::service::{Board, Chat, ChatError, FindingStep, Person, Service, View};
use crate::store::StoreError;

/// For how long somebody is left alone who asks for it.
const SNOOZE: TimeDelta = TimeDelta::hours(1);

/// How long Discord may take to say who is still there: a reminder does not wait for it.
const ASK: Duration = Duration::from_secs(3);

/// What a button or select of duty brings back. By the notice in it the bot knows its own messages again: what was posted
/// before a kill is not posted a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// "Hand over": below a reminder, and there always.
    Hand(OccurrenceId),
    /// To whom: the choice of a person.
    To(OccurrenceId),
    /// "In an hour", below a reminder or a notice.
    Snooze(OccurrenceId, Option<NoticeId>),
    /// "Run now", below what has no result.
    Run(OccurrenceId, Option<NoticeId>),
    /// "Done", below what is no checklist.
    Done(OccurrenceId, Option<NoticeId>),
    /// "Look again", below the digest.
    Digest(Option<NoticeId>),
    /// "List", below what is urgent and overdue.
    Findings(NoticeId),
}

impl Press {
    /// The notice that its message is.
    const fn notice(self) -> Option<NoticeId> {
        match self {
            Self::Snooze(_, notice) | Self::Run(_, notice) | Self::Done(_, notice) | Self::Digest(notice) => notice,
            Self::Findings(notice) => Some(notice),
            Self::Hand(_) | Self::To(_) => None,
        }
    }

    /// Whether one of a message's `ids` says that the message is the reminder of `occurrence`.
    pub(super) fn marks_reminder(ids: &[String], occurrence: OccurrenceId) -> bool {
        ids.iter().any(|id| id.parse() == Ok(Self::Hand(occurrence)))
    }

    /// Whether one of a message's `ids` says that the message is `notice`.
    pub(super) fn marks_notice(ids: &[String], notice: NoticeId) -> bool {
        ids.iter().any(|id| id.parse::<Self>().is_ok_and(|press| press.notice() == Some(notice)))
    }
}

impl fmt::Display for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, occurrence) = match self {
            Self::Hand(occurrence) => ("hand", occurrence.0),
            Self::To(occurrence) => ("to", occurrence.0),
            Self::Snooze(occurrence, _) => ("snooze", occurrence.0),
            Self::Run(occurrence, _) => ("run", occurrence.0),
            Self::Done(occurrence, _) => ("done", occurrence.0),
            Self::Digest(_) => ("digest", 0),
            Self::Findings(_) => ("findings", 0),
        };
        write!(f, "duty:{what}:{occurrence}")?;
        self.notice().map_or(Ok(()), |notice| write!(f, ":{}", notice.0))
    }
}

/// A custom id that duty never made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotDuty;

impl FromStr for Press {
    type Err = NotDuty;

    fn from_str(text: &str) -> Result<Self, NotDuty> {
        let parts: Vec<&str> = text.split(':').collect();
        let (what, occurrence, notice) = match parts.as_slice() {
            ["duty", what, occurrence] => (*what, *occurrence, None),
            ["duty", what, occurrence, notice] => (*what, *occurrence, Some(*notice)),
            _ => return Err(NotDuty),
        };
        let number = |text: &str| text.parse::<i64>().ok().filter(|number| *number >= 0).ok_or(NotDuty);
        let occurrence = OccurrenceId(number(occurrence)?);
        let notice = notice.map(number).transpose()?.map(NoticeId);
        match (what, notice) {
            ("hand", None) => Ok(Self::Hand(occurrence)),
            ("to", None) => Ok(Self::To(occurrence)),
            ("snooze", notice) => Ok(Self::Snooze(occurrence, notice)),
            ("run", notice) => Ok(Self::Run(occurrence, notice)),
            ("done", notice) => Ok(Self::Done(occurrence, notice)),
            ("digest", notice) if occurrence.0 == 0 => Ok(Self::Digest(notice)),
            ("findings", Some(notice)) if occurrence.0 == 0 => Ok(Self::Findings(notice)),
            _ => Err(NotDuty),
        }
    }
}

/// The most that is told in the log channel within a span, and that span.
const LOG_MOST: i64 = 10;
const LOG_SPAN: TimeDelta = TimeDelta::hours(1);

impl Service {
    /// Answers a button of duty; `chosen` is the person, where one was chosen.
    ///
    /// # Errors
    /// [`ChatError`] when not even the first answer got through.
    pub async fn answer_duty(
        &self,
        press: Press,
        chosen: Option<u64>,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        let occurrence = match press {
            Press::Hand(id) | Press::To(id) | Press::Snooze(id, _) | Press::Run(id, _) | Press::Done(id, _) => id,
            Press::Digest(_) => return self.answer_digest(chat).await,
            Press::Findings(_) => {
                let list = FindingStep::List { closed: false, fresh: true };
                return self.answer_finding(list, chat, board).await;
            }
        };
        let occurrence = match self.0.store.occurrence(occurrence).await {
            Ok(Some(occurrence)) => occurrence,
            Ok(None) => return chat.whisper(&View::Told(Message::new("button-dead"), None)).await,
            Err(error) => return chat.whisper(&told(&error)).await,
        };
        if let Err(refusal) = self.may_run(chat.person(), &occurrence.checklist) {
            return chat.whisper(&told(&refusal)).await;
        }
        if let Press::Run(..) = press {
            return self.answer_run(&occurrence.checklist, Some(&occurrence.host), chat).await;
        }
        match self.is_done(&occurrence).await {
            Ok(false) => {}
            Ok(true) => return chat.whisper(&View::Told(Message::new("duty-done-already"), None)).await,
            Err(error) => return chat.whisper(&told(&error)).await,
        }
        match (press, chosen) {
            (Press::Hand(id), _) => chat.whisper(&View::Duty(DutyView::HandTo(id))).await,
            (Press::To(_), Some(person)) => self.hand_over(&occurrence, person, chat, board).await,
            (Press::Snooze(..), _) => self.snooze(&occurrence, chat).await,
            (Press::Done(..), _) => self.finish_simple(&occurrence, chat, board).await,
            (Press::To(_) | Press::Run(..) | Press::Digest(_) | Press::Findings(_), _) => {
                chat.whisper(&View::Told(Message::new("button-dead"), None)).await
            }
        }
    }

    async fn snooze(&self, occurrence: &Occurrence, chat: &impl Chat) -> Result<(), ChatError> {
        let person = chat.person();
        let until = self.0.clock.now() + SNOOZE;
        let notice = NewNotice {
            // Twice within a minute is one who pressed twice.
            key: format!("snooze-{}-{}-{}", occurrence.id.0, person.id, until.timestamp().div_euclid(60)),
            kind: NoticeKind::Snooze,
            occurrence: Some(occurrence.id),
            person: Some(person.id),
            says: None,
            channel: self.channel_of(occurrence).unwrap_or(person.channel),
            due_at: until,
        };
        let answer = match self.0.store.notify(&[notice]).await {
            Ok(()) => {
                let message = Message::new("duty-snoozed").with("at", format!("<t:{}:t>", until.timestamp()));
                View::Told(message, None)
            }
            Err(error) => told(&error),
        };
        chat.whisper(&answer).await
    }

    async fn hand_over(
        &self,
        occurrence: &Occurrence,
        to: u64,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        if let Err(refused) = self.can_take(to, &occurrence.checklist, board).await {
            return chat.replace(&refused).await;
        }
        let (by, now) = (chat.person().id, self.0.clock.now());
        let says = Message::new("duty-handed")
            .with("title", self.title_on(&occurrence.checklist, &occurrence.host))
            .with("from", mentions(&occurrence.people))
            .with("to", mentions(&[to]))
            .with("by", mentions(&[by]));
        let notice = NewNotice {
            key: format!("handover-{}-{}", occurrence.id.0, now.timestamp_millis()),
            kind: NoticeKind::Handover,
            occurrence: Some(occurrence.id),
            person: Some(to),
            says: Some(says.clone()),
            channel: self.channel_of(occurrence).unwrap_or(chat.person().channel),
            due_at: now,
        };
        if let Err(error) = self.0.store.hand_over(occurrence.id, &[to], by, &[notice], now).await {
            return chat.replace(&told(&error)).await;
        }
        tracing::info!(occurrence = occurrence.id.0, by, to, "handed over");
        chat.replace(&View::Told(says, None)).await?;
        self.show_reminder_anew(occurrence.id, board).await;
        Ok(())
    }

    /// Whether `person` can be given `checklist`: they are there, and may run it. Else what to say.
    pub(super) async fn can_take(&self, person: u64, checklist: &str, board: &impl Board) -> Result<(), View> {
        let member = match timeout(ASK / 2, board.member(person)).await {
            Ok(Ok(Some(member))) => member,
            Ok(Ok(None)) => {
                let message = Message::new("duty-not-there").with("who", mentions(&[person]));
                return Err(View::Told(message, None));
            }
            // The first answer must be there within three seconds.
            Ok(Err(_)) | Err(_) => {
                tracing::warn!(person, "who somebody is could not be asked");
                return Err(View::Told(Message::new("duty-not-asked"), Some(Message::new("duty-not-asked-hint"))));
            }
        };
        let taker = Person {
            id: person,
            name: member.name,
            roles: member.roles,
            language: Language::default(),
            channel: 0,
            parent: None,
        };
        self.could_run(&taker, checklist_of(checklist).0).map_err(|refusal| {
            let message = Message::new("duty-cannot-take").with("who", mentions(&[person]));
            View::Told(message.with("title", self.title_of(checklist)), refusal.hint())
        })
    }

    async fn finish_simple(
        &self,
        occurrence: &Occurrence,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        let now = self.0.clock.now();
        match self.0.store.occurrence_done(occurrence.id, &who(chat.person()), now).await {
            Ok(true) => {
                tracing::info!(occurrence = occurrence.id.0, by = chat.person().id, "done");
                let message = Message::new("duty-done-by").with("who", mentions(&[chat.person().id]));
                let message = message.with("title", self.title_on(&occurrence.checklist, &occurrence.host));
                chat.post(&View::Told(message, None)).await?;
                self.show_reminder_anew(occurrence.id, board).await;
                Ok(())
            }
            Ok(false) => chat.whisper(&View::Told(Message::new("duty-done-already"), None)).await,
            Err(error) => chat.whisper(&told(&error)).await,
        }
    }

    async fn answer_digest(&self, chat: &impl Chat) -> Result<(), ChatError> {
        if let Err(refusal) = self.may_arrange(chat.person()) {
            return chat.whisper(&told(&refusal)).await;
        }
        let view = match self.digest_lines().await {
            Ok(lines) => View::Duty(DutyView::Digest { notice: None, lines }),
            Err(error) => told(&error),
        };
        chat.whisper(&view).await
    }

    /// Those of `people` who have left the server. Who could not be asked about counts as there: a reminder too many is
    /// better than none.
    pub(super) async fn gone(&self, people: impl IntoIterator<Item = u64>, board: &impl Board) -> BTreeSet<u64> {
        let mut gone = BTreeSet::new();
        for person in people {
            match timeout(ASK, board.member(person)).await {
                Ok(Ok(Some(_))) => {}
                Ok(Ok(None)) => {
                    gone.insert(person);
                }
                Ok(Err(error)) => tracing::warn!(%error, person, "whether somebody is still there could not be asked"),
                Err(_) => tracing::warn!(person, "whether somebody is still there could not be asked in time"),
            }
        }
        gone
    }

    /// Keeps a notice for the log channel, where there is one.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    pub(in crate::service) async fn log(&self, key: String, says: Message) -> Result<(), StoreError> {
        tracing::warn!(key, says = %says.key, "told in the log channel");
        let Some(channel) = self.0.config.log else { return Ok(()) };
        let now = self.0.clock.now();
        // One after the other, or each would count before the others are there.
        let _one = self.0.logging.lock().await;
        // Whoever reads the channel must not drown in it: of one hour so many are told, and then that there are more.
        let told = self.0.store.notices_since(NoticeKind::Log, now - LOG_SPAN).await?;
        let (key, says) = if told < LOG_MOST {
            (key, says)
        } else {
            let hour = now.timestamp().div_euclid(LOG_SPAN.num_seconds());
            (format!("log-more-{hour}"), Message::new("log-more").with("most", LOG_MOST.to_string()))
        };
        let notice = NewNotice {
            key,
            kind: NoticeKind::Log,
            occurrence: None,
            person: None,
            says: Some(says),
            channel,
            due_at: now,
        };
        self.0.store.notify(&[notice]).await
    }
}

/// People as Discord shows them. In an embed nobody hears of it.
pub(super) fn mentions(people: &[u64]) -> String {
    if people.is_empty() {
        return "-".to_owned();
    }
    people.iter().map(|person| format!("<@{person}>")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let (occurrence, notice) = (OccurrenceId(7), Some(NoticeId(i64::MAX)));
        for press in [
            Press::Hand(occurrence),
            Press::To(occurrence),
            Press::Snooze(occurrence, None),
            Press::Snooze(occurrence, notice),
            Press::Run(occurrence, notice),
            Press::Done(OccurrenceId(i64::MAX), notice),
            Press::Digest(notice),
            Press::Findings(NoticeId(i64::MAX)),
        ] {
            assert_eq!(press.to_string().parse(), Ok(press));
            assert!(press.to_string().len() <= 100);
        }
    }

    #[test]
    fn what_was_forged_is_nothing() {
        for forged in [
            "",
            "duty",
            "duty:hand",
            "duty:hand:",
            "duty:hand:x",
            "duty:hand:-1",
            "duty:hand:1:2",
            "duty:act:1",
            "duty:snooze:1:2:3",
            "hand:1",
            "duty:digest:5",
            "duty:findings:0",
            "duty:findings:5:1",
        ] {
            assert_eq!(forged.parse::<Press>(), Err(NotDuty), "{forged}");
        }
    }

    #[test]
    fn a_message_is_known_by_its_buttons() {
        let ids = |ids: &[&str]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
        let reminder = ids(&["details:1", "duty:hand:7", "duty:snooze:7"]);
        let nudge = ids(&["duty:snooze:7:12"]);
        assert!(Press::marks_reminder(&reminder, OccurrenceId(7)) && !Press::marks_reminder(&nudge, OccurrenceId(7)));
        assert!(Press::marks_notice(&nudge, NoticeId(12)) && !Press::marks_notice(&reminder, NoticeId(7)));
    }
}
