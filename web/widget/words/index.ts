// Which language, and words with their gaps filled.

/** The one of the two that somebody reads; English where it is neither. */
export function spoken<W>(lang: string, en: W, de: W): W {
  return lang.toLowerCase().startsWith("de") ? de : en;
}

/** {name} in a text, replaced. */
export function fill(text: string, given: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(given[name] ?? ""));
}
