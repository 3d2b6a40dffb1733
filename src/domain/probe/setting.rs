//! What is asked of how a host is set up.

use std::time::Duration;

/// The settings that a program says it runs with: lines of a name and a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The command line that prints them. Read-only.
    pub command: String,
    /// The names that matter: each is a measure of the probe.
    pub keys: Vec<String>,
}

/// Files of the host: what they are, never what is in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// Paths, with `*` and `?` as the shell has them.
    pub paths: Vec<String>,
    /// Names that are passed over: `*.gz`.
    pub skip: Vec<String>,
}

/// A jail of fail2ban.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fail2ban {
    /// Its name: `sshd`.
    pub jail: String,
}

/// A unit that starts another by the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    /// Its name: `certbot-renew.timer`.
    pub unit: String,
}

/// Updates that the host's package manager knows of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Updates {
    /// Which one is asked; none: the one that is there.
    pub manager: Option<Manager>,
}

/// A package manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manager {
    /// Of Amazon Linux 2023, Fedora, RHEL.
    Dnf,
    /// Of Amazon Linux 2, CentOS 7.
    Yum,
    /// Of Debian, Ubuntu.
    Apt,
}

impl Manager {
    /// Each, in the order in which they are looked for.
    pub const ALL: [Self; 3] = [Self::Dnf, Self::Yum, Self::Apt];

    /// The name of its program.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dnf => "dnf",
            Self::Yum => "yum",
            Self::Apt => "apt",
        }
    }
}

/// The same request several times, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Benchmark {
    /// Where to.
    pub url: String,
    /// How often.
    pub times: u32,
    /// How long to wait between two.
    pub pause: Duration,
}

/// What the images of the host's engine take, and what of it nobody uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    /// Images that must stay although nothing runs from them: the one to roll back to.
    pub keep: Vec<String>,
}

/// Known weaknesses of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trivy {
    /// The image.
    pub image: String,
}
