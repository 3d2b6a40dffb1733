// The page's own words, in the language that its reader chose, and the ways to write times and numbers.

const words = {};
let language = localStorage.getItem('language') ?? (navigator.language.startsWith('ko') ? 'ko' : 'en');
let zone;

/** Loads both languages; they are small, and switching must not wait. */
export async function loadWords() {
  await Promise.all(['ko', 'en'].map(async (name) => {
    words[name] = await (await fetch(`${name}.json`)).json();
  }));
  document.documentElement.lang = language;
}

export function currentLanguage() {
  return language;
}

export function switchLanguage() {
  language = language === 'ko' ? 'en' : 'ko';
  localStorage.setItem('language', language);
  document.documentElement.lang = language;
}

/** Times are shown in the deployment's zone, where it is known. */
export function setZone(name) {
  zone = name ?? undefined;
}

export function zoneName() {
  return zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** A sentence of the page, with `{name}` filled in. */
export function say(key, args = {}) {
  const sentence = words[language]?.[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in args ? String(args[name]) : whole));
}

/** Words that came in both languages. */
export function pick(both) {
  return both?.[language] ?? both?.en ?? '';
}

const formats = new Map();

/** A moment in the reader's language and the world's zone. */
export function when(moment, options) {
  const key = `${language} ${zone} ${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, { timeZone: zone, ...options }));
  return formats.get(key).format(moment);
}

export const time = (moment) => when(moment, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
export const day = (moment) => when(moment, { year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' });
export const full = (moment) => when(moment, { dateStyle: 'full', timeStyle: 'short' });

/** How far a moment lies from now: `3분 전`, `in 2 hours`. */
export function relative(moment, now) {
  const seconds = (moment - now) / 1000;
  const steps = [['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]];
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? steps[5];
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}

export function bytes(size) {
  const units = ['B', 'KB', 'MB'];
  let at = 0;
  while (size >= 1024 && at < units.length - 1) {
    size /= 1024;
    at += 1;
  }
  return `${size.toFixed(at ? 1 : 0)} ${units[at]}`;
}
