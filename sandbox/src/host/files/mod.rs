//! The files of the practice host, in its folder.

pub(crate) mod backups;
pub(crate) mod lineage;
pub(crate) mod meters;
pub(crate) mod traffic;

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use chrono::{DateTime, Utc};

use super::core::Host;

/// The kernel that runs.
pub(crate) const KERNEL: &str = "6.1.119-129.201.amzn2023.x86_64";

/// Files that are the same on every practice host: path, mode, content.
const FILES: &[(&str, u32, &str)] = &[
    (
        "etc/os-release",
        0o644,
        "NAME=\"Amazon Linux\"\nVERSION=\"2023\"\nID=\"amzn\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"2023\"\nPRETTY_NAME=\"Amazon Linux 2023.9.20261020\"\n",
    ),
    ("etc/hostname", 0o644, "gear-freak\n"),
    ("etc/hosts", 0o644, "127.0.0.1 localhost gear-freak\n"),
    (
        "etc/passwd",
        0o644,
        "root:x:0:0:root:/root:/bin/bash\nec2-user:x:1000:1000:EC2 Default User:/home/ec2-user:/bin/bash\n",
    ),
    ("etc/group", 0o644, "root:x:0:\nec2-user:x:1000:\ndocker:x:992:ec2-user\n"),
    ("etc/crontab", 0o644, "SHELL=/bin/bash\n"),
    ("etc/nginx/nginx.conf", 0o644, include_str!("nginx.conf")),
    ("opt/gear_freak/docker-compose.yml", 0o644, include_str!("docker-compose.yml")),
    ("opt/gear_freak/backup.sh", 0o755, include_str!("backup.sh")),
    ("opt/gear_freak/.env", 0o600, "POSTGRES_PASSWORD=only-for-practice\n"),
    ("boot/vmlinuz-6.1.119-129.201.amzn2023.x86_64", 0o644, ""),
    ("home/ec2-user/.bashrc", 0o644, ""),
];

/// Folders that are there from the beginning.
const FOLDERS: &[&str] = &[
    "practice/bin",
    "dev",
    "proc",
    "sys",
    "tmp",
    "run",
    "root",
    "var/log/journal",
    "var/run",
    "var/tmp",
    "var/lib/docker",
    "var/cache/dnf/amazonlinux/repodata",
    "old",
];

/// Writes everything that a host begins with.
///
/// # Errors
/// The folder cannot be written.
pub(crate) fn write(host: &Host) -> io::Result<()> {
    for folder in FOLDERS {
        fs::create_dir_all(host.root.join(folder))?;
    }
    fs::set_permissions(host.root.join("tmp"), Permissions::from_mode(0o1777))?;
    for (path, mode, content) in FILES {
        let path = host.root.join(path);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        replace(&path, content.as_bytes())?;
        fs::set_permissions(&path, Permissions::from_mode(*mode))?;
    }
    // Where the machine's own linker finds what its programs need.
    for name in ["ld.so.cache", "ld.so.conf"] {
        if let Ok(content) = fs::read(Path::new("/etc").join(name)) {
            fs::write(host.root.join("etc").join(name), content)?;
        }
    }
    links(host)?;
    fresh_repository(host)?;
    lineage::write(host)?;
    traffic::write(host)?;
    backups::write(host)?;
    meters::write(host)
}

/// Links every name of the small programs to the one that they are.
///
/// # Errors
/// The folder cannot be written.
pub(crate) fn links(host: &Host) -> io::Result<()> {
    for name in super::leaf::NAMES {
        let link = host.root.join("practice/bin").join(name);
        if fs::symlink_metadata(&link).is_err() {
            symlink("../leaf", link)?;
        }
    }
    Ok(())
}

/// The package manager has just renewed what it knows.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn fresh_repository(host: &Host) -> io::Result<()> {
    let path = host.root.join("var/cache/dnf/amazonlinux/repodata/repomd.xml");
    replace(&path, b"<repomd/>\n")?;
    touch(&path, host.clock.now())
}

/// Writes a file so that whoever reads it sees the old one or the new one, and nothing in between.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    fs::write(&beside, content)?;
    fs::rename(&beside, path)
}

/// Dates a file.
pub(crate) fn touch(path: &Path, at: DateTime<Utc>) -> io::Result<()> {
    File::options().write(true).open(path)?.set_modified(at.into())
}
