// Buttons and selects of a message, and what becomes of a press.

import { address, api } from './live.js';
import { avatar, el, icon, placeBeside } from './dom.js';
import { Menu } from './menu.js';
import { say } from './text.js';

const ROW = 1;
const BUTTON = 2;
const STYLES = [, 'primary', 'secondary', 'success', 'danger', 'link', 'premium'];
const [STRING, USERS, ROLES, ANYBODY, CHANNELS] = [3, 5, 6, 7, 8];
/** From so many options on, a select can be searched. */
const MANY = 8;

/** What people have done and what is not answered yet. */
export class Acts {
  constructor(app) {
    this.app = app;
    this.waiting = new Map(); // interaction -> act
    this.early = new Map(); // interaction -> view: the answer came before the id
    this.busy = new Map(); // message -> custom id
    this.trouble = new Map(); // message -> sentence
  }

  /** Does something and waits for the bot. `act`: `message`, `part`, `done`, `failed`. */
  async run(act, send) {
    if (act.message) {
      if (this.busy.has(act.message)) return;
      this.busy.set(act.message, act.part);
      this.trouble.delete(act.message);
      this.app.refresh(act.message);
    }
    try {
      const { interaction } = await send();
      act.id = interaction;
      this.waiting.set(interaction, act);
      if (this.early.has(interaction)) this.settle(this.early.get(interaction));
    } catch (error) {
      this.end(act, error.detail ? `${error.message} ${error.detail}` : error.message);
    }
  }

  /** An event about one of this person's interactions. */
  settle(view) {
    const act = this.waiting.get(view.id);
    if (!act) {
      this.early.set(view.id, view);
      if (this.early.size > 50) this.early.delete(this.early.keys().next().value);
      // Pressed in another tab, or before a reload.
      if (view.state === 'failed' && view.message) this.fail(view.message, say('interaction_failed'));
      return;
    }
    if (view.state === 'waiting') return;
    this.waiting.delete(view.id);
    this.early.delete(view.id);
    this.end(act, view.state === 'failed' ? say(act.message ? 'interaction_failed' : 'no_response') : null, view);
  }

  end(act, trouble, view) {
    if (act.message) {
      this.busy.delete(act.message);
      if (trouble) this.trouble.set(act.message, trouble);
      this.app.refresh(act.message);
    }
    if (trouble) act.failed?.(trouble);
    else act.done?.(view);
    if (view?.answer?.kind === 'modal') this.app.openModal(view.id, view.answer.modal, view.channel);
  }

  fail(message, trouble) {
    this.trouble.set(message, trouble);
    this.app.refresh(message);
  }
}

/** The rows of a message. */
export function components(message, app) {
  if (!message.components.length) return null;
  const busy = app.acts.busy.get(message.id);
  const trouble = app.acts.trouble.get(message.id);
  return el('div', { class: 'components' },
    message.components.filter((row) => row.type === ROW).map((row) => el('div', { class: 'row' },
      row.components.map((part) => (part.type === BUTTON ? button(part, message, app, busy) : select(part, message, app, busy))))),
    trouble ? el('div', { class: 'trouble', role: 'alert' }, icon('alert', 16), trouble) : null);
}

function emoji(part) {
  return part.emoji?.name ? el('span', { class: 'emoji' }, part.emoji.id ? `:${part.emoji.name}:` : part.emoji.name) : null;
}

function button(part, message, app, busy) {
  const style = STYLES[part.style] ?? 'secondary';
  const words = [emoji(part), part.label ? el('span', {}, part.label) : null];
  if (style === 'link') {
    const fine = /^https?:\/\//.test(part.url ?? '');
    return el('a', { class: 'button link', href: fine ? part.url : undefined, target: '_blank', rel: 'noopener noreferrer' },
      words, icon('link', 16));
  }
  const loading = busy === part.custom_id;
  return el('button', {
    class: `button ${style}${loading ? ' loading' : ''}`, type: 'button', data: { part: part.custom_id },
    // Not disabled while it waits: the focus must not be lost.
    disabled: part.disabled, 'aria-disabled': busy !== undefined || undefined, 'aria-busy': loading || undefined, title: part.label ? undefined : part.emoji?.name,
    onclick: () => app.acts.run({ message: message.id, part: part.custom_id },
      () => api.post(address(`/messages/${message.id}/press`, { as: app.me }), { custom_id: part.custom_id })),
  }, words, loading ? el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i')) : null);
}

/** What a select or an option of a command offers. */
export function offers(kind, app, options = []) {
  const people = () => [...app.people.values()].filter((person) => person.member).map((person) => ({
    value: person.id, label: person.name, detail: app.roleNames(person), before: avatar(person, 'small'),
  }));
  const roles = () => [...app.roles.values()].filter((role) => !role.managed)
    .map((role) => ({ value: role.id, label: `@${role.name}`, before: el('span', { class: 'sign' }, '@') }));
  const channels = () => [...app.channels.values()].filter((place) => place.kind !== 'direct')
    .map((place) => ({ value: place.id, label: place.name, before: el('span', { class: 'sign' }, '#') }));
  switch (kind) {
    case STRING: return options.map((option) => ({
      value: option.value, label: option.label, detail: option.description, before: emoji(option), chosen: option.default,
    }));
    case USERS: return people();
    case ROLES: return roles();
    case ANYBODY: return [...people(), ...roles()];
    case CHANNELS: return channels();
    default: return [];
  }
}

/** Whether an offer fits what was typed, wherever it stands in it. */
export function fitting(items, typed) {
  const wanted = typed.trim().toLocaleLowerCase();
  if (!wanted) return items;
  return items.filter((item) => `${item.label} ${item.detail ?? ''} ${item.value}`.toLocaleLowerCase().includes(wanted));
}

function select(part, message, app, busy) {
  const items = offers(part.type, app, part.options);
  const before = new Set((part.default_values ?? []).map((chosen) => chosen.id));
  for (const item of items) item.chosen = item.chosen || before.has(item.value);
  const chosen = items.filter((item) => item.chosen);
  const loading = busy === part.custom_id;
  const words = chosen.length
    ? chosen.map((item) => el('span', { class: 'chosen' }, item.label))
    : el('span', { class: 'placeholder' }, part.placeholder ?? say('choose'));
  return el('button', {
    class: `select${loading ? ' loading' : ''}`, type: 'button', data: { part: part.custom_id }, 'aria-haspopup': 'listbox',
    disabled: part.disabled, 'aria-disabled': busy !== undefined || undefined,
    onclick: (event) => busy === undefined && choose(event.currentTarget, part, items, (values) => app.acts.run(
      { message: message.id, part: part.custom_id },
      () => api.post(address(`/messages/${message.id}/choose`, { as: app.me }), { custom_id: part.custom_id, values }),
    )),
  }, el('span', { class: 'select-words' }, words), icon('down', 18));
}

/** Opens the list of a select. One choice is sent at once; several when the list is closed. */
function choose(anchor, part, items, send) {
  const least = part.min_values ?? 1;
  const most = Math.min(part.max_values ?? 1, items.length || 1);
  const several = most > 1 || least === 0;
  const taken = new Set(items.filter((item) => item.chosen).map((item) => item.value));
  const untouched = [...taken].join();
  const search = el('input', { type: 'text', class: 'menu-search', placeholder: say('search'), 'aria-label': say('search') });
  search.hidden = items.length < MANY && part.type === STRING;
  const box = el('dialog', { class: 'picker', 'aria-label': part.placeholder ?? say('choose') });
  const menu = new Menu((item) => {
    if (!several) return finish([item.value]);
    if (taken.has(item.value)) taken.delete(item.value);
    else if (taken.size < most) taken.add(item.value);
    return draw(menu.active);
  });
  const done = several ? el('button', { class: 'button primary', type: 'button', onclick: () => finish([...taken]) }, say('done')) : null;
  const draw = (active) => {
    const found = fitting(items, search.value).map((item) => ({ ...item, before: item.before?.cloneNode(true), chosen: taken.has(item.value) }));
    menu.show(found.length ? found : [{ note: say('nothing_found') }], active);
    if (done) done.disabled = taken.size < least;
  };
  const finish = (values) => {
    box.close();
    if (!several || values.join() !== untouched) send(values);
  };
  search.addEventListener('input', () => draw(0));
  box.addEventListener('keydown', (event) => {
    if (event.target !== done) menu.key(event, false);
    if (event.key === 'Escape') box.close();
  });
  box.addEventListener('pointerdown', (event) => event.target === box && box.close());
  box.addEventListener('close', () => {
    box.remove();
    document.querySelector(`[data-part="${CSS.escape(part.custom_id)}"]`)?.focus();
  });
  const list = el('div', { class: 'picker-box', tabindex: '-1' }, search, menu.node, done);
  box.append(list);
  document.body.append(box);
  draw(0);
  box.showModal();
  placeBeside(list, anchor);
  (search.hidden ? list : search).focus();
}
