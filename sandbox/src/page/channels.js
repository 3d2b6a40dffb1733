// The channel list with its threads, and the head of the open channel.

import { byId, el, icon } from './dom.js';
import { currentLanguage, say } from './text.js';

export class Channels {
  constructor(app) {
    this.app = app;
    this.node = document.getElementById('channels');
    this.top = document.getElementById('top');
    this.unread = new Map(); // channel -> { count, named }
  }

  /** A message came into a channel that is not being read. */
  note(message) {
    if (message.channel_id === this.app.channel && !document.hidden) return;
    const seen = this.unread.get(message.channel_id) ?? { count: 0, named: 0 };
    seen.count += 1;
    if (message.names_you) seen.named += 1;
    this.unread.set(message.channel_id, seen);
    this.draw();
  }

  read() {
    if (this.unread.delete(this.app.channel)) this.draw();
  }

  draw() {
    const all = [...this.app.channels.values()];
    const threads = (parent) => all.filter((place) => place.kind === 'thread' && place.parent === parent && !place.archived)
      .sort((a, b) => byId(a.id, b.id));
    const open = this.app.channels.get(this.app.channel);
    const line = (place) => this.line(place);
    const texts = all.filter((place) => place.kind === 'text').sort((a, b) => a.position - b.position || byId(a.id, b.id));
    const list = texts.map((place) => {
      const under = threads(place.id);
      if (open?.archived && open.parent === place.id) under.push(open);
      return [line(place), under.length ? el('div', { class: 'threads' }, under.map(line)) : null];
    });
    const direct = all.filter((place) => place.kind === 'direct');
    this.node.replaceChildren(el('h2', {}, say('channels')), ...list.flat().filter(Boolean),
      ...(direct.length ? [el('h2', {}, say('direct')), ...direct.map(line)] : []));
    const named = [...this.unread.values()].reduce((sum, seen) => sum + seen.named, 0);
    document.title = `${named ? `(${named}) ` : ''}${open ? `#${open.name} · ` : ''}${this.app.guild.name}`;
  }

  line(place) {
    const seen = this.unread.get(place.id);
    const classes = ['channel', place.id === this.app.channel ? 'open' : '', seen ? 'unread' : ''];
    return el('button', {
      class: classes.filter(Boolean).join(' '), type: 'button', 'aria-current': place.id === this.app.channel ? 'page' : undefined,
      onclick: () => this.app.openChannel(place.id),
    },
    place.kind === 'thread' ? icon('thread', 16) : place.kind === 'direct' ? el('span', { class: 'sign' }, '@') : icon('hash', 18),
    el('span', { class: 'channel-name' }, place.name), seen?.named ? el('span', { class: 'badge' }, String(seen.named)) : null);
  }

  drawTop() {
    const { app } = this;
    const place = app.channels.get(app.channel);
    const parent = place?.parent && app.channels.get(place.parent);
    const dark = app.isDark();
    this.top.replaceChildren(...[
      el('button', { class: 'plain-icon only-narrow', type: 'button', title: say('channels'), onclick: () => app.drawer('side') }, icon('menu')),
      parent ? el('button', { class: 'crumb', type: 'button', onclick: () => app.openChannel(parent.id) }, icon('hash', 18), parent.name) : null,
      parent ? el('span', { class: 'crumb-sign' }, '›') : null,
      el('h1', {}, place ? icon(place.kind === 'thread' ? 'thread' : 'hash', 20) : null, place?.name ?? say('practice_world')),
      place?.topic ? el('span', { class: 'topic', title: place.topic }, place.topic) : null,
      el('span', { class: 'filler' }),
      el('span', { class: app.bot.online ? 'bot-state' : 'bot-state off', title: say(app.bot.online ? 'bot_online' : 'bot_offline') },
        el('i'), el('span', { class: 'wide-only' }, app.bot.name)),
      el('button', { class: 'plain-icon', type: 'button', title: say('switch_language'), onclick: () => app.switchLanguage() },
        el('span', { class: 'language' }, currentLanguage() === 'ko' ? 'EN' : '한')),
      el('button', { class: 'plain-icon', type: 'button', title: say(dark ? 'light' : 'dark'), onclick: () => app.switchTheme() }, icon(dark ? 'sun' : 'moon')),
      el('button', { class: 'plain-icon', type: 'button', title: say('panel'), 'aria-expanded': String(app.panelShown()), onclick: () => app.drawer('panel') }, icon('server')),
    ].filter(Boolean));
  }
}
