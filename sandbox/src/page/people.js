// Who somebody is, whom they can be, and which roles each has.

import { api } from './live.js';
import { avatar, el, hue, icon } from './dom.js';
import { say } from './text.js';

export class People {
  constructor(app) {
    this.app = app;
    this.node = document.getElementById('me');
  }

  draw() {
    const me = this.app.person(this.app.me);
    this.node.replaceChildren(el('button', { class: 'me', type: 'button', title: say('switch_person'), onclick: () => this.open() },
      avatar(me), el('span', { class: 'me-words' }, el('b', {}, me?.name ?? '?'), el('small', {}, this.app.roleNames(me) || say('no_roles'))),
      icon('people', 18)));
    if (this.box) this.fill();
  }

  /** Everybody, with their roles to be switched. */
  open() {
    this.box = el('dialog', { class: 'people', 'aria-label': say('people') });
    this.box.addEventListener('pointerdown', (event) => event.target === this.box && this.box.close());
    this.box.addEventListener('close', () => {
      this.box.remove();
      this.box = null;
    });
    this.fill();
    document.body.append(this.box);
    this.box.showModal();
    this.box.querySelector('.person.own .be')?.focus();
  }

  fill() {
    const { app } = this;
    const focused = this.box.contains(document.activeElement) ? document.activeElement.dataset.spot : undefined;
    const people = [...app.people.values()].filter((person) => !person.bot);
    const roles = [...app.roles.values()].filter((role) => !role.managed);
    const close = el('button', { class: 'plain-icon', type: 'button', title: say('close'), onclick: () => this.box.close() }, icon('close'));
    this.box.replaceChildren(el('div', { class: 'people-box' },
      el('header', {}, el('h2', {}, say('people')), close), el('p', { class: 'faint' }, say('people_hint')),
      el('div', { class: 'people-list' }, people.map((person) => this.row(person, roles))), this.adding(roles)));
    if (focused) this.box.querySelector(`[data-spot="${CSS.escape(focused)}"]`)?.focus();
  }

  row(person, roles) {
    const { app } = this;
    const own = person.id === app.me;
    const be = el('button', {
      class: 'be', type: 'button', 'aria-pressed': String(own), data: { spot: `be ${person.id}` },
      onclick: () => {
        this.box.close();
        if (!own) app.become(person.id);
      },
    }, avatar(person), el('span', { class: 'me-words' }, el('b', {}, person.name),
      el('small', {}, [person.owner ? say('owner') : null, person.locale === 'ko' ? '한국어' : 'English', person.member ? null : say('has_left')].filter(Boolean).join(' · '))),
    own ? el('span', { class: 'here' }, say('you')) : null);
    const chips = roles.map((role) => {
      const has = person.roles.includes(role.id);
      const chip = el('button', {
        class: has ? 'chip on' : 'chip', type: 'button', 'aria-pressed': String(has), disabled: !person.member, data: { spot: `${person.id} ${role.id}` },
        onclick: () => app.ask(() => (has ? api.delete : api.put)(`/people/${person.id}/roles/${role.id}`)),
      }, role.name);
      chip.style.setProperty('--hue', hue(role.id));
      return chip;
    });
    const leave = el('button', {
      class: 'as-link small', type: 'button', data: { spot: `leave ${person.id}` },
      onclick: () => app.ask(() => (person.member ? api.delete(`/people/${person.id}`) : api.post('/people', { name: person.name }))),
    }, say(person.member ? 'leave' : 'come_back'));
    return el('div', { class: own ? 'person own' : 'person' }, be, el('div', { class: 'chips' }, chips, person.owner ? null : leave));
  }

  adding(roles) {
    const name = el('input', { type: 'text', placeholder: say('new_person'), 'aria-label': say('new_person'), maxlength: 32, data: { spot: 'new' } });
    const role = el('select', { 'aria-label': say('role') }, el('option', { value: '' }, say('no_roles')),
      roles.map((one) => el('option', { value: one.id }, one.name)));
    return el('form', {
      class: 'adding',
      onsubmit: (event) => {
        event.preventDefault();
        if (name.value.trim()) this.app.ask(() => api.post('/people', { name: name.value, roles: role.value ? [role.value] : [] }));
      },
    }, name, role, el('button', { class: 'button secondary', type: 'submit' }, say('add')));
  }
}
