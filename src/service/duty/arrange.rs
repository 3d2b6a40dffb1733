//! The commands by which people arrange among themselves who is on. Everything is recorded, with who said it and when; the
//! file's rota stays below.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};

use super::press::mentions;
use crate::config::checklist_of;
use crate::domain::day;
use crate::domain::duty::{NewNotice, NoticeKind, OccurrenceId, OccurrenceState};
use crate::domain::message::{Explain, Message};
use crate::domain::rota::{Change, OnDuty, Rota, Span};
use crate::service::show::told;
use crate::service::{Board, Chat, ChatError, Service, View};
use crate::store::StoreError;

/// How far ahead a turn is looked for.
const AHEAD: TimeDelta = TimeDelta::days(120);

/// The longest span that anybody may arrange at once, in days: a slip of the year is no holiday.
const LONGEST: i64 = 366;

/// Days as somebody typed them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
}

/// What somebody asked for that cannot be.
pub(super) struct Unclear(pub(super) Message, pub(super) Option<Message>);

impl From<StoreError> for Unclear {
    fn from(error: StoreError) -> Self {
        Self(error.message(), error.hint())
    }
}

impl From<Unclear> for View {
    fn from(Unclear(message, hint): Unclear) -> Self {
        Self::Told(message, hint)
    }
}

impl Service {
    fn rota_of(&self, checklist: &str) -> Result<&Rota, Unclear> {
        self.0.config.rotas.get(checklist).ok_or_else(|| self.no_rota(checklist))
    }

    /// Answers `/assign`: `person` has the turn of these days; without any, from now to the end of the turn.
    ///
    /// # Errors
    /// [`ChatError`] when not even the first answer got through.
    pub async fn answer_assign(
        &self,
        checklist: &str,
        person: u64,
        days: &Days,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        if let Err(refusal) = self.may_run(chat.person(), checklist_of(checklist).0) {
            return chat.whisper(&told(&refusal)).await;
        }
        if let Err(refused) = self.can_take(person, checklist, board).await {
            return chat.whisper(&refused).await;
        }
        match self.assign(checklist, person, days, chat).await {
            Ok((says, span)) => {
                chat.whisper(&View::Told(says, None)).await?;
                self.hand_over_open(checklist, span, &[person], chat.person().id, board).await;
                Ok(())
            }
            Err(unclear) => chat.whisper(&unclear.into()).await,
        }
    }

    async fn assign(
        &self,
        checklist: &str,
        person: u64,
        days: &Days,
        chat: &impl Chat,
    ) -> Result<(Message, Span), Unclear> {
        let rota = self.rota_of(checklist)?;
        let today = rota.day_at(self.0.clock.now());
        let span = match days {
            Days { from: None, to: None } => Span { from: today, to: rota.turn.last_day(today) },
            days => span_of(days, today)?,
        };
        let by = chat.person().id;
        let says = Message::new("duty-assigned")
            .with("title", self.title_of(checklist))
            .with("who", mentions(&[person]))
            .with("days", shown(span))
            .with("by", mentions(&[by]));
        let change = Change::Cover { checklist: checklist.to_owned(), days: span, people: vec![person] };
        self.keep_change(checklist, &change, &says, &[person], chat).await?;
        Ok((says, span))
    }

    /// Answers `/swap`: who asks takes the turn of `with`, who takes theirs. Without a day it is the next turn of each.
    ///
    /// # Errors
    /// [`ChatError`] when not even the first answer got through.
    pub async fn answer_swap(
        &self,
        checklist: &str,
        with: u64,
        mine: Option<&str>,
        theirs: Option<&str>,
        chat: &impl Chat,
        board: &impl Board,
    ) -> Result<(), ChatError> {
        if let Err(refusal) = self.may_run(chat.person(), checklist_of(checklist).0) {
            return chat.whisper(&told(&refusal)).await;
        }
        if let Err(refused) = self.can_take(with, checklist, board).await {
            return chat.whisper(&refused).await;
        }
        match self.swap(checklist, with, mine, theirs, chat).await {
            Ok((says, given)) => {
                chat.whisper(&View::Told(says, None)).await?;
                for (span, people) in given {
                    self.hand_over_open(checklist, span, &people, chat.person().id, board).await;
                }
                Ok(())
            }
            Err(unclear) => chat.whisper(&unclear.into()).await,
        }
    }

    async fn swap(
        &self,
        checklist: &str,
        with: u64,
        mine: Option<&str>,
        theirs: Option<&str>,
        chat: &impl Chat,
    ) -> Result<(Message, [(Span, Vec<u64>); 2]), Unclear> {
        let me = chat.person().id;
        if me == with {
            return Err(Unclear(Message::new("duty-swap-self"), None));
        }
        let rota = self.rota_of(checklist)?;
        let changes = self.0.store.rota_changes().await?;
        let today = rota.day_at(self.0.clock.now());
        let turn = |of: u64, not: u64, typed: Option<&str>| -> Result<(Span, OnDuty), Unclear> {
            let from = typed.map_or(Ok(today), |typed| day_of(typed, today))?;
            let to = if typed.is_some() { from } else { from + AHEAD };
            let has = |on: &OnDuty| on.people.contains(&of) && !on.people.contains(&not);
            let spans = rota.spans(checklist, &changes, from, rota.turn.last_day(to));
            let found = spans.into_iter().find(|(span, on)| has(on) && span.from <= to);
            found.ok_or_else(|| {
                let message = Message::new("duty-swap-no-turn").with("who", mentions(&[of]));
                let message = message.with("title", self.title_of(checklist));
                Unclear(message, Some(Message::new("duty-swap-hint")))
            })
        };
        let (my_days, my_turn) = turn(me, with, mine)?;
        let (other_days, other_turn) = turn(with, me, theirs)?;
        let instead = |people: Vec<u64>, one: u64, other: u64| -> Vec<u64> {
            people.into_iter().map(|person| if person == one { other } else { person }).collect()
        };
        let one = instead(other_turn.people, with, me);
        let other = instead(my_turn.people, me, with);
        let says = Message::new("duty-swapped")
            .with("title", self.title_of(checklist))
            .with("one", mentions(&other))
            .with("days", shown(my_days))
            .with("other", mentions(&one))
            .with("other_days", shown(other_days))
            .with("by", mentions(&[me]));
        let change = Change::Swap {
            checklist: checklist.to_owned(),
            days: my_days,
            one: one.clone(),
            other_days,
            other: other.clone(),
        };
        self.keep_change(checklist, &change, &says, &[with], chat).await?;
        Ok((says, [(my_days, other), (other_days, one)]))
    }

    /// Answers `/away`: somebody is not there on these days, or is after all (`back`).
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_away(
        &self,
        person: Option<u64>,
        days: &Days,
        back: bool,
        chat: &impl Chat,
    ) -> Result<(), ChatError> {
        let view = match self.may_arrange(chat.person()) {
            Err(refusal) => told(&refusal),
            Ok(()) => match self.away(person.unwrap_or(chat.person().id), days, back, chat).await {
                Ok(says) => return chat.post(&View::Told(says, None)).await,
                Err(unclear) => unclear.into(),
            },
        };
        chat.whisper(&view).await
    }

    async fn away(&self, person: u64, days: &Days, back: bool, chat: &impl Chat) -> Result<Message, Unclear> {
        let now = self.0.clock.now();
        let days = span_of(days, now.with_timezone(&self.0.config.timezone).date_naive())?;
        let by = chat.person().id;
        let says = |key| {
            Message::new(key).with("who", mentions(&[person])).with("days", shown(days)).with("by", mentions(&[by]))
        };
        if !back {
            self.0.store.change_rota(&Change::Away { person, days }, by, &[], now).await?;
            tracing::info!(person, by, from = %days.from, to = %days.to, "away");
            return Ok(says("duty-away"));
        }
        let mut ended = false;
        for kept in self.0.store.rota_changes().await? {
            if matches!(kept.change, Change::Away { person: of, days: away } if of == person && away.meets(days)) {
                ended |= self.0.store.end_rota_change(kept.id, by, now).await?;
            }
        }
        if ended { Ok(says("duty-back")) } else { Err(Unclear(says("duty-not-away"), None)) }
    }

    /// Keeps a change, and that those of `concerned` hear of it where the checklist is posted.
    async fn keep_change(
        &self,
        checklist: &str,
        change: &Change,
        says: &Message,
        concerned: &[u64],
        chat: &impl Chat,
    ) -> Result<(), Unclear> {
        let (by, now) = (chat.person().id, self.0.clock.now());
        let scheduled = match checklist_of(checklist) {
            (checklist, Some(host)) => self.0.config.schedule_of(checklist, host),
            (checklist, None) => self.0.config.schedules.get(checklist),
        };
        let channel = scheduled.map_or(chat.person().channel, |known| known.channel);
        let notice = |person: &u64| NewNotice {
            key: format!("arranged-{checklist}-{person}-{}", now.timestamp_millis()),
            kind: NoticeKind::Arranged,
            occurrence: None,
            person: Some(*person),
            says: Some(says.clone()),
            channel,
            due_at: now,
        };
        let told: Vec<NewNotice> = concerned.iter().map(notice).collect();
        let kept = self.0.store.change_rota(change, by, &told, now).await?;
        tracing::info!(checklist, by, change = kept.0, "the rota is changed");
        Ok(())
    }

    /// What is open of these days goes with them, on every host that `name` is the rota of: each reminder that stands there
    /// names who has it now.
    async fn hand_over_open(&self, name: &str, days: Span, people: &[u64], by: u64, board: &impl Board) {
        let config = &self.0.config;
        let Some(rota) = config.rotas.get(name) else { return };
        let checklist = checklist_of(name).0;
        let of_rota = |host: &&String| config.rota_of(checklist, host).is_some_and(|(known, _)| known == name);
        for host in config.hosts.keys().filter(of_rota) {
            match self.handed_over((checklist, host), rota, days, people, by).await {
                Ok(Some(occurrence)) => self.show_reminder_anew(occurrence, board).await,
                Ok(None) => {}
                Err(error) => tracing::error!(%error, checklist, host, "what is open could not be handed over"),
            }
        }
    }

    /// Hands over the latest occurrence of a checklist on a host, where it is open and of these days. Gives back which.
    async fn handed_over(
        &self,
        (checklist, host): (&str, &str),
        rota: &Rota,
        days: Span,
        people: &[u64],
        by: u64,
    ) -> Result<Option<OccurrenceId>, StoreError> {
        let now = self.0.clock.now();
        let Some(open) = self.0.store.latest_occurrence(checklist, host, now).await? else { return Ok(None) };
        let before: BTreeSet<u64> = open.people.iter().copied().collect();
        let same = before == people.iter().copied().collect();
        // One that is being posted in this moment is handed over as well: its message follows when it is there.
        let stands = matches!(open.state, OccurrenceState::Claimed | OccurrenceState::Posted);
        if same || !stands || !days.contains(rota.day_at(open.due.at)) || self.is_done(&open).await? {
            return Ok(None);
        }
        self.0.store.hand_over(open.id, people, by, &[], now).await?;
        Ok(Some(open.id))
    }
}

/// The days that somebody typed: one where only the first is given, and today where only the last is.
fn span_of(days: &Days, today: NaiveDate) -> Result<Span, Unclear> {
    let read = |typed: &Option<String>| typed.as_deref().map(|typed| day_of(typed, today)).transpose();
    let (from, to) = (read(&days.from)?, read(&days.to)?);
    let from = from.unwrap_or(today);
    let to = to.unwrap_or(from);
    if to < from || (to - from).num_days() >= LONGEST {
        let message = Message::new("duty-days-wrong").with("from", from.to_string()).with("to", to.to_string());
        return Err(Unclear(message, Some(Message::new("duty-day-hint"))));
    }
    Ok(Span { from, to })
}

fn day_of(typed: &str, today: NaiveDate) -> Result<NaiveDate, Unclear> {
    day::parse(typed, today).ok_or_else(|| {
        let message = Message::new("duty-day-unclear").with("typed", crate::render::card::cut(typed, 40));
        Unclear(message, Some(Message::new("duty-day-hint")))
    })
}

fn shown(days: Span) -> String {
    if days.from == days.to { days.from.to_string() } else { format!("{} ~ {}", days.from, days.to) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_span_ends_after_it_begins_and_is_no_slip_of_the_year() {
        let today = day("2026-11-27");
        let typed = |from: &str, to: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            span_of(&Days { from: some(from), to: some(to) }, today).ok().map(|span| (span.from, span.to))
        };
        assert_eq!(typed("12/1", "12/3"), Some((day("2026-12-01"), day("2026-12-03"))));
        assert_eq!(typed("12/1", ""), Some((day("2026-12-01"), day("2026-12-01"))));
        assert_eq!(typed("", "12/1"), Some((today, day("2026-12-01"))));
        assert_eq!(typed("2026-12-03", "2026-12-01"), None);
        assert_eq!(typed("2026-12-03", "2028-12-03"), None);
    }
}
