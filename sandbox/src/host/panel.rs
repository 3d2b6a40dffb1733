//! The host on the page: what it is like now, and what can be broken.

use std::sync::Arc;

use chrono::TimeDelta;
use tokio::sync::watch;

use super::core::Host;
use super::fault::{self, FAULTS};
use super::model::container::{Container, State, ago, largest_unit};
use super::model::machine::{DISK, MEMORY};
use super::model::{Model, Network};
use super::scene;
use crate::panel::{Mood, Panel, PanelFault, PanelFigure, PanelRefusal, PanelScene, PanelView, Words};

/// The panel of a practice host.
pub(super) struct HostPanel(pub(super) Arc<Host>);

impl Panel for HostPanel {
    fn view(&self) -> PanelView {
        let host = &self.0;
        let now = host.clock.now();
        let mut notices = Vec::new();
        if host.room().is_none() && host.look(|model| model.is_up(now)) {
            notices.push(Words::new(
                "이 컴퓨터는 네임스페이스를 허용하지 않아 명령을 실제로 실행하지 않습니다. 점검이 보내는 명령에는 모델이 대신 답합니다.",
                "This machine allows no namespaces: no command is run for real. The model itself answers those that the checks send.",
            ));
        }
        if host.is_replaced() {
            let key = &host.fingerprints[1];
            notices.push(Words::new(
                format!("새 서버의 콘솔: ssh-keygen -lf 지문은 {key}"),
                format!("On the new machine's console, ssh-keygen -lf says {key}"),
            ));
        }
        host.look(|model| {
            if !model.is_up(now) {
                notices.push(Words::new("서버가 재부팅 중입니다.", "The host is rebooting."));
            }
            PanelView {
                host: Words::new("Gear Freak 연습 서버", "Gear Freak practice host"),
                notices,
                figures: figures(model, now),
                faults: FAULTS
                    .iter()
                    .map(|fault| PanelFault {
                        id: fault.id.to_owned(),
                        group: words(fault.group),
                        name: words(fault.name),
                        about: words(fault.about),
                        on: model.faults.contains_key(fault.id),
                    })
                    .collect(),
                scenes: scene::scenes()
                    .into_iter()
                    .filter_map(|id| {
                        let scene = scene::read(id).ok()?;
                        Some(PanelScene {
                            id: id.to_owned(),
                            name: Words::new(scene.title.ko, scene.title.en),
                            about: Words::new(scene.about.ko, scene.about.en),
                        })
                    })
                    .collect(),
                scene: model.scene.clone(),
            }
        })
    }

    fn set_fault(&self, id: &str, on: bool) -> Result<(), PanelRefusal> {
        let Some(fault) = fault::named(id) else {
            let there = FAULTS.iter().map(|fault| fault.id).collect::<Vec<_>>().join(", ");
            return Err(PanelRefusal::Unknown { wanted: id.to_owned(), there });
        };
        self.0.change(|model| model.scene = None);
        fault::set(&self.0, fault, on).map_err(|error| PanelRefusal::Refused(error.to_string()))
    }

    fn set_scene(&self, id: &str) -> Result<(), PanelRefusal> {
        take_up(&self.0, id)
    }

    fn timezone(&self) -> Option<String> {
        // As `timedatectl` says on it.
        Some("Asia/Seoul".to_owned())
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes()
    }
}

/// Mends everything, then breaks what the scene says.
pub(super) fn take_up(host: &Host, id: &str) -> Result<(), PanelRefusal> {
    let scene = scene::read(id).map_err(|error| match error {
        scene::SceneError::Unknown { wanted, there } => PanelRefusal::Unknown { wanted, there },
        wrong @ scene::SceneError::Wrong { .. } => PanelRefusal::Refused(wrong.to_string()),
    })?;
    let refused = |error: std::io::Error| PanelRefusal::Refused(error.to_string());
    fault::mend_all(host).map_err(refused)?;
    for fault in scene.faults.iter().filter_map(|id| fault::named(id)) {
        fault::set(host, fault, true).map_err(refused)?;
    }
    host.change(|model| model.scene = Some(id.to_owned()));
    Ok(())
}

fn words([ko, en]: [&str; 2]) -> Words {
    Words::new(ko, en)
}

fn figures(model: &Model, now: chrono::DateTime<chrono::Utc>) -> Vec<PanelFigure> {
    let mut figures: Vec<_> = model.containers.iter().map(|one| container(one, now)).collect();
    let gb = |bytes: u64| format!("{}.{}", bytes / 1_000_000_000, bytes / 100_000_000 % 10);
    let mb = |bytes: u64| format!("{}", bytes / 1_000_000);
    let load = model.load(now);
    figures.push(share("cpu", ["CPU", "CPU"], format!("{:.0} %", load * 100.0), load));
    let memory = format!("{} / {} MB", mb(model.memory_used()), mb(MEMORY));
    figures.push(share("memory", ["메모리", "Memory"], memory, model.memory_share()));
    figures.push(share(
        "disk",
        ["디스크", "Disk"],
        format!("{} / {} GB", gb(model.disk_used()), gb(DISK)),
        model.disk_share(),
    ));
    if let Some(until) = model.served.values().map(|one| one.until).min() {
        let left = until - now;
        let (value, mood) = if left < TimeDelta::zero() {
            (Words::new("만료됨", "expired"), Mood::Bad)
        } else {
            let days = left.num_days();
            (
                Words::new(format!("{days}일 남음"), format!("{days} days left")),
                if days < 7 {
                    Mood::Bad
                } else if days < 30 {
                    Mood::Uneasy
                } else {
                    Mood::Good
                },
            )
        };
        figures.push(PanelFigure {
            id: "certificate".to_owned(),
            name: Words::new("인증서", "Certificate"),
            value,
            share: None,
            mood,
        });
    }
    let (value, mood) = match model.network {
        Network::Fine => (Words::new("정상", "fine"), Mood::Good),
        Network::Slow(millis) => (Words::same(format!("+{millis} ms")), Mood::Uneasy),
        Network::Cut => (Words::new("끊김", "cut"), Mood::Bad),
    };
    figures.push(PanelFigure {
        id: "network".to_owned(),
        name: Words::new("네트워크", "Network"),
        value,
        share: None,
        mood,
    });
    figures
}

/// Its state in the engine's own words, which are the same in every language.
fn container(one: &Container, now: chrono::DateTime<chrono::Utc>) -> PanelFigure {
    let (value, mood) = match one.state {
        State::Running { since } if one.answers(now) => {
            let runs = |span: String| format!("running · healthy · {span}");
            (Words::new(runs(ago_in_korean(now - since)), runs(ago(now - since))), Mood::Good)
        }
        State::Running { .. } => (Words::same("running · starting"), Mood::Uneasy),
        State::Paused { .. } => (Words::same("paused"), Mood::Bad),
        State::Exited { code, .. } => (Words::same(format!("exited ({code})")), Mood::Bad),
        State::Restarting { .. } => (Words::same(format!("restarting · {}×", one.restarts(now))), Mood::Bad),
        State::Removed => (Words::same("removed"), Mood::Bad),
    };
    PanelFigure { id: one.service.clone(), name: Words::same(&one.name), value, share: None, mood }
}

fn ago_in_korean(span: TimeDelta) -> String {
    let (number, unit) = largest_unit(span);
    let unit = match unit {
        "second" => "초",
        "minute" => "분",
        "hour" => "시간",
        _ => "일",
    };
    format!("{number}{unit}")
}

fn share(id: &str, name: [&str; 2], value: String, share: f64) -> PanelFigure {
    let mood = if share >= 0.85 {
        Mood::Bad
    } else if share >= 0.75 {
        Mood::Uneasy
    } else {
        Mood::Good
    };
    PanelFigure { id: id.to_owned(), name: words(name), value: Words::same(value), share: Some(share), mood }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_said_in_the_language_of_the_page() {
        for (seconds, korean, english) in [
            (1, "1초", "1 second"),
            (59, "59초", "59 seconds"),
            (60, "1분", "1 minute"),
            (7200, "2시간", "2 hours"),
            (172_799, "47시간", "47 hours"),
            (3 * 86_400, "3일", "3 days"),
        ] {
            let span = TimeDelta::seconds(seconds);
            assert_eq!((ago_in_korean(span).as_str(), ago(span).as_str()), (korean, english));
        }
    }
}
