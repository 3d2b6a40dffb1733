//! A person at a terminal: a program on a pseudo-terminal of its own, what it asks, what is typed.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long a question may take to come: behind it stands a login, or a call of Discord.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program that talks with a person.
pub(crate) struct Terminal {
    child: Child,
    keys: Option<ChildStdin>,
    shown: Receiver<Vec<u8>>,
    /// Everything that was shown.
    all: String,
    /// How much of it was waited for.
    read: usize,
}

impl Terminal {
    /// Starts `line`, a command line, in `folder`. The terminal is made by script(1), which belongs to every Debian.
    pub(crate) fn start(line: &str, folder: &Path, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new("script");
        command.args(["--quiet", "--return", "--echo", "never", "--command", line, "/dev/null"]);
        command.current_dir(folder).envs(variables.iter().copied());
        command.env("LANG", "en_US.UTF-8").env_remove("LC_ALL");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("script (apt-get install bsdutils)");
        let (keys, mut out) = (child.stdin.take(), child.stdout.take().expect("a stream"));
        let (send, shown) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = out.read(&mut buffer) {
                if send.send(buffer[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { child, keys, shown, all: String::new(), read: 0 }
    }

    /// Waits until `text` is shown, behind what was waited for before; then types `answer` and Enter.
    pub(crate) fn answer(&mut self, text: &str, answer: &str) {
        self.wait_for(text);
        self.type_in(format!("{answer}\n").as_bytes());
    }

    /// Types these keys.
    pub(crate) fn type_in(&mut self, keys: &[u8]) {
        let out = self.keys.as_mut().expect("it is still there");
        out.write_all(keys).and_then(|()| out.flush()).expect("a terminal");
    }

    /// Waits until `text` is shown, behind what was waited for before.
    pub(crate) fn wait_for(&mut self, text: &str) {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self.all[self.read..].find(text) {
                self.read += at + text.len();
                return;
            }
            match self.shown.recv_timeout(until.saturating_duration_since(Instant::now())) {
                // A character may be cut in two: then its second half mends nothing, and no test waits for it.
                Ok(bytes) => self.all.push_str(&String::from_utf8_lossy(&bytes)),
                Err(why) => {
                    let why = if why == RecvTimeoutError::Timeout { "in time" } else { "before it ended" };
                    panic!("“{text}” was not shown {why}:\n{}", self.all);
                }
            }
        }
    }

    /// Waits for the end: the exit status, and all that was shown.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        while let Ok(bytes) = self.shown.recv_timeout(PATIENCE) {
            self.all.push_str(&String::from_utf8_lossy(&bytes));
        }
        drop(self.keys.take());
        (self.child.wait().expect("a status").code(), std::mem::take(&mut self.all))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
