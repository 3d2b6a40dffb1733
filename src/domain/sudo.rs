//! What sudo must let a user of a host do.

/// A command that is run as root, as a sudoers file names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Right {
    /// The program, by name.
    pub program: String,
    /// Its arguments as a sudoers file has them: `*` is anything, nothing is any arguments.
    pub arguments: String,
}

impl Right {
    /// `program` with `arguments`.
    pub fn new(program: impl Into<String>, arguments: impl Into<String>) -> Self {
        Self { program: program.into(), arguments: arguments.into() }
    }

    /// The words by which it is tried: where a sudoers file has a star, one word stands in its place. Where all of the
    /// arguments are a star, what they are is only known when it runs: there are none.
    pub fn tried(&self) -> Vec<String> {
        let arguments = if self.arguments == "*" { String::new() } else { self.arguments.replace('*', "x") };
        std::iter::once(self.program.clone()).chain(arguments.split_whitespace().map(str::to_owned)).collect()
    }
}

impl std::fmt::Display for Right {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(format!("{} {}", self.program, self.arguments).trim())
    }
}

/// What sudo says of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum May {
    /// It is allowed, without a password.
    Yes,
    /// It is not; this is the program's path.
    No(String),
    /// There is no such program.
    Missing,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_is_tried_with_a_word_in_place_of_each_star() {
        let words = |program: &str, arguments: &str| Right::new(program, arguments).tried().join("|");
        assert_eq!(words("find", "/a -name *.log"), "find|/a|-name|x.log");
        assert_eq!(words("find", "*"), "find");
        assert_eq!(words("nginx", ""), "nginx");
        assert_eq!(Right::new("nginx", "").to_string(), "nginx");
    }
}
