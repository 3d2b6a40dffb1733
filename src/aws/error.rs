//! What can go wrong with Amazon, and what to do about it.

use crate::config::secret::SecretError;
use crate::dial::OutOfReach;
use crate::domain::message::{Explain, Message};

/// Why Amazon could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum AwsError {
    /// There are no keys where they should be.
    #[error(transparent)]
    NoKeys(#[from] SecretError),
    /// The bot may not reach so far.
    #[error(transparent)]
    OutOfReach(#[from] OutOfReach),
    /// The keys are right, and may not do that.
    #[error("not allowed: {action}: {says}")]
    Denied {
        /// The right that is missing, as a policy names it: `ec2:DescribeSecurityGroups`.
        action: &'static str,
        /// What Amazon says.
        says: String,
    },
    /// The keys are wrong, or have ended.
    #[error("the keys are not accepted: {0}")]
    WrongKeys(String),
    /// Too much was asked in too short a time.
    #[error("throttled")]
    Throttled,
    /// Nobody answers.
    #[error("out of reach: {cause}")]
    Unreachable {
        /// Why.
        cause: String,
    },
    /// Something else was answered.
    #[error("{code}: {says}")]
    Refused {
        /// Amazon's code: `NoSuchBucket`.
        code: String,
        /// What Amazon says.
        says: String,
    },
    /// The answer cannot be understood.
    #[error("the answer cannot be understood: {0}")]
    Garbled(String),
}

impl AwsError {
    /// What a code of Amazon's means, where `action` was asked for.
    pub(super) fn of(code: &str, says: String, action: &'static str) -> Self {
        let code = code.rsplit(['#', '.']).next().unwrap_or(code);
        match code {
            "AccessDenied"
            | "AccessDeniedException"
            | "UnauthorizedOperation"
            | "AccessDeniedFault"
            | "AuthorizationError"
            | "NotAuthorized" => Self::Denied { action, says },
            "InvalidClientTokenId"
            | "AuthFailure"
            | "SignatureDoesNotMatch"
            | "InvalidAccessKeyId"
            | "ExpiredToken"
            | "ExpiredTokenException"
            | "UnrecognizedClientException"
            | "RequestExpired"
            | "IncompleteSignature" => Self::WrongKeys(code.to_owned()),
            "Throttling" | "ThrottlingException" | "RequestLimitExceeded" | "SlowDown" | "LimitExceededException" => {
                Self::Throttled
            }
            _ => Self::Refused { code: code.to_owned(), says },
        }
    }
}

impl Explain for AwsError {
    fn message(&self) -> Message {
        match self {
            Self::OutOfReach(error) => error.message(),
            Self::NoKeys(error) => Message::new("aws-no-keys").with("why", error.message()),
            Self::Denied { action, .. } => Message::new("aws-denied").with("action", *action),
            Self::WrongKeys(code) => Message::new("aws-wrong-keys").with("code", code.as_str()),
            Self::Throttled => Message::new("aws-throttled"),
            Self::Unreachable { cause } => Message::new("aws-unreachable").with("cause", cause.as_str()),
            Self::Refused { code, says } => {
                Message::new("aws-refused").with("code", code.as_str()).with("says", says.as_str())
            }
            Self::Garbled(cause) => Message::new("aws-garbled").with("cause", cause.as_str()),
        }
    }

    fn hint(&self) -> Option<Message> {
        match self {
            Self::OutOfReach(error) => error.hint(),
            Self::NoKeys(_) => Some(Message::new("aws-no-keys-hint")),
            Self::Denied { action, .. } => Some(Message::new("aws-denied-hint").with("action", *action)),
            Self::WrongKeys(_) => Some(Message::new("aws-wrong-keys-hint")),
            Self::Throttled | Self::Unreachable { .. } | Self::Refused { .. } | Self::Garbled(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_what_is_missing() {
        let of = |code| AwsError::of(code, String::new(), "ce:GetCostAndUsage");
        assert!(matches!(of("AccessDeniedException"), AwsError::Denied { action: "ce:GetCostAndUsage", .. }));
        assert!(matches!(of("com.amazon.coral.service#ExpiredTokenException"), AwsError::WrongKeys(_)));
        assert!(matches!(of("Throttling"), AwsError::Throttled));
        assert!(matches!(of("InvalidGroup.NotFound"), AwsError::Refused { .. }));
    }
}
