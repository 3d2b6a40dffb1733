//! What a message is made of, in Discord's shape. These are this crate's own types: a field that Discord does not know is
//! dropped, as Discord drops it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::Id;

/// A rich embed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Embed {
    /// Heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Always `rich` for what a bot sends.
    #[serde(rename = "type", default = "rich", deserialize_with = "always_rich")]
    pub kind: String,
    /// Body text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where the title leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// 0xRRGGBB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<u32>,
    /// Small print.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footer: Option<EmbedFooter>,
    /// Large picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<EmbedPicture>,
    /// Small picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<EmbedPicture>,
    /// Line above the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<EmbedAuthor>,
    /// Name and value pairs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<EmbedField>,
}

fn rich() -> String {
    "rich".to_owned()
}

fn always_rich<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    serde::de::IgnoredAny::deserialize(deserializer).map(|_| rich())
}

/// The small print of an embed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EmbedFooter {
    /// The words.
    pub text: String,
    /// A small picture before them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
}

/// A picture of an embed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EmbedPicture {
    /// Where it is; `attachment://name` becomes the address of that attachment.
    pub url: String,
}

/// The line above an embed's title.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EmbedAuthor {
    /// The words.
    pub name: String,
    /// Where they lead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A small picture before them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
}

/// One field of an embed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EmbedField {
    /// Heading of the field.
    pub name: String,
    /// Text of the field.
    pub value: String,
    /// Whether it may stand beside others.
    #[serde(default)]
    pub inline: bool,
}

impl Embed {
    /// Discord trims every text before it counts and keeps it.
    pub(crate) fn trim(&mut self) {
        let texts = [&mut self.title, &mut self.description];
        for text in texts.into_iter().flatten() {
            trim_in_place(text);
        }
        for text in self
            .footer
            .iter_mut()
            .map(|footer| &mut footer.text)
            .chain(self.author.iter_mut().map(|author| &mut author.name))
            .chain(self.fields.iter_mut().flat_map(|field| [&mut field.name, &mut field.value]))
        {
            trim_in_place(text);
        }
    }
}

fn trim_in_place(text: &mut String) {
    if text.trim().len() != text.len() {
        *text = text.trim().to_owned();
    }
}

/// The kinds of component this world knows, by Discord's numbers.
pub(crate) mod kind {
    pub(crate) const ROW: u8 = 1;
    pub(crate) const BUTTON: u8 = 2;
    pub(crate) const STRING_SELECT: u8 = 3;
    pub(crate) const TEXT_INPUT: u8 = 4;
    pub(crate) const USER_SELECT: u8 = 5;
    pub(crate) const ROLE_SELECT: u8 = 6;
    pub(crate) const CHANNEL_SELECT: u8 = 8;
    pub(crate) const LABEL: u8 = 18;

    /// Any of the five selects.
    pub(crate) fn is_select(kind: u8) -> bool {
        matches!(kind, STRING_SELECT | USER_SELECT..=CHANNEL_SELECT)
    }
}

/// A component of a message or modal: a row, a button, a select or a text input. One flat shape, as on the wire.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// Discord's number of the kind: 1 row, 2 button, 3 and 5-8 selects, 4 text input, 18 label.
    #[serde(rename = "type")]
    pub kind: u8,
    /// Discord numbers the components of a message from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u32>,
    /// What comes back with the interaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_id: Option<String>,
    /// Button: 1-4 colours, 5 link, 6 premium. Text input: 1 short, 2 paragraph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style: Option<u8>,
    /// The words on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// An emoji beside the words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emoji: Option<Value>,
    /// Where a link button leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Greyed out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// What a select offers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<SelectOption>,
    /// Which channels a channel select offers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channel_types: Vec<u8>,
    /// What is chosen beforehand in a select of users, roles or channels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub default_values: Vec<Value>,
    /// Grey words in an empty select or input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// Fewest choices of a select (1 if absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_values: Option<usize>,
    /// Most choices of a select (1 if absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_values: Option<usize>,
    /// Fewest characters of a text input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<usize>,
    /// Most characters of a text input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// Whether a text input must be filled in (yes if absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// What stands in a text input beforehand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The children of a row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
    /// The one child of a label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<Box<Component>>,
}

impl Component {
    /// Whether it is greyed out.
    #[must_use]
    pub fn is_disabled(&self) -> bool {
        self.disabled == Some(true)
    }

    /// The component itself and everything in it.
    pub(crate) fn walk(&self) -> Vec<&Self> {
        let inner = self.components.iter().chain(self.component.as_deref());
        std::iter::once(self).chain(inner.flat_map(|child| child.walk())).collect()
    }

    /// Numbers the components in reading order, as Discord does where the sender did not.
    pub(crate) fn number(components: &mut [Self], next: &mut u32) {
        for component in components {
            *next += 1;
            component.id.get_or_insert(*next);
            Self::number(&mut component.components, next);
            if let Some(child) = component.component.as_deref_mut() {
                Self::number(std::slice::from_mut(child), next);
            }
        }
    }
}

/// One choice of a string select.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SelectOption {
    /// The words people see.
    pub label: String,
    /// What comes back.
    pub value: String,
    /// Smaller words below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// An emoji before the words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emoji: Option<Value>,
    /// Whether it is chosen beforehand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<bool>,
}

/// Whom a message may notify. Its absence allows everything.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub(crate) struct AllowedMentions {
    #[serde(default)]
    pub(crate) parse: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) users: Option<Vec<Id>>,
    #[serde(default)]
    pub(crate) roles: Option<Vec<Id>>,
    #[serde(default)]
    pub(crate) replied_user: Option<bool>,
}

/// One modal, as the bot sent it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModalForm {
    /// What comes back with the submission.
    pub custom_id: String,
    /// The heading.
    pub title: String,
    /// Rows with one text input each (or labels).
    pub components: Vec<Component>,
}

impl ModalForm {
    /// The inputs in reading order, with the words above each.
    #[must_use]
    pub fn inputs(&self) -> Vec<(String, &Component)> {
        let mut inputs = vec![];
        for outer in &self.components {
            for inner in outer.walk().into_iter().filter(|c| c.kind != kind::ROW && c.kind != kind::LABEL) {
                let label = inner.label.clone().or_else(|| outer.label.clone());
                inputs.push((label.unwrap_or_default(), inner));
            }
        }
        inputs
    }
}
