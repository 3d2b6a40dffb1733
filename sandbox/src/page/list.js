// The messages of the open channel: kept in order, redrawn one by one, the older ones fetched when they are wanted.

import { address, api } from './live.js';
import { byId, el } from './dom.js';
import { continues, messageNode } from './message.js';
import { day, relative, say } from './text.js';

/** How near to the end counts as reading the newest, in pixels. */
const NEAR = 80;
/** More messages than this are not kept in the page while the newest are read; the older ones can be fetched again. */
const MOST = 300;
const KEPT = 200;

export class List {
  constructor(app) {
    this.app = app;
    this.scroller = document.getElementById('scroller');
    this.node = document.getElementById('messages');
    this.newer = document.getElementById('newer');
    this.order = [];
    this.messages = new Map();
    this.dismissed = new Set();
    this.pinned = true;
    this.lastTop = 0;
    this.scroller.addEventListener('scroll', () => this.scrolled(), { passive: true });
    this.newer.addEventListener('click', () => this.toEnd());
    new ResizeObserver(() => this.pinned && this.toEnd()).observe(this.node);
    new ResizeObserver(() => this.pinned && this.toEnd()).observe(this.scroller);
    setInterval(() => this.tick(), 20_000);
  }

  /** Opens a channel. */
  async open(channel) {
    this.channel = channel;
    this.order = [];
    this.messages.clear();
    this.pinned = true;
    this.more = false;
    this.node.replaceChildren(...[1, 2, 3, 4].map(() => el('li', { class: 'skeleton', 'aria-hidden': 'true' })));
    const page = await api.get(address(`/channels/${channel}/messages`, { as: this.app.me }));
    if (this.channel !== channel) return;
    const early = [...this.messages.values()];
    this.node.replaceChildren();
    this.order = [];
    this.messages.clear();
    this.more = page.more;
    this.begin();
    this.addAll([...page.messages, ...early]);
    this.toEnd();
  }

  clear() {
    this.channel = undefined;
    this.order = [];
    this.messages.clear();
    this.more = false;
    this.node.replaceChildren(el('li', { class: 'nothing' }, say('you_left')));
  }

  /** What stands above the oldest message: where the channel begins. */
  begin() {
    this.node.querySelector('.beginning')?.remove();
    if (this.more) return;
    const place = this.app.channels.get(this.channel);
    this.node.prepend(el('li', { class: 'beginning' }, el('div', { class: 'beginning-sign' }, place?.kind === 'text' ? '#' : '…'),
      el('h2', {}, say('beginning', { name: place?.name ?? '' })), el('p', {}, say('beginning_hint'))));
  }

  addAll(messages) {
    const parts = document.createDocumentFragment();
    for (const message of messages) {
      if (this.dismissed.has(message.id) || this.messages.has(message.id)) continue;
      const before = this.messages.get(this.order.at(-1));
      this.messages.set(message.id, message);
      this.order.push(message.id);
      parts.append(...this.dressed(message, before));
    }
    this.node.append(parts);
  }

  /** A message with the line of its day above it, where a day begins. */
  dressed(message, before) {
    const node = messageNode(message, before, this.app);
    const date = day(new Date(message.timestamp));
    if (before && day(new Date(before.timestamp)) === date) return [node];
    return [el('li', { class: 'day', data: { of: message.id } }, el('span', {}, date)), node];
  }

  /** A message is new, or is not as it was. */
  put(message) {
    if (message.channel_id !== this.channel || this.dismissed.has(message.id)) return;
    if (this.messages.has(message.id)) {
      this.messages.set(message.id, message);
      this.redraw(message.id);
      return;
    }
    const last = this.order.at(-1);
    if (last === undefined || byId(message.id, last) > 0) {
      this.addAll([message]);
      if (this.pinned) this.trim();
      else this.newer.hidden = false;
      this.toEndSoon();
      return;
    }
    const at = this.order.findIndex((id) => byId(id, message.id) > 0);
    if (at === 0 && this.more) return;
    this.messages.set(message.id, message);
    this.order.splice(at, 0, message.id);
    const next = document.getElementById(`m${this.order[at + 1]}`);
    next.before(...this.dressed(message, this.messages.get(this.order[at - 1])));
    this.redraw(this.order[at + 1]);
  }

  /** Draws a message anew. Whoever had the focus in it keeps it. */
  redraw(id) {
    const message = this.messages.get(id);
    const old = document.getElementById(`m${id}`);
    if (!message || !old) return;
    const part = old.contains(document.activeElement) ? document.activeElement.dataset.part : undefined;
    const before = this.messages.get(this.order[this.order.indexOf(id) - 1]);
    const node = messageNode(message, before, this.app);
    old.replaceWith(node);
    if (part !== undefined) node.querySelector(`[data-part="${CSS.escape(part)}"]`)?.focus({ preventScroll: true });
    this.toEndSoon();
  }

  remove(id) {
    const at = this.order.indexOf(id);
    if (at < 0) return;
    this.order.splice(at, 1);
    this.messages.delete(id);
    document.getElementById(`m${id}`)?.remove();
    const next = this.messages.get(this.order[at]);
    const line = this.node.querySelector(`.day[data-of="${id}"]`);
    const before = this.messages.get(this.order[at - 1]);
    if (line && next && (!before || day(new Date(before.timestamp)) !== day(new Date(next.timestamp)))) line.dataset.of = next.id;
    else line?.remove();
    if (next) this.redraw(next.id);
  }

  /** An ephemeral answer is put away; only in this tab, as in Discord. */
  dismiss(id) {
    this.dismissed.add(id);
    this.remove(id);
  }

  /** Every message anew: names, the language or the zone changed. */
  redrawAll() {
    if (!this.channel) return;
    const at = this.scroller.scrollTop;
    const all = this.order.map((id) => this.messages.get(id));
    this.order = [];
    this.messages.clear();
    const notes = [...this.node.querySelectorAll('.local')];
    this.node.replaceChildren();
    this.begin();
    this.addAll(all);
    this.node.append(...notes);
    if (this.pinned) this.toEnd();
    else this.scroller.scrollTop = at;
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    // Only somebody who scrolls up leaves the end: messages that grow or shrink move it, too.
    if (scrollHeight - scrollTop - clientHeight < NEAR) this.pinned = true;
    else if (scrollTop < this.lastTop - 2) this.pinned = false;
    this.lastTop = scrollTop;
    if (this.pinned) this.newer.hidden = true;
    if (scrollTop < 400 && this.more && !this.fetching) this.fetchOlder();
  }

  async fetchOlder() {
    this.fetching = true;
    const channel = this.channel;
    try {
      const before = this.order[0];
      const page = await api.get(address(`/channels/${channel}/messages`, { as: this.app.me, before, limit: 100 }));
      if (this.channel !== channel) return;
      this.more = page.more;
      const height = this.scroller.scrollHeight;
      const parts = [];
      const fresh = page.messages.filter((message) => !this.messages.has(message.id) && !this.dismissed.has(message.id));
      fresh.forEach((message, at) => {
        this.messages.set(message.id, message);
        parts.push(...this.dressed(message, fresh[at - 1]));
      });
      this.order.unshift(...fresh.map((message) => message.id));
      const first = this.messages.get(before);
      const last = fresh.at(-1);
      if (first && last && day(new Date(first.timestamp)) === day(new Date(last.timestamp))) {
        this.node.querySelector(`.day[data-of="${before}"]`)?.remove();
      }
      this.node.prepend(...parts);
      this.begin();
      if (first && last && continues(first, last)) this.redraw(before);
      this.scroller.scrollTop += this.scroller.scrollHeight - height;
    } catch (error) {
      this.app.toast(error.message);
    } finally {
      this.fetching = false;
    }
  }

  /** While the newest are read, what lies far above need not be kept. */
  trim() {
    if (this.order.length <= MOST) return;
    const gone = this.order.splice(0, this.order.length - KEPT);
    for (const id of gone) {
      this.messages.delete(id);
      document.getElementById(`m${id}`)?.remove();
      this.node.querySelector(`.day[data-of="${id}"]`)?.remove();
    }
    this.node.querySelector('.beginning')?.remove();
    this.more = true;
  }

  /** Once for a whole batch of events: each look at the height costs a layout. */
  toEndSoon() {
    if (!this.pinned || this.ending) return;
    this.ending = true;
    queueMicrotask(() => {
      this.ending = false;
      if (this.pinned) this.toEnd();
    });
  }

  toEnd() {
    this.pinned = true;
    this.newer.hidden = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.lastTop = this.scroller.scrollTop;
  }

  jump(id) {
    const node = document.getElementById(`m${id}`);
    if (!node) return this.app.toast(say('far_above'));
    node.scrollIntoView({ block: 'center', behavior: 'smooth' });
    node.classList.add('pointed');
    setTimeout(() => node.classList.remove('pointed'), 1600);
    return undefined;
  }

  /** A line of the page itself at the end of the channel: a command under way, or one that failed. */
  note(node) {
    node.classList.add('local');
    this.node.append(node);
    this.toEnd();
    return node;
  }

  /** Relative times go on. */
  tick() {
    for (const node of document.querySelectorAll('[data-relative]')) {
      node.textContent = relative(Number(node.dataset.relative), this.app.now());
    }
  }
}
