// One message as it is shown.

import { avatar, el, icon } from './dom.js';
import { components } from './components.js';
import { embed, files } from './embeds.js';
import { markdown } from './markdown.js';
import { full, say, time, when } from './text.js';

const [THREAD_CREATED, REPLY, COMMAND, THREAD_STARTER] = [18, 19, 20, 21];
const [SUPPRESS_EMBEDS, HAS_THREAD, LOADING] = [1 << 2, 1 << 5, 1 << 7];
/** Messages of one author this close together share a head. */
const TOGETHER = 7 * 60_000;
/** How long the bot may think: then its token has ended. */
const LONGEST_THOUGHT = 15 * 60_000;

/** Whether a message goes on where the one before it ended. */
export function continues(message, before) {
  return Boolean(before) && before.author.id === message.author.id && before.type === 0 && message.type === 0
    && Boolean(before.only_you) === Boolean(message.only_you)
    && new Date(message.timestamp) - new Date(before.timestamp) < TOGETHER;
}

/** The element of a message; `before` is the message above it. */
export function messageNode(message, before, app) {
  const moment = new Date(message.timestamp);
  if (message.type === THREAD_CREATED) return threadLine(message, app);
  const joined = continues(message, before);
  const classes = ['message', joined ? 'joined' : '', message.only_you ? 'private' : '', message.names_you ? 'names-you' : ''];
  const node = el('li', { class: classes.filter(Boolean).join(' '), id: `m${message.id}`, data: { id: message.id } });
  const above = contextLine(message, app);
  if (above) node.append(above);
  const person = app.person(message.author.id) ?? { ...message.author };
  const body = el('div', { class: 'body' });
  if (joined) {
    node.append(el('time', { class: 'gutter', datetime: message.timestamp, title: full(moment) }, time(moment)));
  } else {
    node.append(avatar(person));
    body.append(head(message, person, moment, app));
  }
  body.append(...content(message, app));
  node.append(body);
  return node;
}

function head(message, person, moment, app) {
  const name = el('span', { class: 'name' }, message.author.name ?? person.name);
  const role = app.roleHue(person);
  if (role !== null && !message.author.bot) {
    name.classList.add('coloured');
    name.style.setProperty('--hue', role);
  }
  const today = when(moment, { dateStyle: 'short' }) === when(new Date(app.now()), { dateStyle: 'short' });
  const shown = today ? time(moment) : when(moment, { dateStyle: 'short', timeStyle: 'short' });
  return el('div', { class: 'head' }, name, message.author.bot ? el('span', { class: 'tag' }, say('app_tag')) : null,
    el('time', { datetime: message.timestamp, title: full(moment) }, shown));
}

/** Above the message: whose command it answers, or which message. */
function contextLine(message, app) {
  const origin = message.interaction_metadata;
  if (message.type === COMMAND && origin?.name) {
    const user = app.person(origin.user.id) ?? { id: origin.user.id, name: origin.user.name };
    const [before, after] = say('used', { command: '\n' }).split('\n');
    return el('div', { class: 'context' }, avatar(user, 'tiny'), el('b', {}, origin.user.name ?? user.name),
      el('span', {}, before), el('span', { class: 'mention' }, `/${origin.name}`), el('span', {}, after));
  }
  if (message.type !== REPLY) return null;
  const replied = message.referenced_message;
  if (!replied) return el('div', { class: 'context' }, el('i', {}, say('original_gone')));
  const preview = replied.content || replied.embeds?.[0]?.title || replied.embeds?.[0]?.description || say('attachment');
  return el('button', { class: 'context', type: 'button', onclick: () => app.list.jump(replied.id) },
    avatar(app.person(replied.author.id) ?? replied.author, 'tiny'), el('b', {}, replied.author.name ?? ''),
    ' ', el('span', { class: 'preview' }, app.plain(preview.split('\n')[0])));
}

function content(message, app) {
  const parts = [];
  if (message.flags & LOADING) parts.push(thinking(message, app));
  if (message.type === THREAD_STARTER) {
    parts.push(el('div', { class: 'text faint' }, say('thread_begins')));
  } else if (message.content) {
    parts.push(el('div', { class: 'text' }, markdown(message.content, app)));
  }
  if (!(message.flags & SUPPRESS_EMBEDS)) parts.push(...message.embeds.map((data) => embed(data, app)));
  parts.push(files(message, app));
  parts.push(components(message, app));
  if (message.reactions?.length) {
    parts.push(el('div', { class: 'reactions' }, message.reactions.map((one) => el('span', { class: 'reaction' }, one.emoji.name, ' ', String(one.count)))));
  }
  if (message.edited_timestamp) {
    parts.push(el('span', { class: 'edited', title: full(new Date(message.edited_timestamp)) }, say('edited')));
  }
  if (message.flags & HAS_THREAD && message.thread) parts.push(threadBadge(message.thread, app));
  if (message.only_you) {
    parts.push(el('div', { class: 'only-you' }, icon('eye', 16), say('only_you'), ' · ',
      el('button', { class: 'as-link', type: 'button', onclick: () => app.list.dismiss(message.id) }, say('dismiss'))));
  }
  return parts.filter(Boolean);
}

function thinking(message, app) {
  const over = app.now() - new Date(message.timestamp) > LONGEST_THOUGHT;
  if (over) return el('div', { class: 'trouble' }, icon('alert', 16), say('no_response'));
  return el('div', { class: 'thinking' }, el('span', { class: 'dots' }, el('i'), el('i'), el('i')), say('thinking', { name: app.bot.name }));
}

function threadBadge(thread, app) {
  const place = app.channels.get(thread.id);
  if (!place) return null;
  return el('button', { class: 'thread-badge', type: 'button', onclick: () => app.openChannel(thread.id) },
    icon('thread', 18), el('b', {}, place.name), el('span', {}, say('messages', { count: place.messages })));
}

function threadLine(message, app) {
  const moment = new Date(message.timestamp);
  return el('li', { class: 'message system', id: `m${message.id}`, data: { id: message.id } }, icon('thread', 18),
    el('div', { class: 'body' }, el('b', {}, message.author.name ?? ''), ' ', say('started_thread'), ' ',
      el('button', { class: 'as-link', type: 'button', onclick: () => app.openThread(message.content) }, message.content), ' ',
      el('time', { datetime: message.timestamp, title: full(moment) }, time(moment))));
}
