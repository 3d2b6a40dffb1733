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
    elif awk -v a="$s" -v b="$r" '$4 == "00010000" && ($NF == a || $NF == b) { found = 1 } END { exit !found }' /proc/net/unix
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
