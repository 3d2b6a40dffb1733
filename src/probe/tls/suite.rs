//! Cipher suites by their numbers, and what is weak in them. Source: the registry of IANA, "TLS Cipher Suites".

/// Up to TLS 1.2, strong: forward secrecy and authenticated encryption.
pub(super) const STRONG: &[u16] = &[
    0xc02b, // ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
    0xc02c, // ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
    0xc02f, // ECDHE_RSA_WITH_AES_128_GCM_SHA256
    0xc030, // ECDHE_RSA_WITH_AES_256_GCM_SHA384
    0xcca8, // ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
    0xcca9, // ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
    0x009e, // DHE_RSA_WITH_AES_128_GCM_SHA256
    0x009f, // DHE_RSA_WITH_AES_256_GCM_SHA384
    0xccaa, // DHE_RSA_WITH_CHACHA20_POLY1305_SHA256
    0xc0ac, // ECDHE_ECDSA_WITH_AES_128_CCM
    0xc0ad, // ECDHE_ECDSA_WITH_AES_256_CCM
];

/// Weak ones that servers still offer: without forward secrecy, in CBC mode, with RC4, DES, NULL or without a certificate.
pub(super) const WEAK: &[(u16, &str)] = &[
    (0x0001, "RSA_NULL_MD5"),
    (0x0002, "RSA_NULL_SHA"),
    (0x003b, "RSA_NULL_SHA256"),
    (0x0003, "RSA_EXPORT_RC4_40_MD5"),
    (0x0006, "RSA_EXPORT_RC2_CBC_40_MD5"),
    (0x0008, "RSA_EXPORT_DES40_CBC_SHA"),
    (0x0004, "RSA_RC4_128_MD5"),
    (0x0005, "RSA_RC4_128_SHA"),
    (0x0009, "RSA_DES_CBC_SHA"),
    (0x000a, "RSA_3DES_EDE_CBC_SHA"),
    (0x0016, "DHE_RSA_3DES_EDE_CBC_SHA"),
    (0x0018, "DH_anon_RC4_128_MD5"),
    (0x001b, "DH_anon_3DES_EDE_CBC_SHA"),
    (0x0034, "DH_anon_AES_128_CBC_SHA"),
    (0x003a, "DH_anon_AES_256_CBC_SHA"),
    (0x00a6, "DH_anon_AES_128_GCM_SHA256"),
    (0x002f, "RSA_AES_128_CBC_SHA"),
    (0x0035, "RSA_AES_256_CBC_SHA"),
    (0x003c, "RSA_AES_128_CBC_SHA256"),
    (0x003d, "RSA_AES_256_CBC_SHA256"),
    (0x009c, "RSA_AES_128_GCM_SHA256"),
    (0x009d, "RSA_AES_256_GCM_SHA384"),
    (0x0033, "DHE_RSA_AES_128_CBC_SHA"),
    (0x0039, "DHE_RSA_AES_256_CBC_SHA"),
    (0x0067, "DHE_RSA_AES_128_CBC_SHA256"),
    (0x006b, "DHE_RSA_AES_256_CBC_SHA256"),
    (0xc006, "ECDHE_ECDSA_NULL_SHA"),
    (0xc007, "ECDHE_ECDSA_RC4_128_SHA"),
    (0xc008, "ECDHE_ECDSA_3DES_EDE_CBC_SHA"),
    (0xc009, "ECDHE_ECDSA_AES_128_CBC_SHA"),
    (0xc00a, "ECDHE_ECDSA_AES_256_CBC_SHA"),
    (0xc010, "ECDHE_RSA_NULL_SHA"),
    (0xc011, "ECDHE_RSA_RC4_128_SHA"),
    (0xc012, "ECDHE_RSA_3DES_EDE_CBC_SHA"),
    (0xc013, "ECDHE_RSA_AES_128_CBC_SHA"),
    (0xc014, "ECDHE_RSA_AES_256_CBC_SHA"),
    (0xc016, "ECDH_anon_RC4_128_SHA"),
    (0xc018, "ECDH_anon_AES_128_CBC_SHA"),
    (0xc023, "ECDHE_ECDSA_AES_128_CBC_SHA256"),
    (0xc024, "ECDHE_ECDSA_AES_256_CBC_SHA384"),
    (0xc027, "ECDHE_RSA_AES_128_CBC_SHA256"),
    (0xc028, "ECDHE_RSA_AES_256_CBC_SHA384"),
];
