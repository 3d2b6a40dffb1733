//! Refusals in Discord's own words: status, code, message and, for a bad form, the tree of errors.

use serde_json::{Map, Value, json};

/// What is wrong with a body, at which places; becomes the `errors` tree of code 50035.
#[derive(Debug, Default)]
pub(crate) struct Problems(Map<String, Value>);

/// A place in a body, such as `embeds.0.title`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place(Vec<String>);

impl Place {
    pub(crate) fn key(&self, key: &str) -> Self {
        let mut path = self.0.clone();
        path.push(key.to_owned());
        Self(path)
    }

    pub(crate) fn at(&self, index: usize) -> Self {
        self.key(&index.to_string())
    }
}

impl Problems {
    pub(crate) fn add(&mut self, place: &Place, code: &str, message: impl Into<String>) {
        let error = json!({"code": code, "message": message.into()});
        let mut node = &mut self.0;
        for step in &place.0 {
            let child = node.entry(step.clone()).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(inner) = child else { return };
            node = inner;
        }
        if let Value::Array(list) = node.entry("_errors").or_insert_with(|| Value::Array(vec![])) {
            list.push(error);
        }
    }

    /// The commonest problem: a text or list whose length is out of bounds.
    pub(crate) fn length(&mut self, place: &Place, (least, most): (usize, usize)) {
        let words = if least == 0 {
            format!("Must be {most} or fewer in length.")
        } else {
            format!("Must be between {least} and {most} in length.")
        };
        self.add(place, "BASE_TYPE_BAD_LENGTH", words);
    }

    pub(crate) fn missing(&mut self, place: &Place) {
        self.add(place, "BASE_TYPE_REQUIRED", "This field is required");
    }

    pub(crate) fn into_result(self) -> Result<(), ApiError> {
        if self.0.is_empty() { Ok(()) } else { Err(ApiError::invalid_form(Value::Object(self.0))) }
    }
}

/// A refusal, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl ApiError {
    fn coded(status: u16, code: u32, message: &str) -> Self {
        Self { status, body: json!({"message": message, "code": code}) }
    }

    pub(crate) fn code(&self) -> u64 {
        self.body["code"].as_u64().unwrap_or(0)
    }

    pub(crate) fn invalid_form(errors: Value) -> Self {
        let mut refusal = Self::coded(400, 50035, "Invalid Form Body");
        refusal.body["errors"] = errors;
        refusal
    }

    /// A bad form with one problem.
    pub(crate) fn bad_field(place: &Place, code: &str, message: impl Into<String>) -> Self {
        let mut problems = Problems::default();
        problems.add(place, code, message);
        Self::invalid_form(Value::Object(problems.0))
    }

    pub(crate) fn unauthorized() -> Self {
        Self::coded(401, 0, "401: Unauthorized")
    }
    pub(crate) fn not_found() -> Self {
        Self::coded(404, 0, "404: Not Found")
    }
    pub(crate) fn method_not_allowed() -> Self {
        Self::coded(405, 0, "405: Method Not Allowed")
    }
    pub(crate) fn unknown_application() -> Self {
        Self::coded(404, 10002, "Unknown Application")
    }
    pub(crate) fn unknown_channel() -> Self {
        Self::coded(404, 10003, "Unknown Channel")
    }
    pub(crate) fn unknown_guild() -> Self {
        Self::coded(404, 10004, "Unknown Guild")
    }
    pub(crate) fn unknown_member() -> Self {
        Self::coded(404, 10007, "Unknown Member")
    }
    pub(crate) fn unknown_message() -> Self {
        Self::coded(404, 10008, "Unknown Message")
    }
    pub(crate) fn unknown_role() -> Self {
        Self::coded(404, 10011, "Unknown Role")
    }
    pub(crate) fn unknown_user() -> Self {
        Self::coded(404, 10013, "Unknown User")
    }
    pub(crate) fn unknown_webhook() -> Self {
        Self::coded(404, 10015, "Unknown Webhook")
    }
    pub(crate) fn unknown_interaction() -> Self {
        Self::coded(404, 10062, "Unknown interaction")
    }
    pub(crate) fn unknown_command() -> Self {
        Self::coded(404, 10063, "Unknown application command")
    }
    pub(crate) fn too_many_commands() -> Self {
        Self::coded(400, 30032, "Maximum number of application commands reached (100)")
    }
    pub(crate) fn too_many_creations() -> Self {
        Self::coded(400, 30034, "Maximum number of daily application command creates has been reached (200)")
    }
    pub(crate) fn too_large() -> Self {
        Self::coded(413, 40005, "Request entity too large")
    }
    pub(crate) fn already_acknowledged() -> Self {
        Self::coded(400, 40060, "Interaction has already been acknowledged.")
    }
    pub(crate) fn missing_access() -> Self {
        Self::coded(403, 50001, "Missing Access")
    }
    pub(crate) fn not_the_author() -> Self {
        Self::coded(403, 50005, "Cannot edit a message authored by another user")
    }
    pub(crate) fn empty_message() -> Self {
        Self::coded(400, 50006, "Cannot send an empty message")
    }
    pub(crate) fn missing_permissions() -> Self {
        Self::coded(403, 50013, "Missing Permissions")
    }
    pub(crate) fn wrong_channel_type() -> Self {
        Self::coded(400, 50024, "Cannot execute action on this channel type")
    }
    pub(crate) fn expired_token() -> Self {
        Self::coded(401, 50027, "Invalid Webhook Token")
    }
    pub(crate) fn archived_thread() -> Self {
        Self::coded(400, 50083, "Thread is archived")
    }
    pub(crate) fn invalid_json() -> Self {
        Self::coded(400, 50109, "The request body contains invalid JSON.")
    }
    pub(crate) fn thread_exists() -> Self {
        Self::coded(400, 160_004, "A thread has already been created for this message")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_make_discords_tree() {
        let mut problems = Problems::default();
        let embed = Place::default().key("embeds").at(0);
        problems.length(&embed.key("title"), (0, 256));
        problems.missing(&embed.key("fields").at(2).key("name"));
        let refusal = problems.into_result().unwrap_err();
        assert_eq!((refusal.status, refusal.code()), (400, 50035));
        let errors = &refusal.body["errors"]["embeds"]["0"];
        assert_eq!(errors["title"]["_errors"][0]["message"], "Must be 256 or fewer in length.");
        assert_eq!(errors["fields"]["2"]["name"]["_errors"][0]["code"], "BASE_TYPE_REQUIRED");
    }
}
