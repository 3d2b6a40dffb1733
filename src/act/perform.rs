//! Carries out an approved action: its steps in order, up to the first that fails.

use super::follow::{self, End, Heard};
use super::{Stage, Unfit, cloud, compose, database, engine, reboot, scripts, upkeep};
use crate::domain::action::{Action, Ended, Outcome, Progress, Step};
use crate::domain::approval::{Approved, RequestId};
use crate::domain::audit::Actor;
use crate::domain::exercise::{Exercise, ExerciseKind};
use crate::domain::message::{Explain, Message};
use crate::domain::words::Who;
use crate::host::job::{Job, JobId, JobState};

/// Carries out the steps of `action`, which `approved` is for, claimed at `claimed_at` (milliseconds since 1970), asked for
/// by `by`. Each step is one job that goes on without the bot; `progress` hears of what they print.
///
/// What comes back has no proofs yet: whether it worked for those who use the service, checks must show.
pub async fn perform(
    action: &Action,
    approved: &Approved,
    claimed_at: i64,
    by: &Who,
    stage: &Stage,
    progress: impl Fn(Progress),
) -> Outcome {
    let mut heard = Heard::default();
    let mut outcome = Outcome { ended: Ended::Verified, says: Vec::new(), output: String::new(), proofs: Vec::new() };
    // The definition may have been read anew since; what was approved is this one.
    let end = if action.version() == approved.version() {
        let steps = action.steps.len();
        let mut end = End::Done;
        for (index, step) in action.steps.iter().enumerate() {
            let tell = |heard: &Heard| progress(Progress { step: index + 1, steps, output: heard.shown(stage) });
            tell(&heard);
            let job = JobId::new(approved.id().0, claimed_at, index + 1);
            end = one(step, approved, job, by, stage, &mut heard, tell).await;
            if end != End::Done {
                if steps > 1 {
                    let at = Message::new("act-stopped-at").with("step", (index + 1).to_string());
                    outcome.says.push(at.with("steps", steps.to_string()));
                }
                break;
            }
        }
        end
    } else {
        End::Failed(Message::new("act-other-version").into())
    };
    let (ended, unfit) = match end {
        End::Done => (Ended::Verified, None),
        End::Failed(unfit) => (Ended::Failed, Some(unfit)),
        End::Rebooted => (Ended::Interrupted, Some(Message::new("act-rebooted").into())),
        End::Unknown(unfit) => (Ended::Interrupted, Some(unfit)),
    };
    outcome.ended = ended;
    outcome.output = heard.shown(stage);
    if let Some(Unfit { reason, hint }) = unfit {
        outcome.says.extend(std::iter::once(reason).chain(hint));
    }
    outcome.says.extend(heard.facts);
    outcome
}

async fn one(
    step: &Step,
    approved: &Approved,
    id: JobId,
    by: &Who,
    stage: &Stage,
    heard: &mut Heard,
    tell: impl Fn(&Heard),
) -> End {
    match step {
        Step::PutAlarm(step) => return cloud::put_alarm(step, approved, stage, heard).await,
        Step::ApproveBaseline => return cloud::approve_baseline(approved, by, stage, heard).await,
        _ => {}
    }
    let (script, words) = match words(step, approved, stage) {
        Ok(job) => job,
        Err(unfit) => return End::Failed(unfit),
    };
    let job = Job { id, script, words, limit: step.limit() };
    let begun = tokio::time::Instant::now();
    let end = follow::run(approved, &job, stage, heard, tell).await;
    match (step, end) {
        // A machine that goes down may refuse the next login: another boot tells that it was done. Without one it is as
        // unknown as before.
        (Step::Reboot, End::Unknown(why)) => match reboot::wait(&approved.binding().identity, stage, heard).await {
            End::Done => End::Done,
            _ => End::Unknown(why),
        },
        // Its own job may go down with the machine, before or after its last word.
        (Step::Reboot, End::Done | End::Rebooted) => reboot::wait(&approved.binding().identity, stage, heard).await,
        (Step::RestoreTest(_), end) => {
            if !matches!(end, End::Unknown(_)) {
                let exercise = Exercise {
                    kind: ExerciseKind::RestoreTest,
                    passed: end == End::Done,
                    ended_at: stage.now + begun.elapsed(),
                    took: begun.elapsed(),
                    told_by: by.name.clone(),
                };
                let (host, by) = (&stage.host.config().name, Actor::Discord(by.id));
                if let Err(error) = stage.store.record_exercise(host, &exercise, &by).await {
                    tracing::error!(%error, "a restore test could not be recorded");
                    heard.add(error.message(), stage);
                }
            }
            end
        }
        (_, end) => end,
    }
}

/// The script of a step, and its words.
fn words(step: &Step, approved: &Approved, stage: &Stage) -> Result<(&'static str, Vec<String>), Unfit> {
    let (arguments, identity) = (approved.arguments(), &approved.binding().identity);
    Ok(match step {
        Step::Run(run) => (scripts::RUN, upkeep::words_run(run, arguments)?),
        Step::Compose(step) => (scripts::COMPOSE, compose::words(step, arguments, stage)?),
        Step::Reboot => (scripts::REBOOT, Vec::new()),
        Step::Rollback(step) => (scripts::ROLLBACK, engine::words_rollback(step, arguments, identity, stage)?),
        Step::Prune(step) => (scripts::PRUNE, engine::words_prune(step, identity, stage)),
        Step::Backup(backups) => (scripts::BACKUP, database::words_backup(backups)),
        Step::Restore(step) => (scripts::RESTORE, database::words_restore(step, arguments, identity, stage)?),
        Step::RestoreTest(step) => (scripts::RESTORE_TEST, database::words_test(step, stage)),
        Step::DeleteBackups(step) => (scripts::DELETE_BACKUPS, database::words_delete(step, identity)),
        Step::Renew(step) => (scripts::RENEW, upkeep::words_renew(*step)),
        Step::VacuumJournal { keep } => (scripts::VACUUM, vec![keep.as_secs().to_string()]),
        Step::ArchiveLogs(step) => (scripts::ARCHIVE, upkeep::words_archive(step, identity)),
        Step::Update => (scripts::UPDATE, Vec::new()),
        Step::PutAlarm(_) | Step::ApproveBaseline => return Err(Message::new("unfit-no-value").into()),
    })
}

/// What is known of an act that an earlier life of the bot began and did not see end: what each of its jobs came to on the
/// host. Nothing is begun again, and what was on its way to the host when the bot died never begins either. `steps` are
/// those of its definition; none where there is none any more.
pub async fn begun(steps: &[Step], request: RequestId, claimed_at: i64, stage: &Stage) -> Outcome {
    let mut says = vec![Message::new("act-look-by-hand")];
    let mut output = String::new();
    let count = steps.len().max(1);
    for number in 1..=count {
        let at = |message: Message| message.with("step", number.to_string()).with("steps", count.to_string());
        // What is done at Amazon leaves nothing on the host.
        if matches!(steps.get(number - 1), Some(Step::PutAlarm(_) | Step::ApproveBaseline)) {
            says.push(at(Message::new("act-found-elsewhere")));
            continue;
        }
        let id = JobId::new(request.0, claimed_at, number);
        let (state, heard) = match follow::sealed(&id, stage).await {
            Ok(found) => found,
            Err(error) => {
                says.push(Message::new("act-found-unread").with("cause", error.message()));
                break;
            }
        };
        says.push(at(match state {
            JobState::Absent | JobState::Sealed => Message::new("act-found-absent"),
            JobState::Ended(0) => Message::new("act-found-done"),
            JobState::Ended(status) => Message::new("act-found-failed").with("status", status.to_string()),
            JobState::Running => Message::new("act-found-running").with("unit", format!("signoff-{}", id.as_str())),
            JobState::Rebooted | JobState::Gone => Message::new("act-found-gone"),
        }));
        if !matches!(state, JobState::Absent | JobState::Sealed) {
            output = heard.shown(stage);
        }
        says.extend(heard.facts);
    }
    Outcome { ended: Ended::Interrupted, says, output, proofs: Vec::new() }
}
