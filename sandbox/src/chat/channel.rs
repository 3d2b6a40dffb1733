//! A channel as its people see it.

use std::sync::Arc;
use std::time::Duration;

use super::error::ChatError;
use super::message::Message;
use crate::core::Core;
use crate::id::Id;
use crate::world::World;

/// Requests shown in a failure's text.
const LAST_REQUESTS: usize = 12;

/// How many of a channel's messages a failure shows: a long test has thousands.
const LAST_MESSAGES: usize = 12;

/// A channel or thread; from [`PracticeDiscord::channel`](crate::PracticeDiscord::channel).
#[derive(Clone, Debug)]
pub struct ChannelView {
    pub(crate) core: Arc<Core>,
    pub(crate) name: String,
    pub(crate) patience: Duration,
}

impl ChannelView {
    fn id(&self) -> Option<Id> {
        self.core.look(|world| world.find_channel(&self.name))
    }

    /// Waits this long, in real time, instead of as long as the builder said.
    #[must_use]
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// What everybody sees, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.gather(None)
    }

    /// What this person sees, their ephemeral messages among it, oldest first.
    #[must_use]
    pub fn messages_for(&self, who: &str) -> Vec<Message> {
        self.gather(self.core.look(|world| world.find_user(who)))
    }

    /// The newest message that everybody sees.
    #[must_use]
    pub fn last_message(&self) -> Option<Message> {
        self.messages().pop()
    }

    fn gather(&self, eyes: Option<Id>) -> Vec<Message> {
        let Some(id) = self.id() else { return vec![] };
        visible(&self.core, id, eyes)
    }

    /// Waits for a message that everybody sees and that fits.
    ///
    /// # Errors
    /// Patience ended; the error shows the end of the channel.
    pub async fn wait_for(&self, fits: impl Fn(&Message) -> bool) -> Result<Message, ChatError> {
        let found = self.core.wait(self.patience, || self.messages().into_iter().find(|message| fits(message))).await;
        found.ok_or_else(|| too_late(&self.core, self.patience, self.id(), "a message that fits"))
    }

    /// Everything that ever stood here, ephemeral and deleted messages too, as one text.
    #[must_use]
    pub fn transcript(&self) -> String {
        self.core.look(|world| self.id_in(world).map(|id| transcript(world, id, usize::MAX)).unwrap_or_default())
    }

    fn id_in(&self, world: &World) -> Option<Id> {
        world.find_channel(&self.name)
    }
}

/// The messages of a channel that these eyes see; without eyes, those that everybody sees.
pub(super) fn visible(core: &Arc<Core>, channel: Id, eyes: Option<Id>) -> Vec<Message> {
    core.look(|world| {
        let ids = world.channels.get(&channel).map(|channel| channel.messages.clone()).unwrap_or_default();
        let postings = ids.iter().filter_map(|id| world.postings.get(id));
        let seen = postings.filter(|posting| match eyes {
            Some(user) => world.visible_to(user, posting),
            None => posting.deleted.is_none() && posting.only_for.is_none(),
        });
        seen.map(|posting| Message::new(core, posting)).collect()
    })
}

/// The last `most` messages of a channel as one text, which says how many came before.
fn transcript(world: &World, channel: Id, most: usize) -> String {
    let ids = world.channels.get(&channel).map(|channel| channel.messages.as_slice()).unwrap_or_default();
    let (earlier, shown) = ids.split_at(ids.len().saturating_sub(most));
    let entries = shown.iter().filter_map(|id| world.postings.get(id)).map(|posting| world.transcript_entry(posting));
    let left_out = (!earlier.is_empty()).then(|| format!("({} earlier messages)", earlier.len()));
    left_out.into_iter().chain(entries).collect::<Vec<_>>().join("\n")
}

/// A failure that shows what there was to see.
pub(super) fn too_late(core: &Arc<Core>, patience: Duration, channel: Option<Id>, what: &str) -> ChatError {
    let (name, talk, connected) = core.look(|world| {
        let name = channel.and_then(|id| world.channels.get(&id)).map_or("?".to_owned(), |c| c.name.clone());
        (name, channel.map(|id| transcript(world, id, LAST_MESSAGES)).unwrap_or_default(), world.hub.connected())
    });
    let requests = core.journal.all();
    let last = requests[requests.len().saturating_sub(LAST_REQUESTS)..].iter();
    let last = last.map(|r| format!("    {} {} -> {} {}", r.method, r.path, r.status, r.code)).collect::<Vec<_>>();
    let scene = format!(
        "#{name} shows:\n{talk}\nthe bot has {connected} gateway connections; its last requests:\n{}",
        last.join("\n")
    );
    ChatError::TooLate { what: what.to_owned(), waited: patience, scene }
}
