// Embeds and files of a message.

import { address } from './live.js';
import { el, icon } from './dom.js';
import { inline, markdown } from './markdown.js';
import { bytes, full, say, when } from './text.js';

const OWN = '/sandbox/api/files/';
const PICTURE = /^image\/(png|jpeg|gif|webp|avif)/;
const PICTURE_NAME = /\.(png|jpe?g|gif|webp|avif)$/i;

/** Pictures of this server are shown; others are named, since the page asks nothing of anybody else. */
function picture(url, kind, app, words = '') {
  if (!url.startsWith(OWN)) {
    return el('a', { class: 'foreign-picture', href: safe(url), target: '_blank', rel: 'noopener noreferrer' },
      icon('link', 16), say('picture_elsewhere'));
  }
  const src = address(url, { as: app.me });
  const image = el('img', { class: kind, src, alt: words, loading: 'lazy' });
  return kind === 'embed-thumbnail' ? image
    : el('button', { class: 'picture', type: 'button', title: say('enlarge'), onclick: () => enlarge(src, words) }, image);
}

function safe(url) {
  return /^https?:\/\//.test(url) ? url : undefined;
}

function enlarge(src, words) {
  const box = el('dialog', { class: 'lightbox', onclick: () => box.close(), onclose: () => box.remove() },
    el('img', { src, alt: words }));
  document.body.append(box);
  box.showModal();
}

function linked(url, ...words) {
  const href = url && safe(url);
  return href ? el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, ...words) : el('span', {}, ...words);
}

export function embed(data, app) {
  const box = el('article', { class: 'embed' });
  if (typeof data.color === 'number') {
    box.style.setProperty('--stripe', `#${data.color.toString(16).padStart(6, '0')}`);
  }
  const words = el('div', { class: 'embed-words' });
  if (data.author) words.append(el('div', { class: 'embed-author' }, linked(data.author.url, data.author.name)));
  if (data.title) words.append(el('div', { class: 'embed-title' }, linked(data.url, inline(data.title, app))));
  if (data.description) words.append(el('div', { class: 'embed-description' }, markdown(data.description, app)));
  if (data.fields?.length) words.append(fields(data.fields, app));
  const top = el('div', { class: 'embed-top' }, words);
  if (data.thumbnail) top.append(picture(data.thumbnail.url, 'embed-thumbnail', app));
  box.append(top);
  if (data.image) box.append(picture(data.image.url, 'embed-image', app, data.title ?? ''));
  if (data.footer || data.timestamp) {
    const date = data.timestamp ? new Date(data.timestamp) : null;
    const parts = [data.footer?.text, date ? when(date, { dateStyle: 'short', timeStyle: 'short' }) : null].filter(Boolean);
    box.append(el('footer', { class: 'embed-footer', title: date ? full(date) : undefined }, parts.join(' • ')));
  }
  return box;
}

/** Up to three fields that may stand beside each other share a row, as in Discord. */
function fields(list, app) {
  const grid = el('div', { class: 'embed-fields' });
  let row = null;
  for (const field of list) {
    if (!field.inline || !row || row.childElementCount === 3) {
      row = el('div', { class: 'embed-row' });
      grid.append(row);
    }
    row.append(el('div', { class: 'embed-field' },
      el('div', { class: 'embed-name' }, inline(field.name, app)),
      el('div', { class: 'embed-value' }, markdown(field.value, app))));
    if (!field.inline) row = null;
  }
  return grid;
}

export function files(message, app) {
  const shown = new Set(message.embeds.flatMap((data) => [data.image?.url, data.thumbnail?.url]).filter(Boolean));
  const list = message.attachments.filter((file) => !shown.has(file.url));
  if (!list.length) return null;
  return el('div', { class: 'files' }, list.map((file) => {
    if (PICTURE.test(file.content_type ?? '') || (!file.content_type && PICTURE_NAME.test(file.filename))) {
      return picture(file.url, 'file-picture', app, file.description ?? file.filename);
    }
    return el('div', { class: 'file' }, icon('file', 28),
      el('div', {},
        el('a', { href: address(file.url, { as: app.me }), download: file.filename }, file.filename),
        el('div', { class: 'file-size' }, bytes(file.size))));
  }));
}
