//! fail2ban: whether a jail guards, and whom it holds. A jail that is missing and a server that is down give the same exit
//! status: their words tell them apart.

use crate::domain::evidence::{Evidence, Instead, Looked, Measurement, Status};
use crate::domain::message::Message;
use crate::domain::probe::Fail2ban;
use crate::domain::quantity::Quantity;
use crate::probe::script::{mark, part};
use crate::probe::text::{OUTPUT_LENGTH, clip, quoted};
use crate::probe::{Watch, World, could_not, sudo};

pub(in crate::probe) async fn look(probe: &Fail2ban, world: &World, watch: &Watch) -> Looked {
    let jail = quoted(&probe.jail);
    let what = format!("sudo -n fail2ban-client get {jail} banip --with-time");
    let script = [
        "export LC_ALL=C PATH=\"$PATH:/usr/sbin:/usr/local/bin\"".to_owned(),
        mark("installed"),
        "command -v fail2ban-client".to_owned(),
        mark("banned"),
        format!("{what} 2>&1"),
        "true".to_owned(),
    ];
    let output = match world.run(&script.join("\n"), watch).await {
        Ok(output) => output,
        Err(why) => return Err(could_not(what, why)),
    };
    let text = &output.stdout.text;
    let mut evidence = Evidence { what: what.clone(), status: Some(Status::Answered), ..Evidence::default() };
    if part(text, "installed").is_empty() {
        evidence.instead = Some(Instead::DoesNotApply(Message::new("probe-fail2ban-missing")));
        return Ok(evidence);
    }
    let answer = part(text, "banned");
    if let Some(why) = sudo::refusal(answer, world, "/usr/bin/fail2ban-client") {
        return Err(could_not(what, why));
    }
    let Some(state) = state(answer) else {
        let mut failed = could_not(what, Message::new("probe-fail2ban-unreadable"));
        failed.output = clip(answer, OUTPUT_LENGTH).into_owned();
        return Err(failed);
    };
    let says = match state {
        State::Guards => None,
        State::NoJail => Some(Message::new("probe-fail2ban-no-jail").with("jail", probe.jail.as_str())),
        State::Down => Some(Message::new("probe-fail2ban-down")),
    };
    let measurement = Measurement::text("state", state.name());
    evidence.measurements.push(match says {
        Some(says) => measurement.saying(says),
        None => measurement,
    });
    if state == State::Guards {
        let banned: Vec<_> = answer.lines().filter(|line| is_ban(line)).map(str::to_owned).collect();
        let count = u32::try_from(banned.len()).unwrap_or(u32::MAX);
        let number = Measurement::quantity("banned", Quantity::count(f64::from(count)));
        evidence
            .measurements
            .push(number.saying(Message::new("probe-fail2ban-banned").with("count", count.to_string())));
        evidence.output = clip(&banned.join("\n"), OUTPUT_LENGTH).into_owned();
    } else {
        clip(answer, OUTPUT_LENGTH).into_owned().clone_into(&mut evidence.output);
    }
    Ok(evidence)
}

/// What became of the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Guards,
    NoJail,
    Down,
}

impl State {
    const fn name(self) -> &'static str {
        match self {
            Self::Guards => "running",
            Self::NoJail => "no-jail",
            Self::Down => "down",
        }
    }
}

fn state(answer: &str) -> Option<State> {
    let says = |words: &[&str]| words.iter().any(|word| answer.contains(word));
    if says(&["does not exist", "UnknownJailException"]) {
        Some(State::NoJail)
    } else if says(&[
        "Is fail2ban running",
        "Failed to access socket",
        "Unable to contact server",
        "Connection refused",
    ]) {
        Some(State::Down)
    } else if answer.lines().all(|line| line.trim().is_empty() || is_ban(line)) {
        Some(State::Guards)
    } else {
        None
    }
}

/// `203.0.113.9  2026-11-22 03:12:44 + 600 = 2026-11-22 03:22:44`.
fn is_ban(line: &str) -> bool {
    line.split_whitespace().next().is_some_and(|first| first.parse::<std::net::IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_tell_what_the_status_does_not() {
        for (answer, expected) in [
            ("", Some(State::Guards)),
            (
                "203.0.113.9 \t2026-11-22 03:12:44 + 600 = 2026-11-22 03:22:44\n2001:db8::1 \t2026-11-22",
                Some(State::Guards),
            ),
            ("2026-11-23 ERROR   NOK: ('sshd',)\nSorry but the jail 'sshd' does not exist", Some(State::NoJail)),
            (
                "ERROR  Failed to access socket path: /var/run/fail2ban/fail2ban.sock. Is fail2ban running?",
                Some(State::Down),
            ),
            ("something else", None),
        ] {
            assert_eq!(state(answer), expected, "{answer}");
        }
    }
}
