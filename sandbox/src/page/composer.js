// The message box. `/` opens the commands; a chosen command becomes a form with its options.

import { address, api } from './live.js';
import { avatar, el, icon } from './dom.js';
import { fitting, offers } from './components.js';
import { entries, matching } from './commands.js';
import { Menu } from './menu.js';
import { say } from './text.js';

const LONGEST = 2000;
/** From here on the characters that are left are counted aloud. */
const NEARLY = 1800;
const [TEXT, WHOLE, BOOLEAN, USER, CHANNEL, ROLE, ANYBODY, NUMBER] = [3, 4, 5, 6, 7, 8, 9, 10];
/** Which kind of select offers the same as an option does. */
const AS_SELECT = { [USER]: 5, [ROLE]: 6, [ANYBODY]: 7, [CHANNEL]: 8 };
const PAUSE = 120;

export class Composer {
  constructor(app) {
    this.app = app;
    this.node = document.getElementById('composer');
    this.commands = [];
    this.menu = new Menu((item) => this.picked(item));
    this.box = el('textarea', { rows: 1, 'aria-label': say('write'), autocomplete: 'off', 'aria-controls': this.menu.node.id });
    this.form = el('div', { class: 'command-form', hidden: true });
    this.count = el('span', { class: 'left', 'aria-live': 'polite' });
    this.trouble = el('div', { class: 'composer-trouble', role: 'alert', hidden: true });
    this.typing = el('div', { class: 'typing', role: 'status' });
    this.sendButton = el('button', { class: 'send', type: 'button', onclick: () => this.submit() }, icon('send', 20));
    this.slash = el('button', { class: 'slash', type: 'button', onclick: () => this.startSlash() }, '/');
    this.node.append(this.menu.node, this.trouble,
      el('div', { class: 'composer-box' }, this.slash, this.box, this.form, this.count, this.sendButton), this.typing);
    this.box.addEventListener('input', () => this.typed());
    this.box.addEventListener('keydown', (event) => this.key(event));
    this.box.addEventListener('blur', () => setTimeout(() => !this.node.contains(document.activeElement) && this.menu.hide(), 120));
    this.form.addEventListener('keydown', (event) => this.formKey(event));
  }

  /** Another channel, person or language. What was typed in each channel stays. */
  async open() {
    const place = this.app.channels.get(this.app.channel);
    if (!place) return this.close();
    this.leaveCommand();
    this.box.value = sessionStorage.getItem(this.draftKey()) ?? '';
    this.box.disabled = !place?.may_write || place.locked;
    this.box.placeholder = this.box.disabled ? say('may_not_write') : say('write_in', { name: place?.name ?? '' });
    this.sendButton.title = say('send');
    this.slash.title = say('commands');
    this.typed();
    return this.loadCommands();
  }

  close() {
    this.leaveCommand();
    this.commands = [];
    this.box.value = '';
    this.box.disabled = true;
    this.box.placeholder = say('may_not_write');
  }

  async loadCommands() {
    const { me, channel } = this.app;
    if (!channel) return;
    const commands = await api.get(address('/commands', { as: me, channel }));
    if (me === this.app.me && channel === this.app.channel) {
      this.commands = entries(commands, this.app.person(me)?.locale ?? 'en-US');
      if (!this.command && this.box.value.startsWith('/')) this.typed();
    }
  }

  draftKey() {
    return `draft ${this.app.me} ${this.app.channel}`;
  }

  startSlash() {
    this.leaveCommand();
    this.box.value = '/';
    this.box.focus();
    this.typed();
  }

  typed() {
    const text = this.box.value;
    const { pinned } = this.app.list;
    this.box.style.height = 'auto';
    this.box.style.height = `${Math.min(this.box.scrollHeight, window.innerHeight * 0.4)}px`;
    // The box has taken from the messages' room.
    if (pinned) this.app.list.toEnd();
    if (text.length <= 20_000) sessionStorage.setItem(this.draftKey(), text);
    this.trouble.hidden = true;
    const length = [...text.trim()].length;
    this.count.textContent = length > NEARLY ? String(LONGEST - length) : '';
    this.count.classList.toggle('over', length > LONGEST);
    this.node.classList.toggle('full', length > 0);
    if (!/^\/[^\n]*$/.test(text)) return this.menu.hide();
    const found = matching(this.commands, text.slice(1));
    return this.menu.show(found.map((entry) => ({
      value: entry, label: `/${entry.shown}`, detail: entry.about, after: this.app.bot.name,
      before: avatar(this.app.person(this.app.bot.id), 'small'),
    })).concat(found.length ? [] : [{ note: say(this.commands.length ? 'no_such_command' : 'no_commands') }]));
  }

  key(event) {
    if (event.isComposing) return;
    if (this.menu.key(event)) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    }
  }

  submit() {
    return this.command ? this.sendCommand() : this.sendMessage();
  }

  /** The box is free at once for what comes next; what was refused comes back into it. */
  sendMessage() {
    const content = this.box.value;
    const has = [...content.trim()].length;
    if (!has) return;
    if (has > LONGEST) {
      this.complain({ message: say('error_too_long', { has, most: LONGEST }) });
      return;
    }
    const key = this.draftKey();
    const place = address(`/channels/${this.app.channel}/messages`, { as: this.app.me });
    this.box.value = '';
    this.typed();
    this.app.list.toEnd();
    // One after the other, so that they stand in the order in which they were written.
    this.sending = (this.sending ?? Promise.resolve()).then(() => api.post(place, { content })).catch((error) => {
      const back = key === this.draftKey() ? this.box.value : (sessionStorage.getItem(key) ?? '');
      const text = back ? `${content}\n${back}` : content;
      sessionStorage.setItem(key, text);
      if (key !== this.draftKey()) return this.app.toast(error.message);
      this.box.value = text;
      this.typed();
      return this.complain(error);
    });
  }

  complain(error) {
    this.trouble.replaceChildren(icon('alert', 16), el('span', {}, error.message, error.detail ? ` (${error.detail})` : ''));
    this.trouble.hidden = false;
  }

  // --- a command ---

  picked(item) {
    if (this.command) this.pickedValue(item);
    else this.enterCommand(item.value);
  }

  enterCommand(entry) {
    this.command = entry;
    this.fields = new Map();
    sessionStorage.removeItem(this.draftKey());
    this.box.value = '';
    this.box.hidden = true;
    this.count.textContent = '';
    this.form.hidden = false;
    this.form.replaceChildren(el('span', { class: 'command-name' }, `/${entry.shown}`));
    this.rest = el('span', { class: 'command-rest' });
    this.form.append(this.rest);
    this.node.classList.add('full');
    for (const option of entry.options.filter((option) => option.required)) this.addField(option, false);
    this.more();
    const first = this.form.querySelector('input');
    if (first) {
      first.focus();
    } else {
      this.form.tabIndex = -1;
      this.form.focus();
      this.suggest();
    }
  }

  /** The options that are not there yet. */
  more() {
    const left = this.command.options.filter((option) => !this.fields.has(option.name));
    this.rest.replaceChildren(...left.map((option) => el('button', {
      class: 'option-add', type: 'button', title: option.about, onclick: () => this.addField(option, true),
    }, `+ ${option.shown}`)));
  }

  addField(option, focus) {
    const input = el('input', {
      type: 'text', 'aria-label': option.shown, placeholder: option.required ? say('needed') : '', autocomplete: 'off',
      inputmode: option.type === WHOLE ? 'numeric' : option.type === NUMBER ? 'decimal' : undefined,
      maxlength: option.type === TEXT ? (option.max_length ?? 6000) : undefined,
      onfocus: () => this.suggest(option), oninput: () => this.changed(option),
      onblur: () => setTimeout(() => !this.node.contains(document.activeElement) && this.menu.hide(), 120),
    });
    const node = el('label', { class: 'option', title: option.about }, el('span', { class: 'option-name' }, option.shown), input);
    const field = { option, input, node, value: null };
    this.fields.set(option.name, field);
    this.rest.before(node);
    this.fit(field);
    this.more();
    if (focus) input.focus();
  }

  /** The box of an option is as wide as what stands in it. */
  fit({ input }) {
    const wide = [...input.value].reduce((sum, sign) => sum + (sign > '\u2e80' ? 2 : 1), 0);
    input.style.width = `${Math.min(Math.max(wide + 2, input.placeholder.length + 3, 8), 40)}ch`;
  }

  changed(option) {
    const field = this.fields.get(option.name);
    field.value = null;
    field.node.classList.remove('wrong');
    this.fit(field);
    this.suggest(option);
  }

  chooses(option) {
    return option.choices?.length || option.type === BOOLEAN || option.type in AS_SELECT;
  }

  async suggest(option) {
    this.at = option;
    this.trouble.hidden = true;
    if (!option) {
      this.menu.show([{ note: this.command.about }]);
      return;
    }
    const field = this.fields.get(option.name);
    const typed = field.value === null ? field.input.value : '';
    const about = [{ note: option.about }];
    if (option.autocomplete) {
      await this.complete(option, field);
    } else if (option.choices?.length) {
      this.offer(fitting(option.choices, typed), about);
    } else if (option.type === BOOLEAN) {
      this.offer(fitting([{ label: say('yes'), value: 'true' }, { label: say('no'), value: 'false' }], typed), about);
    } else if (option.type in AS_SELECT) {
      this.offer(fitting(offers(AS_SELECT[option.type], this.app), typed), about);
    } else {
      this.menu.show(about);
    }
  }

  offer(items, about) {
    this.menu.show(items.length ? [...about, ...items.slice(0, 25)] : [...about, { note: say('nothing_found') }]);
  }

  /** Asks the bot what it would complete. The newest question wins. */
  async complete(option, field) {
    clearTimeout(this.timer);
    this.asked = (this.asked ?? 0) + 1;
    const mine = this.asked;
    if (!this.menu.open) this.menu.show([{ note: say('loading'), loading: true }]);
    await new Promise((wake) => { this.timer = setTimeout(wake, PAUSE); });
    if (mine !== this.asked || this.at !== option || !this.command) return;
    const others = [...this.pairs()].filter(([name]) => name !== option.name);
    const typed = field.value === null ? field.input.value : '';
    try {
      const { choices } = await api.post(address(`/channels/${this.app.channel}/completions`, { as: this.app.me }),
        { command: this.command.path, options: [...others, [option.name, typed]] });
      if (mine !== this.asked || this.at !== option) return;
      this.offer(choices.map((choice) => ({ label: choice.name, value: String(choice.value) })), [{ note: option.about }]);
    } catch (error) {
      if (mine === this.asked && this.at === option) this.menu.show([{ note: error.word === 'no_answer' ? say('no_choices') : error.message }]);
    }
  }

  pickedValue(item) {
    const field = this.fields.get(this.at?.name);
    if (!field) return this.sendCommand();
    field.value = item.value;
    field.input.value = item.label;
    this.fit(field);
    this.menu.hide();
    const empty = [...this.fields.values()].find((other) => other.input.value === '');
    if (empty) empty.input.focus();
    return undefined;
  }

  pairs() {
    const filled = [...this.fields.values()].filter((field) => field.input.value !== '');
    return filled.map(({ option, input, value }) => [option.name, value ?? input.value]);
  }

  formKey(event) {
    if (event.isComposing) return;
    const field = [...this.fields.values()].find(({ input }) => input === event.target);
    const undecided = field && field.value === null && field.input.value !== '' && (this.chooses(field.option) || field.option.autocomplete);
    const moves = event.key === 'ArrowDown' || event.key === 'ArrowUp';
    const hasItems = this.menu.items.some((item) => !item.note);
    const picks = event.key === 'Enter' && hasItems && (undecided || this.moved || (field && field.option.required && field.input.value === ''));
    if (moves && hasItems) this.moved = true;
    else if (!picks) this.moved = false;
    if ((moves && hasItems) || picks || (event.key === 'Tab' && undecided)) {
      if (this.menu.key(event)) {
        if (!moves) this.moved = false;
        return;
      }
    }
    if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      this.sendCommand();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      this.leaveCommand();
      this.box.focus();
    } else if (event.key === 'Backspace' && (!field || field.input.value === '')) {
      event.preventDefault();
      if (field && !field.option.required) this.dropField(field);
      else this.leaveCommand(`/${this.command.shown}`);
    }
  }

  dropField(field) {
    field.node.remove();
    this.fields.delete(field.option.name);
    this.more();
    const last = [...this.fields.values()].at(-1);
    if (last) last.input.focus();
    else this.form.focus();
  }

  leaveCommand(text = '') {
    this.command = null;
    this.at = null;
    this.menu.hide();
    this.form.hidden = true;
    this.form.replaceChildren();
    this.box.hidden = false;
    this.trouble.hidden = true;
    if (text) {
      this.box.value = text;
      this.box.focus();
      this.typed();
    }
    this.node.classList.toggle('full', this.box.value !== '');
  }

  sendCommand() {
    const { command, app } = this;
    for (const field of this.fields.values()) {
      const typed = field.input.value;
      const unknown = typed !== '' && field.value === null && this.chooses(field.option) && !this.takeTyped(field);
      if ((field.option.required && typed === '') || unknown) {
        field.node.classList.add('wrong');
        field.input.focus();
        this.complain({ message: say(unknown ? 'choose_one' : 'option_needed', { name: field.option.shown }) });
        return;
      }
    }
    const options = this.pairs();
    const { channel, me } = app;
    this.leaveCommand();
    this.box.focus();
    const note = app.list.note(this.underWay(command));
    const failed = (words) => {
      note.replaceChildren(...this.failedNote(command, words, note));
      app.list.toEnd();
    };
    app.acts.run({ failed, done: () => note.remove() },
      () => api.post(address(`/channels/${channel}/commands`, { as: me }), { command: command.path, options }));
  }

  /** Somebody typed a choice in full instead of picking it. */
  takeTyped(field) {
    const { option, input } = field;
    const items = option.choices?.length ? option.choices
      : option.type === BOOLEAN ? [{ label: say('yes'), value: 'true' }, { label: say('no'), value: 'false' }]
        : offers(AS_SELECT[option.type], this.app);
    const wanted = input.value.trim().toLocaleLowerCase();
    const found = items.find((item) => item.label.toLocaleLowerCase() === wanted || item.value === input.value.trim());
    field.value = found?.value ?? null;
    return Boolean(found);
  }

  underWay(command) {
    return el('li', { class: 'message note' }, avatar(this.app.person(this.app.bot.id)),
      el('div', { class: 'body' }, el('div', { class: 'head' }, el('span', { class: 'name' }, this.app.bot.name), el('span', { class: 'tag' }, say('app_tag'))),
        el('div', { class: 'thinking' }, el('span', { class: 'dots' }, el('i'), el('i'), el('i')), say('sending_command', { name: command.shown }))));
  }

  failedNote(command, words, note) {
    return [avatar(this.app.person(this.app.bot.id)),
      el('div', { class: 'body' }, el('div', { class: 'head' }, el('span', { class: 'name' }, this.app.bot.name), el('span', { class: 'tag' }, say('app_tag'))),
        el('div', { class: 'trouble', role: 'alert' }, icon('alert', 16), `/${command.shown} · ${words}`),
        el('div', { class: 'only-you' }, icon('eye', 16), say('only_you'), ' · ',
          el('button', { class: 'as-link', type: 'button', onclick: () => note.remove() }, say('dismiss'))))];
  }

  /** The bot is writing, for ten seconds or until it has written. */
  showTyping(name) {
    clearTimeout(this.typingTimer);
    this.typing.textContent = name ? say('typing', { name }) : '';
    if (name) this.typingTimer = setTimeout(() => this.showTyping(null), 10_000);
  }
}
