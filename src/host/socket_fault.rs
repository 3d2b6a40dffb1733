//! Why the Docker socket of a host would not have us. SSH says only that it would not, so the host is asked.

use std::time::Duration;

use tracing::debug;

use super::HostError;
use super::connection::Connection;
use super::shell::quote;

/// How long finding out may take.
const DEADLINE: Duration = Duration::from_secs(5);

/// Looks what is wrong with `socket`.
pub(super) async fn diagnose(connection: &Connection, socket: &str) -> HostError {
    match connection.run(&script(socket), DEADLINE).await {
        Ok(output) => {
            debug!(found = output.stdout.text, "the docker socket is not to be had");
            fault(&output.stdout.text, socket)
        }
        Err(error) => error,
    }
}

/// A script that prints one word on what it finds, the user, and the group that may use the socket.
fn script(socket: &str) -> String {
    const SCRIPT: &str = r#"
d=$(dirname "$s"); r=$(readlink -f "$s"); g=$(stat -L -c %G "$s" 2>/dev/null)
if [ -S "$s" ]; then
    if [ ! -r "$s" ] || [ ! -w "$s" ]; then w=forbidden
    elif awk -v a="$s" -v b="$r" '
        function ends(path) { return substr($0, length($0) - length(path)) == " " path }
        $4 == "00010000" && (ends(a) || ends(b)) { found = 1 }
        END { exit !found }' /proc/net/unix
    then w=listening
    else w=silent
    fi
elif [ -d "$d" ] && [ ! -x "$d" ]; then w=forbidden; g=$(stat -L -c %G "$d")
else w=missing
fi
echo "$w"; id -un; echo "${g:-docker}""#;
    format!("s={}\n{}", quote(socket), SCRIPT.trim_start())
}

fn fault(found: &str, socket: &str) -> HostError {
    let mut lines = found.lines().map(str::to_owned);
    let (word, user, group) = (lines.next(), lines.next(), lines.next());
    let socket = socket.to_owned();
    match word.as_deref() {
        Some("missing") => HostError::DockerMissing { socket },
        Some("forbidden") => {
            HostError::DockerForbidden { socket, user: user.unwrap_or_default(), group: group.unwrap_or_default() }
        }
        Some("silent") => HostError::DockerDown { socket },
        // It is there for the user, but not by way of the host's SSH server.
        Some("listening") => HostError::DockerNotForwarded { socket },
        _ => HostError::DockerBroken { cause: format!("{socket} cannot be reached") },
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::net::UnixListener;
    use std::path::Path;
    use std::process::Command;

    use super::*;

    /// What the script says to somebody who is not root.
    fn found(socket: &Path) -> HostError {
        let is_root = rustix::process::getuid().is_root();
        let mut command = if is_root { Command::new("setpriv") } else { Command::new("env") };
        if is_root {
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        }
        let socket = socket.display().to_string();
        let output = command.args(["sh", "-c", &script(&socket)]).output().unwrap();
        assert!(output.stderr.is_empty(), "{output:?}");
        fault(&String::from_utf8(output.stdout).unwrap(), &socket)
    }

    #[test]
    fn the_script_tells_every_fault_apart() {
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path, mode| std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
        mode(folder.path(), 0o755);
        let socket = folder.path().join("a 'docker'.sock");
        let at = socket.display().to_string();
        assert_eq!(found(&socket), HostError::DockerMissing { socket: at.clone() });
        let listener = UnixListener::bind(&socket).unwrap();
        mode(&socket, 0o666);
        assert_eq!(found(&socket), HostError::DockerNotForwarded { socket: at.clone() });
        mode(&socket, 0o000);
        assert!(
            matches!(found(&socket), HostError::DockerForbidden { user, group, .. } if !user.is_empty() && !group.is_empty())
        );
        mode(&socket, 0o666);
        drop(listener);
        assert_eq!(found(&socket), HostError::DockerDown { socket: at });
        // A folder that may not be entered does not tell what is in it.
        mode(folder.path(), 0o000);
        assert!(matches!(found(&socket), HostError::DockerForbidden { .. }));
        mode(folder.path(), 0o755);
    }
}
