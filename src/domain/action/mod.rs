//! An action: one file of `commands/`, one slash command that changes something on a host, behind the gate of
//! [`approval`](super::approval).

mod arguments;
mod identity;
mod outcome;
pub mod step;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use arguments::{ArgumentError, Arguments, Given, is_name};
pub use identity::Identity;
pub use outcome::{Before, Ended, Outcome, Outlook, Progress, Proven};
pub use step::{Step, Word};

use super::digest::Digest;
use super::grade::Grade;
use super::message::Localised;

/// What an action could do to those who use the service. It decides who must agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Nobody notices: whoever asks confirms it.
    Low,
    /// It interrupts or takes away: somebody else must approve.
    High,
    /// It can lose data or take the whole service down: two others must, and the target is typed in.
    Critical,
}

impl Risk {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Low, Self::High, Self::Critical];

    /// Its name in files and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The risk of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|risk| risk.name() == name)
    }
}

/// An action, as its file describes it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Action {
    /// The file's stem and the slash command's name: `restart`.
    pub id: String,
    /// Its name as a slash command in Korean, where it has one of its own.
    pub name_ko: Option<String>,
    /// What it is called.
    pub title: Localised,
    /// What Discord says of it.
    pub description: Localised,
    /// What it could do.
    pub risk: Risk,
    /// What must be chosen.
    pub parameters: Vec<Parameter>,
    /// What it interrupts, and for how long.
    pub interrupts: Localised,
    /// The names of the roles that may ask for it.
    pub ask: Vec<String>,
    /// The names of the roles that may approve it; of a [low](Risk::Low) one, those that may stop it.
    pub approve: Vec<String>,
    /// How long a request for it lives.
    pub expires: Duration,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// What shows that it worked.
    pub proves: Option<Proof>,
    /// What to do when it did not.
    pub after_failure: Vec<Localised>,
}

impl Action {
    /// SHA-256 of the whole definition: an approval counts for this one only.
    pub fn version(&self) -> Digest {
        // Only a map whose keys are no texts could fail, and there is none; the debug form says as much.
        let written = serde_json::to_vec(self).unwrap_or_else(|_| format!("{self:?}").into_bytes());
        Digest::of(&written)
    }

    /// The parameter `id`.
    pub fn parameter(&self, id: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.id == id)
    }
}

/// The checks that show whether an action worked: they are run again when it is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The checklist: `daily`.
    pub checklist: String,
    /// The checks of it; none named: all.
    pub checks: Vec<String>,
    /// Those of the checks that it eases, and need not cure: a full disk takes more than one clean-up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub eases: Vec<String>,
}

impl Proof {
    /// The checks `checks` of `checklist`.
    pub const fn of(checklist: String, checks: Vec<String>) -> Self {
        Self { checklist, checks, eases: Vec::new() }
    }

    /// Whether `check`, which was graded `before`, shows by being `after` that an act worked: nothing is wrong with it any
    /// more. One that is only eased was looked at, and is no worse than it was.
    pub fn is_shown_by(&self, check: &str, before: Grade, after: Grade) -> bool {
        let eased = || self.eases.iter().any(|eased| eased == check);
        !after.needs_attention() || after != Grade::Unknown && after >= before && eased()
    }

    /// Whether all of `other` is in it.
    pub fn covers(&self, other: &Self) -> bool {
        let all = self.checks.is_empty();
        self.checklist == other.checklist && (all || other.checks.iter().all(|check| self.checks.contains(check)))
    }
}

/// Something that must be chosen before an action can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// The option's name in the slash command: `service`.
    pub id: String,
    /// What the option says of itself.
    pub title: Localised,
    /// What can be chosen.
    pub source: Source,
}

/// Where the choices of a parameter come from. There is no free text: nothing that a person typed reaches a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The file names them.
    Choices(Vec<String>),
    /// The host is asked what it has.
    From(Inventory),
}

/// What a host is asked for when choices come from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Inventory {
    /// The services of the compose project.
    Services,
    /// The containers of the compose project, by name.
    Containers,
    /// The backups in the host's folder of backups, by file name.
    Backups,
    /// The images that were recorded as healthy and are still on the host.
    Images,
    /// The certificates that certbot keeps, by name.
    Certificates,
    /// The alarms that the deployment wants and that do not exist.
    Alarms,
}

impl Inventory {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Services, Self::Containers, Self::Backups, Self::Images, Self::Certificates, Self::Alarms];

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::Containers => "containers",
            Self::Backups => "backups",
            Self::Images => "images",
            Self::Certificates => "certificates",
            Self::Alarms => "alarms",
        }
    }

    /// The inventory of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|inventory| inventory.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restart() -> Action {
        let text = |text: &str| Localised { ko: text.to_owned(), en: text.to_owned() };
        Action {
            id: "restart".to_owned(),
            name_ko: None,
            title: text("Restart"),
            description: text("Restarts a service"),
            risk: Risk::High,
            parameters: vec![Parameter {
                id: "service".to_owned(),
                title: text("Service"),
                source: Source::From(Inventory::Services),
            }],
            interrupts: text("The service, for some seconds"),
            ask: vec!["operations".to_owned()],
            approve: vec!["devops".to_owned()],
            expires: Duration::from_secs(900),
            steps: vec![Step::Run(step::Run {
                argv: vec![Word::Literal("docker".to_owned()), Word::Argument("service".to_owned())],
                sudo: false,
                timeout: Duration::from_secs(60),
            })],
            proves: None,
            after_failure: Vec::new(),
        }
    }

    #[test]
    fn any_change_of_a_definition_is_another_version() {
        let changes: [fn(&mut Action); 7] = [
            |action| action.risk = Risk::Low,
            |action| action.ask.push("anybody".to_owned()),
            |action| action.approve.clear(),
            |action| action.expires += Duration::from_secs(1),
            |action| action.parameters.clear(),
            |action| action.steps.clear(),
            |action| action.proves = Some(Proof::of("daily".to_owned(), Vec::new())),
        ];
        assert_eq!(restart().version(), restart().version());
        for change in changes {
            let mut action = restart();
            change(&mut action);
            assert_ne!(action.version(), restart().version());
        }
    }

    #[test]
    fn what_an_act_should_cure_must_be_well_and_what_it_eases_no_worse() {
        let proof = Proof { eases: vec!["disk".to_owned()], ..Proof::of("daily".to_owned(), Vec::new()) };
        // Before, after, whether it shows for a check that is to be well, and for one that is eased.
        for (before, after, cured, eased) in [
            (Grade::Fail, Grade::Pass, true, true),
            (Grade::Fail, Grade::Waived, true, true),
            (Grade::Fail, Grade::Warn, false, true),
            (Grade::Fail, Grade::Fail, false, true),
            (Grade::Warn, Grade::Warn, false, true),
            (Grade::Warn, Grade::Fail, false, false),
            (Grade::Pass, Grade::Warn, false, false),
            (Grade::Fail, Grade::Unknown, false, false),
            (Grade::Unknown, Grade::Unknown, false, false),
            (Grade::Unknown, Grade::Fail, false, false),
        ] {
            assert_eq!(proof.is_shown_by("api", before, after), cured, "{before:?} -> {after:?}");
            assert_eq!(proof.is_shown_by("disk", before, after), eased, "{before:?} -> {after:?}, eased");
        }
    }

    #[test]
    fn names_are_read_back() {
        for risk in Risk::ALL {
            assert_eq!(Risk::from_name(risk.name()), Some(risk));
        }
        for inventory in Inventory::ALL {
            assert_eq!(Inventory::from_name(inventory.name()), Some(inventory));
        }
    }
}
