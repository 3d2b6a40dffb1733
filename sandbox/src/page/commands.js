// The slash commands as somebody may type them: every command, or every subcommand, is one entry.

const [SUBCOMMAND, GROUP] = [1, 2];

function called(thing, locale) {
  return thing.name_localizations?.[locale] ?? thing.name;
}

function described(thing, locale) {
  return thing.description_localizations?.[locale] ?? thing.description ?? '';
}

/** One entry for each thing that can be sent: `{ path, shown, about, options }`. */
export function entries(commands, locale) {
  const found = [];
  const walk = (holder, path, shown, top) => {
    const inner = (holder.options ?? []).filter((option) => option.type === SUBCOMMAND || option.type === GROUP);
    for (const sub of inner) walk(sub, [...path, sub.name], [...shown, called(sub, locale)], top);
    if (inner.length) return;
    const options = (holder.options ?? []).map((option) => ({
      ...option, shown: called(option, locale), about: described(option, locale),
      choices: option.choices?.map((choice) => ({ label: called(choice, locale), value: String(choice.value) })),
    }));
    found.push({ path: path.join(' '), shown: shown.join(' '), about: described(holder, locale), options });
  };
  for (const command of commands) walk(command, [command.name], [called(command, locale)], command);
  return found.sort((a, b) => a.shown.localeCompare(b.shown, locale));
}

/** The entries that fit what was typed after `/`: by the beginning first, then anywhere. */
export function matching(list, typed) {
  const wanted = typed.trim().toLocaleLowerCase();
  const names = (entry) => [entry.shown.toLocaleLowerCase(), entry.path.toLocaleLowerCase()];
  const first = list.filter((entry) => names(entry).some((name) => name.startsWith(wanted)));
  const later = list.filter((entry) => !first.includes(entry)
    && (names(entry).some((name) => name.includes(wanted)) || entry.about.toLocaleLowerCase().includes(wanted)));
  return [...first, ...later];
}
