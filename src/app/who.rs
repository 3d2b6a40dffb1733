//! Who asks in a terminal.

/// The login name of whoever sits at the terminal. The environment of a timer may name nobody: then the record has the name
/// behind the user's id, or just that id.
pub(super) fn login() -> String {
    let names = ["USER", "LOGNAME"].map(|name| std::env::var(name).unwrap_or_default());
    let accounts = || std::fs::read("/etc/passwd").unwrap_or_default();
    login_of(names, rustix::process::getuid().as_raw(), accounts)
}

fn login_of(names: [String; 2], uid: u32, accounts: impl FnOnce() -> Vec<u8>) -> String {
    let named = names.into_iter().find(|name| !name.trim().is_empty());
    named.or_else(|| account(&String::from_utf8_lossy(&accounts()), uid)).unwrap_or_else(|| format!("uid {uid}"))
}

/// The name of the account `uid` in the lines of a passwd(5).
fn account(accounts: &str, uid: u32) -> Option<String> {
    let name = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        let id = fields.nth(1)?.parse::<u32>().ok()?;
        (id == uid).then(|| name.to_owned())
    };
    accounts.lines().find_map(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNTS: &str =
        "root:x:0:0:root:/root:/bin/sh\n# a comment\n\n:x:7:7::/:\njimin:x:1000:1000::/home/jimin:/bin/bash\n";

    #[test]
    fn who_asks_is_never_nobody() {
        let login = |user: &str, logname: &str, uid| {
            login_of([user.to_owned(), logname.to_owned()], uid, || ACCOUNTS.as_bytes().to_vec())
        };
        for (user, logname, uid, expected) in [
            ("hyunwoo", "jimin", 1000, "hyunwoo"),
            ("", "hyunwoo", 1000, "hyunwoo"),
            ("", " ", 1000, "jimin"),
            ("", "", 0, "root"),
            ("", "", 7, "uid 7"),
            ("", "", 1001, "uid 1001"),
        ] {
            assert_eq!(login(user, logname, uid), expected);
        }
        assert_eq!(login_of([String::new(), String::new()], 0, Vec::new), "uid 0", "a file that cannot be read");
    }
}
