//! The certificates as certbot keeps them.

use std::os::unix::fs::PermissionsExt;

use crate::host::core::Host;

/// Writes every lineage anew, as the model has it on the disk.
///
/// # Errors
/// The files could not be written, or a certificate not be made.
pub(crate) fn write(host: &Host) -> std::io::Result<()> {
    let certificates = host.look(|model| model.on_disk.clone());
    for (site, certificate) in certificates {
        let issued = host.pki.issue(&site, &certificate).map_err(std::io::Error::other)?;
        let folder = host.root.join("etc/letsencrypt/live").join(&site);
        std::fs::create_dir_all(&folder)?;
        let full = format!("{}{}", issued.leaf_pem, host.pki.intermediate_pem);
        let chain = host.pki.intermediate_pem.as_str();
        for (name, content) in [
            ("cert.pem", &*issued.leaf_pem),
            ("chain.pem", chain),
            ("fullchain.pem", &full),
            ("privkey.pem", &issued.key_pem),
        ] {
            super::replace(&folder.join(name), content.as_bytes())?;
        }
        // Every one that was ever issued, by number and by its day: so many may be had in a week.
        let archive = host.root.join("etc/letsencrypt/archive").join(&site);
        std::fs::create_dir_all(&archive)?;
        let kept = archive.join(format!("cert{}.pem", certificate.issue));
        super::replace(&kept, issued.leaf_pem.as_bytes())?;
        super::touch(&kept, certificate.from)?;
        std::fs::set_permissions(folder.join("privkey.pem"), std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}
