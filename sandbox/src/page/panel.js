// Beside the channel: what time it is in the practice world, how its host is, and what can be broken.

import { api } from './live.js';
import { el, icon } from './dom.js';
import { pick, say, time, when, zoneName } from './text.js';

const HOUR = 3600;

export class Panel {
  constructor(app) {
    this.app = app;
    this.node = document.getElementById('panel');
    setInterval(() => this.tick(), 1000);
  }

  draw() {
    const view = this.app.panel;
    const focused = this.node.contains(document.activeElement) ? document.activeElement.dataset.spot : undefined;
    const at = this.node.scrollTop;
    this.node.replaceChildren(...[
      el('header', {}, icon('server'), el('h2', {}, view ? pick(view.host) : say('practice_world')),
        el('button', { class: 'plain-icon', type: 'button', title: say('close'), onclick: () => this.app.drawer('panel') }, icon('close'))),
      ...(view?.notices ?? []).map((notice) => el('p', { class: 'panel-notice' }, icon('alert', 16), el('span', {}, pick(notice)))),
      this.clock(),
      view?.figures.length ? el('section', {}, el('h3', {}, say('host_now')), el('div', { class: 'figures' }, view.figures.map((one) => this.figure(one)))) : null,
      view?.scenes.length ? this.scenes(view) : null,
      view?.faults.length ? this.faults(view.faults) : null,
    ].filter(Boolean));
    this.node.scrollTop = at;
    if (focused) this.node.querySelector(`[data-spot="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    this.tick();
  }

  clock() {
    const move = (label, seconds) => el('button', {
      class: 'chip', type: 'button', data: { spot: `clock ${seconds}` },
      onclick: () => this.app.ask(() => api.post('/clock', { advance: typeof seconds === 'function' ? seconds() : seconds })),
    }, label);
    this.hands = el('b', { class: 'hands' });
    this.date = el('span', { class: 'faint' });
    return el('section', { class: 'clock' }, el('h3', {}, say('clock')),
      el('div', { class: 'clock-face' }, icon('clock', 22), this.hands, this.date),
      el('div', { class: 'chips' }, move(say('plus_minutes', { count: 10 }), 600), move(say('plus_hours', { count: 1 }), HOUR),
        move(say('plus_days', { count: 1 }), 24 * HOUR), move(say('to_morning'), () => this.untilMorning())),
      el('small', { class: 'faint' }, say('clock_hint', { zone: zoneName() })));
  }

  /** Seconds until it is just before nine in the deployment's zone. */
  untilMorning() {
    const now = this.app.now();
    const [hour, minute, second] = when(now, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
      .match(/\d+/g).map(Number);
    const passed = hour * HOUR + minute * 60 + second;
    const wanted = 9 * HOUR - 5;
    return Math.round((wanted - passed + 24 * HOUR) % (24 * HOUR));
  }

  tick() {
    if (!this.hands) return;
    const now = this.app.now();
    this.hands.textContent = time(now);
    this.date.textContent = when(now, { month: 'long', day: 'numeric', weekday: 'short' });
  }

  figure(one) {
    const node = el('div', { class: `figure ${one.mood}` }, el('span', { class: 'figure-name' }, el('i'), pick(one.name)), el('span', { class: 'figure-value' }, pick(one.value)));
    if (typeof one.share === 'number') {
      const bar = el('span', { class: 'bar', role: 'meter', 'aria-label': pick(one.name), 'aria-valuenow': Math.round(one.share * 100) }, el('i'));
      bar.style.setProperty('--share', `${Math.min(Math.max(one.share, 0), 1) * 100}%`);
      node.append(bar);
    }
    return node;
  }

  scenes(view) {
    return el('section', {}, el('h3', {}, say('scenes')), el('div', { class: 'chips' }, view.scenes.map((scene) => el('button', {
      class: scene.id === view.scene ? 'chip on' : 'chip', type: 'button', title: pick(scene.about), 'aria-pressed': String(scene.id === view.scene),
      data: { spot: `scene ${scene.id}` }, onclick: () => this.app.ask(() => api.put(`/panel/scenes/${encodeURIComponent(scene.id)}`)),
    }, pick(scene.name)))));
  }

  faults(list) {
    const groups = new Map();
    for (const fault of list) {
      const name = pick(fault.group);
      groups.set(name, [...(groups.get(name) ?? []), fault]);
    }
    return el('section', {}, el('h3', {}, say('break_it')), [...groups].map(([name, faults]) => el('div', { class: 'fault-group' },
      el('h4', {}, name), faults.map((fault) => this.fault(fault)))));
  }

  fault(fault) {
    const id = `fault-${fault.id}`;
    const box = el('input', {
      type: 'checkbox', role: 'switch', id, data: { spot: id },
      onchange: () => this.app.ask(() => api.put(`/panel/faults/${encodeURIComponent(fault.id)}`, { on: box.checked }), () => this.draw()),
    });
    box.checked = fault.on;
    return el('label', { class: fault.on ? 'fault on' : 'fault', for: id },
      el('span', { class: 'fault-words' }, el('span', {}, pick(fault.name)), pick(fault.about) ? el('small', {}, pick(fault.about)) : null),
      box, el('span', { class: 'switch', 'aria-hidden': 'true' }));
  }
}

