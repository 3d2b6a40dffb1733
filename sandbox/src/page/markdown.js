// Discord's Markdown as elements. The text is cut into pieces and every piece becomes a text node, so that nothing in it can be
// markup of the page.

import { el } from './dom.js';
import { full, relative, say, when } from './text.js';

/** Longer texts than Discord can carry are shown as they are. */
const LONGEST = 8_000;
const DEEPEST = 6;

/** What can be marked within a line: a sticky pattern, and what it becomes. */
const INLINE = [
  [/\\([^\sA-Za-z0-9])/y, (m) => m[1]],
  [/``([^]+?)``(?!`)/y, (m) => el('code', {}, m[1].trim())],
  [/`([^`]+)`/y, (m) => el('code', {}, m[1])],
  [/\*\*\*([^]+?)\*\*\*/y, (m, inner) => el('strong', {}, el('em', {}, inner(m[1])))],
  [/\*\*([^]+?)\*\*(?!\*)/y, (m, inner) => el('strong', {}, inner(m[1]))],
  [/__([^]+?)__(?!_)/y, (m, inner) => el('u', {}, inner(m[1]))],
  [/\*(?!\s)([^*\n]+?)\*(?!\*)/y, (m, inner) => el('em', {}, inner(m[1]))],
  [/_(?!\s)([^_\n]+?)_(?![\p{L}\p{N}_])/uy, (m, inner) => el('em', {}, inner(m[1]))],
  [/~~([^]+?)~~/y, (m, inner) => el('s', {}, inner(m[1]))],
  [/\|\|([^]+?)\|\|/y, (m, inner) => spoiler(inner(m[1]))],
  [/\[([^\]\n]+)\]\(<?(https?:\/\/[^\s)>]+)>?\)/y, (m, inner) => link(m[2], inner(m[1]))],
  [/<(https?:\/\/[^\s>]+)>/y, (m) => link(m[1], m[1])],
  [/https?:\/\/[^\s<>"'`)\]]+[^\s<>"'`)\].,:;!?]/y, (m) => link(m[0], m[0])],
  [/<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y, (m, _, ctx) => stamp(Number(m[1]) * 1000, m[2] ?? 'f', ctx) ?? m[0]],
  [/<@!?(\d+)>/y, (m, _, ctx) => mention(ctx.personName(m[1]), '@', m[1] === ctx.me)],
  [/<@&(\d+)>/y, (m, _, ctx) => mention(ctx.roleName(m[1]), '@', ctx.hasRole(m[1]))],
  [/<#(\d+)>/y, (m, _, ctx) => channel(m[1], ctx)],
  [/<\/([^:>]+):\d+>/y, (m) => mention(m[1], '/', false)],
  [/<a?:(\w+):\d+>/y, (m) => `:${m[1]}:`],
  [/@(everyone|here)\b/y, (m) => mention(m[1], '@', true)],
];

const MARKS = /[\\`*_~|[<h@]/g;

function link(address, words) {
  return el('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, words);
}

function mention(name, sign, mine) {
  return el('span', { class: mine ? 'mention mine' : 'mention' }, sign + name);
}

function channel(id, ctx) {
  const name = ctx.channelName(id);
  if (name === null) return mention(say('unknown_channel'), '#', false);
  return el('button', { class: 'mention', type: 'button', onclick: () => ctx.openChannel(id) }, `#${name}`);
}

function spoiler(children) {
  const show = (event) => event.currentTarget.classList.add('shown');
  const props = { class: 'spoiler', role: 'button', tabindex: '0', title: say('spoiler'), onclick: show };
  const node = el('span', props, children);
  node.addEventListener('keydown', (event) => event.key === 'Enter' && show(event));
  return node;
}

function stamp(moment, style, ctx) {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return null;
  const styles = {
    t: { timeStyle: 'short' }, T: { timeStyle: 'medium' }, d: { dateStyle: 'short' }, D: { dateStyle: 'long' },
    f: { dateStyle: 'long', timeStyle: 'short' }, F: { dateStyle: 'full', timeStyle: 'short' },
    s: { dateStyle: 'short', timeStyle: 'short' }, S: { dateStyle: 'short', timeStyle: 'medium' },
  };
  const node = el('time', { class: 'stamp', datetime: date.toISOString(), title: full(date) });
  if (style === 'R') {
    node.dataset.relative = moment;
    node.textContent = relative(moment, ctx.now());
  } else {
    node.textContent = when(date, styles[style]);
  }
  return node;
}

/** One line, or several without blocks in them. */
export function inline(text, ctx, depth = 0) {
  if (depth > DEEPEST) return [text];
  const nodes = [];
  const inner = (part) => inline(part, ctx, depth + 1);
  let plain = '';
  let at = 0;
  while (at < text.length) {
    MARKS.lastIndex = at;
    const next = MARKS.exec(text);
    if (!next) break;
    plain += text.slice(at, next.index);
    at = next.index;
    const found = tryAll(text, at);
    if (found) {
      const made = found.make(found.match, inner, ctx);
      if (typeof made === 'string') {
        plain += made;
      } else {
        if (plain) nodes.push(plain);
        plain = '';
        nodes.push(made);
      }
      at += found.match[0].length;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  plain += text.slice(at);
  if (plain) nodes.push(plain);
  return nodes;
}

function tryAll(text, at) {
  for (const [pattern, make] of INLINE) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) return { match, make };
  }
  return null;
}

/** A whole text: code blocks, headings, quotes, lists, lines. */
export function markdown(text, ctx) {
  if (text.length > LONGEST) return [el('div', { class: 'plain' }, text)];
  const nodes = [];
  const pieces = text.split(/```(?:([\w+#.-]*)\n)?([^]*?)```/g);
  for (let at = 0; at < pieces.length; at += 3) {
    if (pieces[at]) nodes.push(...blocks(pieces[at].replace(at ? /^\n/ : /^$/, ''), ctx));
    if (at + 2 < pieces.length) nodes.push(el('pre', {}, el('code', {}, pieces[at + 2].replace(/\n$/, ''))));
  }
  return nodes;
}

function blocks(text, ctx) {
  const nodes = [];
  const lines = text.split('\n');
  let open = null;
  const put = (kind, make, child) => {
    if (open?.kind !== kind) {
      open = { kind, node: make() };
      nodes.push(open.node);
    }
    open.node.append(...[child].flat());
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at];
    let match;
    if ((match = /^(#{1,3}) +(.+)$/.exec(line))) {
      open = null;
      nodes.push(el(`h${match[1].length + 2}`, {}, inline(match[2], ctx)));
    } else if ((match = /^-# +(.+)$/.exec(line))) {
      open = null;
      nodes.push(el('small', { class: 'subtext' }, inline(match[1], ctx)));
    } else if ((match = /^>>> ?(.*)$/.exec(line))) {
      open = null;
      nodes.push(el('blockquote', {}, blocks([match[1], ...lines.slice(at + 1)].join('\n'), ctx)));
      break;
    } else if ((match = /^> (.*)$/.exec(line))) {
      put('quote', () => el('blockquote'), el('div', {}, inline(match[1], ctx)));
    } else if ((match = /^( *)[-*] +(.+)$/.exec(line))) {
      put('list', () => el('ul'), el('li', { class: match[1] ? 'nested' : '' }, inline(match[2], ctx)));
    } else if ((match = /^ *(\d{1,4})\. +(.+)$/.exec(line))) {
      put('numbers', () => el('ol', { start: match[1] }), el('li', {}, inline(match[2], ctx)));
    } else {
      const first = open?.kind !== 'lines';
      const row = inline(line, ctx);
      put('lines', () => el('div', { class: 'lines' }), first ? row : ['\n', ...row]);
    }
  }
  return nodes;
}
