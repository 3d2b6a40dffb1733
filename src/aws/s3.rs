//! The objects of a bucket, by Amazon's own client.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{BehaviorVersion, Builder, Region};
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use chrono::{DateTime, Utc};

use super::{Aws, AwsError};

/// One object.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Its key.
    pub key: String,
    /// In bytes.
    pub size: f64,
    /// When it was put there.
    pub modified: Option<DateTime<Utc>>,
}

/// The most objects that are listed: what is more is told as a fault, since it could hide anything.
const MOST: usize = 100_000;

impl Aws {
    fn s3(&self) -> Result<Client, AwsError> {
        // Without an endpoint it goes to Amazon.
        self.config.reach.allows_url(self.config.endpoint.as_deref().unwrap_or("https://s3.amazonaws.com/"))?;
        let tls = Provider::Rustls(CryptoMode::Ring);
        let http = aws_smithy_http_client::Builder::new().tls_provider(tls).build_https();
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(5))
            .operation_attempt_timeout(Duration::from_secs(8))
            .build();
        let mut config = Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.config.region.clone()))
            .credentials_provider(self.credentials()?)
            .timeout_config(timeouts)
            .http_client(http);
        if let Some(endpoint) = &self.config.endpoint {
            config = config.endpoint_url(endpoint).force_path_style(true);
        }
        Ok(Client::from_conf(config.build()))
    }

    /// Every object whose key begins with `prefix`, all pages.
    ///
    /// # Errors
    /// [`AwsError`].
    pub async fn objects(&self, bucket: &str, prefix: &str) -> Result<Vec<Object>, AwsError> {
        let client = self.s3()?;
        let mut pages = client.list_objects_v2().bucket(bucket).prefix(prefix).into_paginator().send();
        let mut objects = Vec::new();
        while let Some(page) = pages.next().await {
            for object in page.map_err(|error| explain(&error))?.contents() {
                let Some(key) = object.key() else { continue };
                let modified = object.last_modified().and_then(|time| DateTime::from_timestamp(time.secs(), 0));
                #[expect(clippy::cast_precision_loss, reason = "compared with sizes that are exact to 8 PB")]
                let size = object.size().unwrap_or_default() as f64;
                objects.push(Object { key: key.to_owned(), size, modified });
            }
            if objects.len() > MOST {
                return Err(AwsError::Garbled(format!("more than {MOST} objects")));
            }
        }
        Ok(objects)
    }
}

fn explain<E: ProvideErrorMetadata + std::error::Error + 'static, R: std::fmt::Debug>(
    error: &SdkError<E, R>,
) -> AwsError {
    match error {
        SdkError::ServiceError(service) => {
            let code = service.err().code().unwrap_or("unknown");
            AwsError::of(code, service.err().message().unwrap_or_default().to_owned(), "s3:ListBucket")
        }
        SdkError::TimeoutError(_) => AwsError::Unreachable { cause: "timed out".to_owned() },
        other => {
            let cause = format!("{}", DisplayErrorContext(other));
            AwsError::Unreachable { cause: cause.chars().take(160).collect() }
        }
    }
}
