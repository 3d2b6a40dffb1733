//! `aws`, as far as backups need it: the bucket.

use super::{Answer, Call};
use crate::host::core::Host;
use crate::host::files::backups;
use crate::host::model::cloud::BUCKET;

pub(super) fn aws(host: &Host, call: &Call) -> std::io::Result<Answer> {
    let words: Vec<&str> = call.words().into_iter().filter(|word| !word.starts_with("--")).collect();
    let key = |address: &str| address.strip_prefix(&format!("s3://{BUCKET}/")).map(str::to_owned);
    let inside = |path: &str| {
        let path = path.trim_start_matches('/');
        (!path.split('/').any(|part| part == "..")).then(|| host.root.join(path))
    };
    Ok(match words.as_slice() {
        ["s3", "cp", from, to] => match (key(from), key(to)) {
            (None, Some(key)) => {
                let key = if key.ends_with('/') {
                    format!("{key}{}", from.rsplit('/').next().unwrap_or_default())
                } else {
                    key
                };
                match inside(from).map(std::fs::read) {
                    Some(Ok(content)) => {
                        backups::put(host, &key, &content)?;
                        Answer::says(format!("upload: {from} to {to}\n"))
                    }
                    _ => Answer::fails(255, format!("The user-provided path {from} does not exist.\n")),
                }
            }
            (Some(key), None) => match (backups::content(host, &key), inside(to)) {
                (Some(content), Some(path)) => {
                    std::fs::write(path, content)?;
                    Answer::says(format!("download: {from} to {to}\n"))
                }
                _ => Answer::fails(
                    1,
                    "fatal error: An error occurred (404) when calling the HeadObject operation: Key does not exist\n",
                ),
            },
            _ => Answer::fails(255, "aws: the practice account has one bucket\n"),
        },
        ["s3", "ls", address, ..] => {
            let prefix = key(address).unwrap_or_default();
            let objects = host.look(|model| model.account.objects.clone());
            let line = |(key, object): (&String, &crate::host::model::cloud::Object)| {
                format!("{} {:>10} {key}\n", object.modified.format("%Y-%m-%d %H:%M:%S"), object.size)
            };
            Answer::says(objects.iter().filter(|(key, _)| key.starts_with(&prefix)).map(line).collect::<String>())
        }
        _ => Answer::fails(252, "aws: the practice host knows s3 cp and s3 ls\n"),
    })
}
