/** More than any browser sends; the rest of a longer header is not read. */
const MOST_LANGUAGES = 20;

/** The languages of an `Accept-Language` header, the best first (RFC 9110, section 12.5.4). What is none is left out. */
export function acceptedLanguages(header: string | null): string[] {
  const entries = (header ?? "").split(",", MOST_LANGUAGES).map((entry) => {
    const [tag = "", ...parameters] = entry.split(";").map((part) => part.trim());
    const quality = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2);
    return { tag: canonical(tag), quality: quality === undefined ? 1 : Number(quality) };
  });
  const wanted = entries.flatMap(({ tag, quality }) => (tag !== undefined && quality > 0 ? [{ tag, quality }] : []));
  // Stable: of equals the first is meant to be the better.
  wanted.sort((a, b) => b.quality - a.quality);
  return [...new Set(wanted.map(({ tag }) => tag))];
}

function canonical(tag: string): string | undefined {
  try {
    return tag === "*" ? undefined : new Intl.Locale(tag).toString();
  } catch {
    return undefined;
  }
}

/**
 * The available language that suits best: of the same language and script as one that is wanted, of the same region if
 * there is one. `zh-TW` finds `zh-Hant`, not `zh-Hans`.
 */
export function bestLanguage<Tag extends string>(
  wanted: readonly string[],
  available: readonly Tag[],
): Tag | undefined {
  const known = available.map((tag) => ({ tag, locale: new Intl.Locale(tag).maximize() }));
  for (const tag of wanted) {
    const { language, script, region } = new Intl.Locale(tag).maximize();
    const same = known.filter(({ locale }) => locale.language === language && locale.script === script);
    const best = same.find(({ locale }) => locale.region === region) ?? same[0];
    if (best) return best.tag;
  }
  return undefined;
}
