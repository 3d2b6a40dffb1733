// A modal of the bot. What was typed into it survives a reload and a refusal.

import { address, api } from './live.js';
import { avatar, el, icon } from './dom.js';
import { say } from './text.js';

const [LABEL, TEXT, PARAGRAPH] = [18, 4, 2];
const STORE = 'modal';

/** The inputs of a modal with their words, in reading order. */
function inputs(form) {
  return form.components.flatMap((outer) => {
    const inner = outer.type === LABEL ? [outer.component] : (outer.components ?? []);
    return inner.map((input) => ({ ...input, label: input.label ?? outer.label ?? '', about: outer.description }));
  });
}

export class Modal {
  constructor(app) {
    this.app = app;
  }

  open(interaction, form, channel, values = {}) {
    this.close();
    const fields = inputs(form).filter((input) => input.type === TEXT).map((input) => this.field(input, values[input.custom_id]));
    const trouble = el('div', { class: 'trouble', role: 'alert', hidden: true });
    const send = el('button', { class: 'button primary', type: 'submit' }, el('span', {}, say('submit')));
    const cancel = el('button', { class: 'button plain', type: 'button', onclick: () => this.close() }, say('cancel'));
    const shown = el('form', { method: 'dialog', novalidate: true },
      el('header', {}, avatar(this.app.person(this.app.bot.id), 'small'), el('h2', {}, form.title),
        el('button', { class: 'plain-icon', type: 'button', title: say('close'), onclick: () => this.close() }, icon('close'))),
      el('div', { class: 'modal-fields' }, fields.map((field) => field.node)), trouble, el('footer', {}, cancel, send));
    this.box = el('dialog', { class: 'modal', 'aria-label': form.title }, shown);
    this.box.addEventListener('cancel', () => this.forget());
    this.box.addEventListener('close', () => this.forget());
    const keep = () => sessionStorage.setItem(STORE, JSON.stringify({ interaction, me: this.app.me, values: this.read(fields) }));
    shown.addEventListener('input', keep);
    shown.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) shown.requestSubmit();
    });
    shown.addEventListener('submit', (event) => {
      event.preventDefault();
      const wrong = fields.find((field) => !field.check());
      if (wrong) return wrong.focus();
      send.classList.add('loading');
      send.disabled = true;
      trouble.hidden = true;
      const failed = (words) => {
        send.classList.remove('loading');
        send.disabled = false;
        trouble.replaceChildren(icon('alert', 16), words);
        trouble.hidden = false;
      };
      const box = this.box;
      return this.app.acts.run({ failed, done: () => this.box === box && this.close() },
        () => api.post(address(`/interactions/${interaction}/submit`, { as: this.app.me }), { values: this.read(fields) }));
    });
    document.body.append(this.box);
    this.box.showModal();
    keep();
    fields[0]?.focus();
  }

  field(input, typed) {
    const long = input.style === PARAGRAPH;
    const most = input.max_length ?? 4000;
    const needed = input.required !== false;
    const id = `input-${input.custom_id}`;
    const box = el(long ? 'textarea' : 'input', {
      id, maxlength: most, placeholder: input.placeholder, rows: long ? 4 : undefined, autocomplete: 'off',
      'aria-describedby': `${id}-trouble`, value: typed ?? input.value ?? '',
    });
    const trouble = el('span', { class: 'field-trouble', id: `${id}-trouble` });
    const count = el('span', { class: 'count' });
    const recount = () => {
      count.textContent = most <= 4000 ? `${[...box.value].length}/${most}` : '';
      trouble.textContent = '';
      box.removeAttribute('aria-invalid');
    };
    box.addEventListener('input', recount);
    recount();
    const node = el('div', { class: 'field' },
      el('label', { for: id }, input.label, needed ? el('span', { class: 'needed', title: say('needed') }, ' *') : null),
      input.about ? el('div', { class: 'field-about' }, input.about) : null, box, el('div', { class: 'field-foot' }, trouble, count));
    const check = () => {
      const length = [...box.value].length;
      const least = input.min_length ?? 0;
      const wrong = needed && length === 0 ? say('needed') : length > 0 && length < least ? say('too_short', { least }) : '';
      trouble.textContent = wrong;
      if (wrong) box.setAttribute('aria-invalid', 'true');
      return !wrong;
    };
    return { node, check, focus: () => box.focus(), id: input.custom_id, value: () => box.value };
  }

  read(fields) {
    return Object.fromEntries(fields.map((field) => [field.id, field.value()]));
  }

  forget() {
    sessionStorage.removeItem(STORE);
    this.box?.remove();
    this.box = null;
  }

  close() {
    this.box?.close();
  }

  /** After a reload the modal that was open is there again, with what was typed. */
  async restore() {
    const kept = JSON.parse(sessionStorage.getItem(STORE) ?? 'null');
    if (!kept || kept.me !== this.app.me) return;
    try {
      const view = await api.get(address(`/interactions/${kept.interaction}`, { as: this.app.me }));
      if (view.answer?.kind === 'modal') this.open(kept.interaction, view.answer.modal, view.channel, kept.values);
    } catch {
      sessionStorage.removeItem(STORE);
    }
  }
}
