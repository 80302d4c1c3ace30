/** A message that phones are known to log, and what brings it about (observed on devices by others, and community). */
export interface KnownDeviceMessage {
  readonly pattern: RegExp;
  readonly cause: string;
}

const KNOWN: readonly KnownDeviceMessage[] = [
  {
    pattern: /did not provide a 'last-modified' header/i,
    cause: "A proxy in front of Passhook removes the Last-Modified header. Let it through.",
  },
  {
    pattern: /ignored the 'if-modified-since' header/i,
    cause:
      "A proxy in front of Passhook drops If-Modified-Since or answers from a cache. Turn caching off for /passkit.",
  },
  {
    pattern: /requested update to serial number .* but the pass was unchanged/i,
    cause: "The phone was told of a change and found none. Harmless now and then, after a template was pushed.",
  },
  {
    pattern: /omitted a lastUpdated tag|lastUpdated tag .* remained the same/i,
    cause: "The answer was changed on its way, or came from a cache. Turn caching off for /passkit.",
  },
  {
    pattern: /received spurious push/i,
    cause:
      "A push came and the list of changes was empty. Look whether two servers use the same certificate, or an old database was restored.",
  },
  {
    pattern: /update requested for unregistered serial number/i,
    cause: "The phone had removed the pass shortly before. Harmless.",
  },
  {
    pattern: /get serial #s task .* unexpected response code 401/i,
    cause: "Something in front of Passhook asks for a sign-in on /passkit. Phones cannot sign in there.",
  },
  {
    pattern: /received invalid pass data/i,
    cause:
      "What arrived is no valid pass. Run: passhook doctor, and: passhook pass download SERIAL, then passhook pass lint FILE.",
  },
  {
    pattern: /personalization request was issued .* but the pass was unchanged/i,
    cause: "The signed-up pass still asked for a sign-up. Push the template again.",
  },
  {
    pattern: /authentication (failure|token)|unexpected response code 401/i,
    cause: "The pass was signed with another master key than this server has. Restore DATA/secrets from the backup.",
  },
];

/** What brings a message about, in plain words; nothing for one that nobody has explained yet. */
export const causeOf = (message: string): string | undefined =>
  KNOWN.find(({ pattern }) => pattern.test(message))?.cause;

const MAX_LENGTH = 500;

/** The kind of a message: without what differs from phone to phone, so that a million lines are a few rows. */
export function kindOf(message: string): string {
  return message
    .replace(/\p{Cc}+/gu, " ")
    .replace(/https?:\/\/\S+/g, "URL")
    .replace(/\[?\d{4}-\d{2}-\d{2}[T ][\d:.]+(?:\s?(?:Z|[+-]\d{2}:?\d{2}))?\]?/g, "TIME")
    .replace(/[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT/g, "TIME")
    .replace(/\b(?=[0-9a-z-]*\d)[0-9a-z-]{8,}\b/gi, "ID")
    .replace(/\d+/g, "N")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, MAX_LENGTH);
}

/** The message as it is kept as an example. */
export const exampleOf = (message: string): string => message.slice(0, MAX_LENGTH);
