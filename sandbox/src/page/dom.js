// Making elements. Text becomes text nodes and nothing else.

/** An element with properties (`class`, `on…` handlers, attributes, `data`) and children (nodes, texts, lists, nothing). */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === 'class') node.className = value;
    else if (key === 'data') Object.assign(node.dataset, value);
    else if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (key === 'value') node.value = value;
    else node.setAttribute(key, value === true && !key.startsWith('aria-') ? '' : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Every icon is one path in a box of 24. */
const ICONS = {
  hash: 'M9.5 3.5 7.8 20.5M16.2 3.5l-1.7 17M4 8.8h16.5M3.5 15.2H20',
  thread: 'M5 5h14v10h-7l-4 4v-4H5zM8.5 8.7h7M8.5 11.6h4.5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  server: 'M5 4.5h14v6H5zM5 13.5h14v6H5zM8 7.5h.01M8 16.5h.01',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z',
  close: 'M6 6l12 12M18 6L6 18',
  down: 'M6 9.5l6 6 6-6',
  check: 'M5 12.5l4.5 4.5L19.5 7',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.3l2.8 1.8',
  people: 'M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11zM3 19c.6-3.2 3-5 6-5s5.400 1.800 6 5M16 5.200a3 3 0 0 1 0 5.600M17.500 14.300c2 .7 3.200 2.300 3.500 4.700',
  file: 'M7 3.5h7l4 4v13H7zM14 3.500v4h4',
  eye: 'M2.500 12s3.500-6 9.500-6 9.500 6 9.500 6-3.500 6-9.500 6-9.500-6-9.500-6zM12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z',
  send: 'M4 12l16-7.500-5.500 15.500-3-6.500z',
  link: 'M10 14l9-9M13 5h6v6M18 14v5H5V6h5',
  alert: 'M12 4l9 15.500H3zM12 10v4.500M12 17h.01',
};

/** A name, and no address that anything is asked of. */
const SVG = ['http:', '', 'www.w3.org', '2000', 'svg'].join('/');

/** One of the page's own line icons. */
export function icon(name, size = 20) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('width', size);
  svg.setAttribute('height', size);
  svg.setAttribute('aria-hidden', 'true');
  svg.classList.add('icon');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** Snowflakes in the order in which they were made; they are too large for numbers. */
export function byId(a, b) {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** A colour of its own for each id, readable on light and dark. */
export function hue(id) {
  let sum = 0;
  for (const sign of id) sum = (sum * 31 + sign.charCodeAt(0)) % 100_003;
  return (sum * 137) % 360;
}

/** The round picture of somebody: the first letter on their colour. */
export function avatar(person, size = '') {
  const letter = [...(person?.name ?? '?').trim()][0] ?? '?';
  const node = el('span', { class: `avatar ${size}`, 'aria-hidden': 'true' }, person?.bot ? '✓' : letter);
  if (person?.bot) node.classList.add('bot');
  else node.style.setProperty('--hue', hue(person?.id ?? '0'));
  return node;
}

/** Puts a floating box beside an anchor, where there is room. */
export function placeBeside(box, anchor) {
  const around = anchor.getBoundingClientRect();
  const width = Math.min(Math.max(around.width, 260), window.innerWidth - 16);
  box.style.width = `${width}px`;
  box.style.left = `${Math.max(8, Math.min(around.left, window.innerWidth - width - 8))}px`;
  const below = window.innerHeight - around.bottom - 12;
  const above = around.top - 12;
  const up = below < 240 && above > below;
  box.style.maxHeight = `${Math.min(340, up ? above : below)}px`;
  box.style.top = up ? 'auto' : `${around.bottom + 6}px`;
  box.style.bottom = up ? `${window.innerHeight - around.top + 6}px` : 'auto';
}
