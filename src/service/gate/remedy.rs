//! The remedies of a check as buttons: each that names an action asks for it, with what the remedy says is chosen. It is the
//! same gate with the same rights as the slash command.

use super::super::{Chat, ChatError, Service, View};
use super::GateId;
use super::hands::Cannot;
use crate::domain::action::Proof;
use crate::domain::command::{Remedy, RemedyAct};
use crate::domain::message::{Localised, Message};
use crate::domain::report::{Report, ReportedCheck};
use crate::domain::run::RunId;

/// A remedy that a button asks for.
#[derive(Clone, Debug)]
pub struct RemedyButton {
    /// What it brings back.
    pub id: GateId,
    /// What the action is called.
    pub title: Localised,
    /// What is chosen.
    pub chosen: Vec<String>,
}

impl Service {
    /// The remedies of `check` in the report of `run` that a button can ask for: they name an action. What must be chosen
    /// besides what the remedy says is asked in the form. None for a check that is well, and of one whose file says something else by now.
    pub(in crate::service) fn remedies(&self, run: RunId, report: &Report, check: &str) -> Vec<RemedyButton> {
        let Some((place, check)) = report.checks().enumerate().find(|(_, one)| one.id == check) else {
            return Vec::new();
        };
        if !check.grade.wants_remedy() {
            return Vec::new();
        }
        let buttons = (0..check.remedies.len()).filter_map(|number| {
            let act = self.remedy(report, check, number)?;
            let action = self.commands().actions.get(&act.action)?;
            Some(RemedyButton {
                id: GateId::Remedy(run, place, number),
                title: action.title.clone(),
                chosen: act.with.values().cloned().collect(),
            })
        });
        buttons.collect()
    }

    /// The action of a remedy, where the check's file still says what the report showed.
    fn remedy(&self, report: &Report, check: &ReportedCheck, number: usize) -> Option<&RemedyAct> {
        let checklist = self.commands().checklists.get(&report.command)?;
        let Remedy { says, act } = checklist.checks().find(|one| one.id == check.id)?.remedies.get(number)?;
        act.as_ref().filter(|_| check.remedies.get(number) == Some(says))
    }

    /// Answers the button of a remedy: asks why, for the host that the report is of.
    ///
    /// # Errors
    /// [`ChatError`] when the answer did not get through.
    pub async fn answer_remedy(
        &self,
        run: RunId,
        (check, remedy): (usize, usize),
        chat: &impl Chat,
    ) -> Result<(), ChatError> {
        match self.remedy_pressed(run, check, remedy).await {
            Ok((act, of, host)) => self.ask_act(&act.action, Some(&host), act.with.clone(), Some(of), chat).await,
            Err((message, hint)) => chat.whisper(&View::Told(message, hint)).await,
        }
    }

    async fn remedy_pressed(
        &self,
        run: RunId,
        check: usize,
        remedy: usize,
    ) -> Result<(&RemedyAct, Proof, String), Cannot> {
        let dead = || (Message::new("button-dead"), None);
        let report = self.kept_report(run).await?;
        let check = report.checks().nth(check).filter(|check| check.grade.wants_remedy()).ok_or_else(dead)?;
        let act = self.remedy(&report, check, remedy).ok_or_else(dead)?;
        let of = Proof::of(report.command.clone(), vec![check.id.clone()]);
        Ok((act, of, report.host.clone()))
    }
}
