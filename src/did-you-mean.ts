import { distance } from "fastest-levenshtein";

/** ` (did you mean "x"?)` for the nearest known name, or nothing when none is near. */
export function didYouMean(given: string, known: Iterable<string>): string {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(given.length / 3)) + 1;
  for (const name of known) {
    const d = distance(normalise(given), normalise(name));
    if (d < bestDistance) [best, bestDistance] = [name, d];
  }
  return best === undefined ? "" : ` (did you mean "${best}"?)`;
}

/** `memberName`, `member_name` and `Member-Name` are the same word to a person. */
const normalise = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");
