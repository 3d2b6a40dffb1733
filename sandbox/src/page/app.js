// The page as a whole: what it knows of the world, and who is told when something changes.

import { Acts } from './components.js';
import { Channels } from './channels.js';
import { Composer } from './composer.js';
import { List } from './list.js';
import { Live, address, api } from './live.js';
import { Modal } from './modal.js';
import { Panel } from './panel.js';
import { People } from './people.js';
import { el, hue, icon } from './dom.js';
import { loadWords, say, setZone, switchLanguage } from './text.js';

const NARROW = '(max-width: 760px)';
const DARK = matchMedia('(prefers-color-scheme: dark)');

class App {
  constructor() {
    this.people = new Map();
    this.roles = new Map();
    this.channels = new Map();
    this.offset = 0;
  }

  // --- what the parts ask ---

  now() {
    return Date.now() + this.offset;
  }

  person(id) {
    return this.people.get(id);
  }

  personName(id) {
    return this.people.get(id)?.name ?? say('unknown_person');
  }

  roleName(id) {
    return this.roles.get(id)?.name ?? say('unknown_role');
  }

  hasRole(id) {
    return this.people.get(this.me)?.roles.includes(id) ?? false;
  }

  /** The roles of somebody in words; the bot's own role says nothing. */
  roleNames(person) {
    const named = (person?.roles ?? []).map((id) => this.roles.get(id)).filter((role) => role && !role.managed);
    return named.map((role) => role.name).join(', ');
  }

  /** The colour of somebody's first role, as names have it in Discord. */
  roleHue(person) {
    const role = (person.roles ?? []).find((id) => this.roles.has(id) && !this.roles.get(id).managed);
    return role ? hue(role) : null;
  }

  channelName(id) {
    return this.channels.get(id)?.name ?? null;
  }

  /** A line of text with ids as names, for previews. */
  plain(text) {
    return text.replace(/<@!?(\d+)>/g, (_, id) => `@${this.personName(id)}`).replace(/<@&(\d+)>/g, (_, id) => `@${this.roleName(id)}`)
      .replace(/<#(\d+)>/g, (_, id) => `#${this.channelName(id) ?? '?'}`).replace(/[*_~`|]{1,3}/g, '');
  }

  refresh(message) {
    this.list.redraw(message);
  }

  openModal(interaction, form, channel) {
    this.modal.open(interaction, form, channel);
  }

  // --- coming in ---

  async start() {
    // The key in the address has done its work: it is in the cookie now, and nobody should copy it by accident.
    history.replaceState(null, '', location.pathname);
    await loadWords();
    this.applyTheme(localStorage.getItem('theme'));
    this.acts = new Acts(this);
    this.modal = new Modal(this);
    this.channelList = new Channels(this);
    this.list = new List(this);
    this.composer = new Composer(this);
    this.peopleBox = new People(this);
    this.panelBox = new Panel(this);
    this.bindKeys();
    this.me = sessionStorage.getItem('me') ?? undefined;
    await this.load();
    await this.modal.restore();
    document.body.classList.add('ready');
  }

  /** Looks at the whole world, and listens from there. */
  async load() {
    let world;
    try {
      world = await api.get(address('/world', { as: this.me }));
    } catch (error) {
      if (error.word !== 'unknown') return this.unreachable(error);
      world = await api.get('/world');
    }
    this.me = world.me;
    sessionStorage.setItem('me', this.me);
    this.guild = world.guild;
    this.bot = world.bot;
    this.panel = world.panel;
    setZone(world.timezone);
    this.setClock(world.clock);
    this.setPeople(world);
    this.channels = new Map(world.channels.map((place) => [place.id, place]));
    const kept = sessionStorage.getItem('channel');
    const first = world.channels.find((place) => place.kind === 'text');
    this.live?.end();
    this.live = new Live(this.me, world.cursor, (event) => this.hear(event), (stands) => this.connected(stands));
    this.drawAll();
    await this.openChannel(this.channels.has(this.channel ?? kept) ? (this.channel ?? kept) : first?.id);
    return undefined;
  }

  unreachable(error) {
    this.connected(false, error.message);
    setTimeout(() => this.load(), 2000);
  }

  async become(person) {
    this.me = person;
    sessionStorage.setItem('me', person);
    this.channelList.unread.clear();
    this.list.dismissed.clear();
    await this.load();
    this.composer.box.focus();
  }

  async openChannel(id) {
    if (!id) {
      // Somebody who left sees nothing.
      this.channel = undefined;
      this.list.clear();
      this.composer.close();
      this.channelList.drawTop();
      return;
    }
    this.channel = id;
    sessionStorage.setItem('channel', id);
    this.drawer(null);
    this.channelList.read();
    this.channelList.draw();
    this.channelList.drawTop();
    this.composer.showTyping(null);
    try {
      await Promise.all([this.list.open(id), this.composer.open()]);
    } catch (error) {
      this.toast(error.message);
    }
    if (!matchMedia(NARROW).matches && !document.querySelector('dialog[open]')) this.composer.box.focus();
  }

  openThread(name) {
    const found = [...this.channels.values()].findLast((place) => place.kind === 'thread' && place.name === name);
    if (found) this.openChannel(found.id);
  }

  // --- what happens ---

  hear(event) {
    switch (event.type) {
      case 'message': return this.heardMessage(event.message);
      case 'message_gone': return this.list.remove(event.id);
      case 'interaction': return this.acts.settle(event.interaction);
      case 'channel': return this.heardChannel(event.channel);
      case 'channel_gone': return this.channelGone(event.id);
      case 'typing': return event.channel === this.channel && this.composer.showTyping(this.personName(event.user));
      case 'people': return this.heardPeople(event);
      case 'commands': return this.ask(() => this.composer.loadCommands());
      case 'bot':
        this.bot = event.bot;
        return this.channelList.drawTop();
      case 'clock':
        this.setClock(event.now);
        return this.panelBox.tick();
      case 'panel':
        this.panel = event.panel;
        return this.panelBox.draw();
      case 'reset': return this.load();
      default: return undefined;
    }
  }

  heardMessage(message) {
    const known = this.list.messages.has(message.id);
    const fresh = !known && this.now() - new Date(message.timestamp) < 60_000 && !message.edited_timestamp;
    this.list.put(message);
    if (message.author.id !== this.me && fresh) this.channelList.note(message);
    if (message.author.bot && message.channel_id === this.channel) this.composer.showTyping(null);
  }

  heardChannel(place) {
    const before = this.channels.get(place.id);
    this.channels.set(place.id, place);
    this.channelList.draw();
    if (place.id === this.channel) {
      this.channelList.drawTop();
      if (before && (before.may_write !== place.may_write || before.locked !== place.locked)) this.composer.open();
    }
    // The message that a thread hangs on shows its name and how much is in it.
    this.list.redraw(place.id);
  }

  channelGone(id) {
    if (!this.channels.delete(id)) return;
    this.channelList.draw();
    if (id === this.channel) {
      this.toast(say('channel_gone'));
      this.openChannel([...this.channels.values()].find((place) => place.kind === 'text')?.id);
    }
  }

  /** What somebody may see and do hangs on their roles: then all of it is looked at anew. */
  async heardPeople(event) {
    const rights = () => JSON.stringify([this.people.get(this.me)?.member, this.people.get(this.me)?.roles]);
    const before = rights();
    this.setPeople(event);
    this.peopleBox.draw();
    if (rights() !== before) return this.load();
    return this.list.redrawAll();
  }

  setPeople({ people, roles }) {
    this.people = new Map(people.map((person) => [person.id, person]));
    this.roles = new Map(roles.map((role) => [role.id, role]));
  }

  setClock(now) {
    this.offset = new Date(now) - Date.now();
  }

  connected(stands, words) {
    const notice = document.getElementById('notice');
    clearTimeout(this.noticeTimer);
    if (stands) {
      notice.hidden = true;
    } else {
      // A cut that mends itself at once is nobody's business.
      this.noticeTimer = setTimeout(() => {
        notice.replaceChildren(icon('alert', 16), words ?? say('reconnecting'));
        notice.hidden = false;
      }, 600);
    }
  }

  /** Asks the world for something; what goes wrong is said. */
  async ask(send, after) {
    try {
      await send();
    } catch (error) {
      this.toast(error.message);
      after?.();
    }
  }

  // --- how it looks ---

  drawAll() {
    document.getElementById('guild').replaceChildren(el('b', {}, this.guild.name), el('small', {}, say('practice')));
    document.getElementById('newer').replaceChildren(say('newer'), icon('down', 16));
    this.peopleBox.draw();
    this.panelBox.draw();
    this.channelList.draw();
    this.channelList.drawTop();
  }

  switchLanguage() {
    switchLanguage();
    this.drawAll();
    this.list.redrawAll();
    this.composer.open();
  }

  isDark() {
    return (document.documentElement.dataset.theme ?? (DARK.matches ? 'dark' : 'light')) === 'dark';
  }

  applyTheme(theme) {
    if (theme) document.documentElement.dataset.theme = theme;
  }

  switchTheme() {
    const theme = this.isDark() ? 'light' : 'dark';
    localStorage.setItem('theme', theme);
    this.applyTheme(theme);
    this.channelList.drawTop();
  }

  panelShown() {
    return matchMedia('(max-width: 1120px)').matches ? document.body.dataset.drawer === 'panel' : document.body.dataset.panel !== 'hidden';
  }

  /** Opens or closes a side: a drawer where there is no room for it, else a column. */
  drawer(which) {
    const { dataset } = document.body;
    const narrow = matchMedia(which === 'panel' ? '(max-width: 1120px)' : NARROW).matches;
    if (which === 'panel' && !narrow) {
      dataset.panel = dataset.panel === 'hidden' ? 'shown' : 'hidden';
    } else if (which && dataset.drawer !== which) {
      dataset.drawer = which;
    } else {
      delete dataset.drawer;
    }
    document.getElementById('shade').hidden = !dataset.drawer;
    this.channelList.drawTop();
  }

  toast(words) {
    const node = el('div', { class: 'toast' }, icon('alert', 18), words);
    document.getElementById('toasts').append(node);
    setTimeout(() => node.remove(), 6000);
  }

  bindKeys() {
    document.getElementById('shade').addEventListener('click', () => this.drawer(null));
    DARK.addEventListener('change', () => this.channelList.drawTop());
    document.addEventListener('visibilitychange', () => !document.hidden && this.channelList.read());
    document.addEventListener('keydown', (event) => {
      const typing = event.target.closest?.('input, textarea, select, dialog, .command-form');
      if (event.key === 'Escape' && document.body.dataset.drawer) return this.drawer(null);
      if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
        event.preventDefault();
        return this.nextChannel(event.key === 'ArrowDown' ? 1 : -1);
      }
      if (!typing && event.key === '/' && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        return this.composer.startSlash();
      }
      return undefined;
    });
  }

  nextChannel(step) {
    const lines = [...document.querySelectorAll('#channels .channel')];
    const at = lines.findIndex((line) => line.classList.contains('open'));
    lines[(at + step + lines.length) % lines.length]?.click();
  }
}

new App().start();
