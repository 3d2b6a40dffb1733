//! The first words of a TLS handshake, written and read by hand: old protocols and weak suites are what no library that is
//! kept will speak. Nothing comes of it but the server's choice. Sources: RFC 5246, section 7.4.1; RFC 6066, section 3.

/// The protocols that a hello of this kind can ask for, by their numbers on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    /// TLS 1.0
    Tls10,
    /// TLS 1.1
    Tls11,
    /// TLS 1.2
    Tls12,
}

impl Version {
    /// Its number on the wire.
    const fn number(self) -> u16 {
        match self {
            Self::Tls10 => 0x0301,
            Self::Tls11 => 0x0302,
            Self::Tls12 => 0x0303,
        }
    }

    /// As people call it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Tls10 => "TLS 1.0",
            Self::Tls11 => "TLS 1.1",
            Self::Tls12 => "TLS 1.2",
        }
    }
}

/// What the server made of a hello.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// It would go on, with this version and suite.
    Chosen {
        /// The number of the version.
        version: u16,
        /// The number of the suite.
        suite: u16,
    },
    /// It refused.
    Refused,
}

/// A hello that asks `site` for `version` at most, with one of `suites`.
pub(super) fn write(version: Version, suites: &[u16], site: &str) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend(version.number().to_be_bytes());
    // A nonce, where nothing is ever encrypted with what comes of it.
    body.extend([0x5a; 32]);
    body.push(0);
    vector16(&mut body, |out| suites.iter().for_each(|suite| out.extend(suite.to_be_bytes())));
    body.extend([1, 0]);
    vector16(&mut body, |out| {
        extension(out, 0x0000, |out| {
            vector16(out, |out| {
                out.push(0);
                vector16(out, |out| out.extend(site.as_bytes()));
            });
        });
        // Curves: x25519, P-256, P-384, P-521.
        extension(out, 0x000a, |out| vector16(out, |out| out.extend([0, 0x1d, 0, 0x17, 0, 0x18, 0, 0x19])));
        // Points: uncompressed.
        extension(out, 0x000b, |out| out.extend([1, 0]));
        if version == Version::Tls12 {
            // Every signature there is, the old ones too: what is asked is what the server would accept.
            let schemes: [u16; 11] =
                [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201];
            extension(out, 0x000d, |out| {
                vector16(out, |out| schemes.iter().for_each(|scheme| out.extend(scheme.to_be_bytes())));
            });
        }
        // An empty renegotiation_info: some servers refuse who does not know it.
        extension(out, 0xff01, |out| out.push(0));
    });
    let mut handshake = vec![1];
    let length = u32::try_from(body.len()).unwrap_or_default().to_be_bytes();
    handshake.extend(&length[1..]);
    handshake.extend(body);
    let mut record = vec![22, 3, 1];
    vector16(&mut record, |out| out.extend(handshake));
    record
}

/// What `fill` writes, after its length in two bytes.
fn vector16(out: &mut Vec<u8>, fill: impl FnOnce(&mut Vec<u8>)) {
    let mut inner = Vec::new();
    fill(&mut inner);
    out.extend(u16::try_from(inner.len()).unwrap_or(u16::MAX).to_be_bytes());
    out.extend(inner);
}

fn extension(out: &mut Vec<u8>, kind: u16, fill: impl FnOnce(&mut Vec<u8>)) {
    out.extend(kind.to_be_bytes());
    vector16(out, fill);
}

/// How many bytes of an answer say all that is read of it.
pub(super) const ENOUGH: usize = 5 + 4 + 2 + 32 + 1 + 32 + 2;

/// Reads what came back, as far as it came; none: too little to tell, or no TLS.
pub(super) fn read(answer: &[u8]) -> Option<Reply> {
    match answer.first()? {
        // An alert: whatever it says, the server does not go on.
        21 => Some(Reply::Refused),
        22 => {
            let handshake = answer.get(5..)?;
            if *handshake.first()? != 2 {
                return None;
            }
            let hello = handshake.get(4..)?;
            let version = number(hello, 0)?;
            let session = usize::from(*hello.get(34)?);
            Some(Reply::Chosen { version, suite: number(hello, 35 + session)? })
        }
        _ => None,
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]))
}

/// Whether a choice is of `version` itself: a server may answer with an older one.
pub(super) const fn is(version: Version, chosen: u16) -> bool {
    version.number() == chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hello_says_its_lengths_right() {
        let hello = write(Version::Tls10, &[0x002f, 0xc013], "api.gear-freaks.com");
        assert_eq!(hello[..3], [22, 3, 1]);
        assert_eq!(usize::from(u16::from_be_bytes([hello[3], hello[4]])), hello.len() - 5);
        assert_eq!(hello[5], 1);
        let inner = u32::from_be_bytes([0, hello[6], hello[7], hello[8]]);
        assert_eq!(usize::try_from(inner).unwrap(), hello.len() - 9);
        assert_eq!(hello[9..11], [3, 1]);
        assert!(hello.windows(19).any(|part| part == b"api.gear-freaks.com"));
        assert!(write(Version::Tls12, &[1], "a").len() > write(Version::Tls11, &[1], "a").len());
    }

    #[test]
    fn an_answer_is_a_choice_or_a_refusal_or_nothing() {
        let mut chosen = vec![22, 3, 3, 0, 80, 2, 0, 0, 76, 3, 3];
        chosen.extend([7; 32]);
        chosen.extend([4, 1, 2, 3, 4, 0xc0, 0x2b, 0]);
        assert_eq!(read(&chosen), Some(Reply::Chosen { version: 0x0303, suite: 0xc02b }));
        assert_eq!(read(&[21, 3, 1, 0, 2, 2, 70]), Some(Reply::Refused));
        for nothing in [&chosen[..20], b"HTTP/1.1 400", &[], &[22], &[22, 3, 3, 0, 4, 11, 0, 0, 0]] {
            assert_eq!(read(nothing), None, "{nothing:?}");
        }
    }
}
