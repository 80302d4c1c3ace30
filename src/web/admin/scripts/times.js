// The exact time that a relative one shows on hover, in the reader's own zone and language.
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** @param {ParentNode} part */
export function localTimes(part) {
  for (const time of part.querySelectorAll("time")) time.title = exact.format(new Date(time.dateTime));
}
