//! Asks how Amazon is reached: region and keys are tried at once.

use super::answers::{Answers, InitError};
use super::secret;
use crate::aws::{Aws, AwsError};
use crate::clock::Clock;
use crate::config::{AwsConfig, SecretRef};
use crate::dial::Reach;
use crate::domain::message::{Explain, Message};

/// Where Amazon's own tools look for keys.
const USUAL: [&str; 2] = ["env:AWS_ACCESS_KEY_ID", "env:AWS_SECRET_ACCESS_KEY"];

/// What is written of Amazon; none: no check asks it.
pub(super) async fn ask(answers: &mut Answers) -> Result<Option<AwsConfig>, InitError> {
    loop {
        let region = answers.ask("region", &Message::new("init-region"), Some(""))?;
        if region.is_empty() {
            return Ok(None);
        }
        let key_id = key(answers, "aws_key_id", "init-aws-key-id", USUAL[0])?;
        let secret_key = key(answers, "aws_secret_key", "init-aws-secret-key", USUAL[1])?;
        let endpoint = answers.given("aws_endpoint");
        let config = AwsConfig { reach: Reach::default(), region, endpoint, key_id, secret_key, session_token: None };
        let tried = match Aws::new(config.clone(), Clock::system()) {
            // It changes nothing, and costs nothing.
            Ok(aws) => aws.alarms().await.map(drop),
            Err(error) => Err(error),
        };
        match tried {
            Ok(()) => answers.tell(&Message::new("init-aws-taken")),
            // The keys are right. What they may is for the doctor to say: it knows what the checks ask.
            Err(AwsError::Denied { .. }) => answers.tell(&Message::new("init-aws-taken")),
            Err(error) => {
                answers.again("region", error.message(), error.hint())?;
                continue;
            }
        }
        return Ok(Some(config));
    }
}

/// Where a key is to be found.
fn key(
    answers: &mut Answers,
    key: &'static str,
    question: &'static str,
    usual: &'static str,
) -> Result<SecretRef, InitError> {
    loop {
        match secret(&answers.ask(key, &Message::new(question), Some(usual))?) {
            Some(found) => return Ok(found),
            None => answers.again(key, Message::new("init-key-form"), None)?,
        }
    }
}
