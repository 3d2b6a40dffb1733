// Talking to the practice world: requests, and the one live connection that is taken up again after a cut.

import { say } from './text.js';

const API = '/sandbox/api';
/** Without a word for this long the connection is taken for dead; the server speaks every 10 seconds. */
const SILENCE = 25_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

/** A refusal of the API, with a sentence for people. */
export class Refusal extends Error {
  constructor(status, body) {
    const key = `error_${body.error}`;
    const own = say(key, body.about ?? {});
    super(own === key ? (body.message ?? String(status)) : own);
    this.word = body.error;
    this.detail = body.about?.problem;
  }
}

async function ask(method, path, body) {
  let answer;
  try {
    answer = await fetch(API + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Refusal(0, { error: 'unreachable' });
  }
  const text = await answer.text();
  let json = {};
  try {
    json = JSON.parse(text);
  } catch {
    json = { error: answer.ok ? undefined : 'broken', message: text };
  }
  if (!answer.ok) throw new Refusal(answer.status, json);
  return json;
}

/** Adds `as` and other parts to an address. */
export function address(path, parts) {
  const given = Object.entries(parts).filter(([, value]) => value !== undefined && value !== null);
  return `${path}?${new URLSearchParams(given)}`;
}

export const api = {
  get: (path) => ask('GET', path),
  post: (path, body) => ask('POST', path, body),
  put: (path, body = {}) => ask('PUT', path, body),
  patch: (path, body) => ask('PATCH', path, body),
  delete: (path) => ask('DELETE', path),
};

/** The live connection of one person. `hear` gets each event, `tell` whether the connection stands. */
export class Live {
  constructor(me, cursor, hear, tell) {
    Object.assign(this, { me, cursor, hear, tell, pause: FIRST_PAUSE, ended: false });
    this.connect();
  }

  connect() {
    const place = new URL(address(`${API}/live`, { as: this.me, after: this.cursor }), location.href);
    place.protocol = 'ws:';
    const socket = new WebSocket(place);
    this.socket = socket;
    this.watch();
    socket.onopen = () => {
      this.pause = FIRST_PAUSE;
      this.tell(true);
      this.watch();
    };
    socket.onmessage = (message) => {
      if (this.ended || socket !== this.socket) return;
      this.watch();
      const { cursor, events } = JSON.parse(message.data);
      for (const event of events) this.hear(event);
      this.cursor = cursor;
    };
    socket.onclose = () => socket === this.socket && this.again();
  }

  /** Nothing was heard for too long: the other side may be gone without a word. */
  watch() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.socket.close(), SILENCE);
  }

  again() {
    clearTimeout(this.silence);
    if (this.ended) return;
    this.tell(false);
    this.retry = setTimeout(() => this.connect(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  end() {
    this.ended = true;
    clearTimeout(this.silence);
    clearTimeout(this.retry);
    this.socket.close();
  }
}
