//! Whether sudo lets a user of the host run a command as root: asked of `sudo -l`, which runs nothing.

use std::time::Duration;

use tracing::Instrument;

use super::error::Why;
use super::{Host, HostError, Output, shell};
use crate::config::Transport;
use crate::domain::evidence::Status;
use crate::domain::sudo::{May, Right};

const MAY: &str = include_str!("may.sh");

/// The host answers at once, or something is wrong.
const ANSWER: Duration = Duration::from_secs(10);

impl Host {
    /// Whether who looks may do `right`.
    ///
    /// # Errors
    /// [`HostError`] when the host could not be asked.
    pub async fn may_look(&self, right: &Right) -> Result<May, HostError> {
        let words = right.tried();
        let output = self.look_with(MAY, &words.iter().map(String::as_str).collect::<Vec<_>>(), ANSWER).await?;
        self.answered(&output)
    }

    /// Whether who acts, by the second door, may do `right`. Changes nothing.
    ///
    /// # Errors
    /// [`HostError`] when the host could not be asked.
    pub async fn may_act(&self, right: &Right) -> Result<May, HostError> {
        let words = right.tried();
        let line = shell::with_words(MAY, &words.iter().map(String::as_str).collect::<Vec<_>>());
        async {
            let reached = self.acting_connection().await?;
            let output = self.run(&reached, &line, ANSWER).await?;
            self.answered(&output)
        }
        .instrument(self.span())
        .await
    }

    /// What the script said. A host that runs nothing says nothing, and a program is not missing for that.
    fn answered(&self, output: &Output) -> Result<May, HostError> {
        read(output).ok_or_else(|| {
            let said = output.stderr.text.trim().lines().last().map(|line| line.chars().take(200).collect());
            let cause = said.map_or(Why::Ended, Why::Said);
            match &self.config.transport {
                Transport::Ssh(ssh) => HostError::SessionRefused { at: format!("{}:{}", ssh.host, ssh.port), cause },
                Transport::Local => HostError::NotRun { cause: cause.to_string() },
            }
        })
    }
}

fn read(output: &Output) -> Option<May> {
    if output.status != Some(Status::Exit(0)) {
        return None;
    }
    match output.stdout.text.trim().split_once(' ') {
        Some(("may", _)) => Some(May::Yes),
        Some(("refused", path)) => Some(May::No(path.to_owned())),
        None if output.stdout.text.trim() == "missing" => Some(May::Missing),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Captured;

    #[test]
    fn no_answer_is_not_an_answer() {
        let said = |text: &str, status| {
            let stdout = Captured { text: text.to_owned(), dropped: 0 };
            read(&Output { status, stdout, stderr: Captured::default(), elapsed: Duration::ZERO })
        };
        let well = || Some(Status::Exit(0));
        assert_eq!(said("may /usr/bin/find\n", well()), Some(May::Yes));
        assert_eq!(said("refused /usr/bin/find\n", well()), Some(May::No("/usr/bin/find".to_owned())));
        assert_eq!(said("missing\n", well()), Some(May::Missing));
        for (text, status) in [
            ("", well()),
            ("This account is for backups only.\n", well()),
            ("", Some(Status::Exit(127))),
            ("missing\n", Some(Status::Exit(1))),
            ("may /usr/bin/find\n", None),
        ] {
            assert_eq!(said(text, status.clone()), None, "{text:?} {status:?}");
        }
    }

    #[test]
    fn a_program_that_the_shell_has_too_is_told_by_its_path() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::TempDir::new().unwrap();
        let sudo = folder.path().join("sudo");
        std::fs::write(&sudo, "#!/bin/sh\nexit 1\n").unwrap();
        std::fs::set_permissions(sudo, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
        for (words, wanted) in
            [(["test", "-d", "/x"], "refused /"), (["find", "/x", "-x"], "refused /"), (["no-such", "", ""], "missing")]
        {
            let line = shell::with_words(MAY, &words);
            let output = std::process::Command::new("sh").args(["-c", &line]).env("PATH", &path).output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success() && said.starts_with(wanted), "{words:?}: {said}");
        }
    }
}
