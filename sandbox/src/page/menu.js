// A list to choose from, by pointer and by keyboard. The focus stays where the typing is.

import { el } from './dom.js';

let made = 0;

/** Items are `{ label, detail, tag, value, before, chosen, note }`; a `note` is a line that cannot be chosen. */
export class Menu {
  constructor(onpick) {
    made += 1;
    this.onpick = onpick;
    this.items = [];
    this.active = -1;
    this.node = el('div', { class: 'menu', role: 'listbox', id: `menu-${made}`, hidden: true });
  }

  get open() {
    return !this.node.hidden;
  }

  show(items, active = 0) {
    this.items = items;
    const usable = items.findIndex((item) => !item.note);
    this.active = items[active] && !items[active].note ? active : usable;
    this.node.replaceChildren(...items.map((item, index) => this.row(item, index)));
    this.node.hidden = items.length === 0;
    this.mark();
  }

  hide() {
    this.node.hidden = true;
    this.items = [];
    this.active = -1;
  }

  row(item, index) {
    if (item.note) return el('div', { class: item.loading ? 'menu-note loading' : 'menu-note' }, item.note);
    return el('div', {
      class: 'menu-item', role: 'option', id: `${this.node.id}-${index}`,
      onpointerdown: (event) => event.preventDefault(),
      onpointermove: () => this.active !== index && this.activate(index, false),
      onclick: () => this.onpick(item),
    },
    item.before,
    el('span', { class: 'menu-words' },
      el('span', { class: 'menu-label' }, item.label, item.tag ? el('span', { class: 'menu-tag' }, item.tag) : null),
      item.detail ? el('span', { class: 'menu-detail' }, item.detail) : null),
    item.chosen ? el('span', { class: 'menu-check', 'aria-hidden': 'true' }, '✓') : null,
    item.after ? el('span', { class: 'menu-after' }, item.after) : null);
  }

  activate(index, scroll = true) {
    this.active = index;
    this.mark(scroll);
  }

  mark(scroll = true) {
    for (const [index, node] of [...this.node.children].entries()) {
      if (node.role !== 'option') continue;
      node.setAttribute('aria-selected', String(index === this.active));
      if (index === this.active && scroll) node.scrollIntoView({ block: 'nearest' });
    }
  }

  /** The keys of a list: arrows move, Enter and Tab choose, Escape closes. True if the key was one of them. */
  key(event, tabPicks = true) {
    if (!this.open || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const count = this.items.length;
      let next = this.active;
      do next = (next + step + count) % count; while (this.items[next]?.note && next !== this.active);
      this.activate(next);
    } else if ((event.key === 'Enter' || (event.key === 'Tab' && tabPicks && !event.shiftKey)) && this.items[this.active]) {
      this.onpick(this.items[this.active]);
    } else if (event.key === 'Escape') {
      this.hide();
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
