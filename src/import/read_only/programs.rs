//! What single programs do, by their arguments.

/// Whether `arg` may be one of `options`: alone, with `=value`, cut short as GNU's programs let it be (`--out` for `--output`),
/// or, of one letter, among others behind one dash.
pub(super) fn has_option(arg: &str, options: &[&str]) -> bool {
    let name = arg.split('=').next().unwrap_or_default();
    let cut_short = |option: &str| name.len() > "--".len() && name.starts_with("--") && option.starts_with(name);
    options.iter().any(|option| {
        let letter = option.strip_prefix('-').filter(|rest| rest.chars().count() == 1);
        name == *option
            || cut_short(option)
            || letter.is_some_and(|letter| arg.starts_with('-') && !arg.starts_with("--") && arg.contains(letter))
    })
}

/// Whether `date` tells a time and sets none: a word of its own would set it.
pub(super) fn is_telling_date(args: &[&str]) -> bool {
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match *arg {
            "-d" | "--date" => {
                args.next();
            }
            "-u" | "-R" => {}
            arg if arg.starts_with('+') || arg.starts_with("--date=") => {}
            _ => return false,
        }
    }
    true
}

pub(super) fn compose(args: &[&str]) -> bool {
    match args {
        ["ps" | "top" | "images" | "version", ..] => true,
        ["logs", rest @ ..] => !rest.iter().any(|arg| has_option(arg, &["-f", "--follow"])),
        _ => false,
    }
}

/// A program for awk that starts, writes and reads nothing by itself.
pub(super) fn is_plain_awk(program: &str) -> bool {
    !["system", "getline", "ENVIRON", ">", "|", "@", "close"].iter().any(|word| program.contains(word))
}

/// A request that only asks, and whose answer goes nowhere but to standard output.
pub(super) fn is_get(args: &[&str]) -> bool {
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match *arg {
            "-o" | "--output" => {
                if args.next() != Some(&"/dev/null") {
                    return false;
                }
            }
            "-X" | "--request" => {
                if !args.next().is_some_and(|method| matches!(*method, "GET" | "HEAD")) {
                    return false;
                }
            }
            "-m" | "--max-time" | "--connect-timeout" | "-A" | "--user-agent" => {
                args.next();
            }
            // A file may stand behind `@`, and be written to behind `%output`.
            "-w" | "--write-out" => {
                if args.next().is_none_or(|format| format.starts_with('@') || format.contains("%output")) {
                    return false;
                }
            }
            "--silent" | "--show-error" | "--fail" | "--head" | "--location" | "--include" | "--compressed" => {}
            option if option.starts_with("--") => return false,
            option if option.starts_with('-') => {
                if !option.chars().skip(1).all(|letter| "sSfILikv46".contains(letter)) {
                    return false;
                }
            }
            url => {
                if url.contains("://") && !url.starts_with("http://") && !url.starts_with("https://") {
                    return false;
                }
            }
        }
    }
    true
}

/// The subcommands of Amazon's tool whose names say that they ask, less those that hand out secrets.
pub(super) fn is_asking_amazon(args: &[&str]) -> bool {
    let (Some(service), Some(operation)) = (args.first(), args.get(1)) else { return false };
    match (*service, *operation) {
        ("s3", "ls") | ("ce", "get-cost-and-usage") | ("sts", "get-caller-identity") => true,
        ("ec2" | "cloudwatch" | "rds" | "elbv2" | "s3api" | "logs" | "autoscaling" | "budgets", operation) => {
            operation.starts_with("describe-") || operation.starts_with("list-")
        }
        _ => false,
    }
}
