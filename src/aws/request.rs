//! One signed request and its answer.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;

use super::{Aws, AwsError};
use crate::config::SecretRef;

/// How long one answer may take.
const ANSWER: Duration = Duration::from_secs(8);

/// The most of an answer that is read, in bytes.
const MOST: usize = 8 << 20;

/// Which interface is asked, and with which right.
pub(super) struct Service {
    /// As the signature and the address name it: `ec2`.
    pub(super) name: &'static str,
    /// Where it lives, where that is not the deployment's own region.
    pub(super) region: Option<&'static str>,
    /// The right that it takes, as a policy names it.
    pub(super) action: &'static str,
}

/// How something is asked.
pub(super) enum Ask<'a> {
    /// A form, answered in XML.
    Query(&'a [(&'a str, &'a str)]),
    /// JSON, answered in JSON: the target and the body.
    Json(&'static str, String),
}

impl Aws {
    /// The keys, read now.
    pub(super) fn credentials(&self) -> Result<Credentials, AwsError> {
        let key = self.config.key_id.read()?;
        let secret = self.config.secret_key.read()?;
        let session = self.config.session_token.as_ref().map(SecretRef::read).transpose()?;
        let session = session.map(|token| token.expose().to_owned());
        Ok(Credentials::new(key.expose(), secret.expose(), session, None, "bot.toml"))
    }

    /// Asks `service`.
    pub(super) async fn ask(&self, service: &Service, ask: Ask<'_>) -> Result<String, AwsError> {
        let region = service.region.unwrap_or(&self.config.region);
        let url = match &self.config.endpoint {
            Some(endpoint) => format!("{}/", endpoint.trim_end_matches('/')),
            None => format!("https://{}.{region}.amazonaws.com/", service.name),
        };
        self.config.reach.allows_url(&url)?;
        let (body, mut headers) = match ask {
            Ask::Query(pairs) => {
                let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
                (form, vec![("content-type", "application/x-www-form-urlencoded; charset=utf-8")])
            }
            Ask::Json(target, body) => {
                (body, vec![("content-type", "application/x-amz-json-1.1"), ("x-amz-target", target)])
            }
        };
        let host = reqwest::Url::parse(&url).ok().and_then(|url| {
            let name = url.host_str()?.to_owned();
            Some(url.port().map_or_else(|| name.clone(), |port| format!("{name}:{port}")))
        });
        let host = host.ok_or_else(|| AwsError::Unreachable { cause: url.clone() })?;
        headers.push(("host", &host));
        let signed = self.signed(service.name, region, &url, &headers, &body)?;
        let mut request = self.http.post(&url).timeout(ANSWER).body(body.clone());
        for (name, value) in headers.iter().filter(|(name, _)| *name != "host") {
            request = request.header(*name, *value);
        }
        for (name, value) in &signed {
            request = request.header(name, value);
        }
        let unreachable = |error: reqwest::Error| {
            let cause = if error.is_timeout() { "timed out".to_owned() } else { error.without_url().to_string() };
            AwsError::Unreachable { cause }
        };
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        let text = answer.bytes().await.map_err(unreachable)?;
        let text = String::from_utf8_lossy(text.get(..text.len().min(MOST)).unwrap_or_default()).into_owned();
        if status.is_success() { Ok(text) } else { Err(refusal(status.as_u16(), &text, service.action)) }
    }

    fn signed(
        &self,
        service: &str,
        region: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Vec<(String, String)>, AwsError> {
        let identity = self.credentials()?.into();
        let garbled = |error: &dyn std::fmt::Display| AwsError::Garbled(error.to_string());
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(service)
            .time(self.clock.now().into())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| garbled(&error))?;
        let signable = SignableRequest::new("POST", url, headers.iter().copied(), SignableBody::Bytes(body.as_bytes()))
            .map_err(|error| garbled(&error))?;
        let (instructions, _) = sign(signable, &params.into()).map_err(|error| garbled(&error))?.into_parts();
        Ok(instructions.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

/// What an answer that is none says: XML of two forms, or JSON.
fn refusal(status: u16, text: &str, action: &'static str) -> AwsError {
    if let Ok(json) = serde_json::from_str::<serde_json::Value>(text) {
        let field = |names: [&str; 2]| names.iter().find_map(|name| json.get(name)?.as_str()).unwrap_or_default();
        let code = field(["__type", "code"]);
        return AwsError::of(code, field(["message", "Message"]).to_owned(), action);
    }
    let element = |name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        Some(rest.split('<').next()?.to_owned())
    };
    match element("Code") {
        Some(code) => AwsError::of(&code, element("Message").unwrap_or_default(), action),
        None => AwsError::Refused { code: format!("HTTP {status}"), says: String::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_read_in_each_of_its_forms() {
        for (text, code) in [
            (r#"{"__type":"AccessDeniedException","Message":"no"}"#, "denied"),
            (
                "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>",
                "denied",
            ),
            (
                "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code></Error></ErrorResponse>",
                "keys",
            ),
            ("<html>502</html>", "other"),
        ] {
            let found = match refusal(502, text, "x:Y") {
                AwsError::Denied { .. } => "denied",
                AwsError::WrongKeys(_) => "keys",
                _ => "other",
            };
            assert_eq!(found, code, "{text}");
        }
    }
}
