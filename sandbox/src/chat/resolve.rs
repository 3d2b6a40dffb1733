//! Names that people choose, as ids with the objects that Discord sends along.

use serde_json::{Map, Value, json};

use crate::id::Id;
use crate::world::World;

/// The `resolved` part of an interaction's data.
#[derive(Debug, Default)]
pub(crate) struct Resolved(Map<String, Value>);

impl Resolved {
    fn put(&mut self, shelf: &str, id: Id, object: Value) {
        if let Value::Object(objects) = self.0.entry(shelf).or_insert_with(|| json!({})) {
            objects.insert(id.to_string(), object);
        }
    }

    pub(crate) fn user(&mut self, world: &World, name: &str) -> Option<Id> {
        let id = world.find_user(name)?;
        self.put("users", id, world.user_json(id));
        let member = world.bare_member_json(id);
        if let Value::Object(mut member) = member {
            member.insert("permissions".to_owned(), json!(world.guild_permissions(id).0.to_string()));
            self.put("members", id, Value::Object(member));
        }
        Some(id)
    }

    pub(crate) fn role(&mut self, world: &World, name: &str) -> Option<Id> {
        let id = world.find_role(name)?;
        let role = world.roles.get(&id).map(|role| world.role_json(role))?;
        self.put("roles", id, role);
        Some(id)
    }

    pub(crate) fn channel(&mut self, world: &World, name: &str, asker: Id) -> Option<Id> {
        let id = world.find_channel(name)?;
        let channel = world.channels.get(&id)?;
        let mut json = world.channel_json(channel);
        json["permissions"] = json!(world.permissions_in(asker, channel).0.to_string());
        self.put("channels", id, json);
        Some(id)
    }

    /// Adds itself to an interaction's data, if there is anything in it.
    pub(crate) fn add_to(self, data: &mut Value) {
        if !self.0.is_empty() {
            data["resolved"] = Value::Object(self.0);
        }
    }
}
