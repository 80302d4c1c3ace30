/**
 * How large a field is written. Wallet makes texts smaller that do not fit and cuts them off when they would become too
 * small. A server cannot measure, so it estimates; what then still does not fit is cut off by the browser.
 */

/** What a text is to be written with. */
export interface TypeSize {
  /** Font size. */
  readonly points: number;
  /** Of the size: what is smaller is not read well. */
  readonly leastPercent: number;
}

export interface FittedText {
  readonly label: string;
  readonly value: string;
}

const LABEL_POINTS = 11;
const GAP_POINTS = 12;
const STEP = 5;

/** The share of the size, in percent by steps of five, at which the texts stand side by side within the width in points. */
export function fitPercent(texts: readonly FittedText[], width: number, { points, leastPercent }: TypeSize): number {
  const room = width - GAP_POINTS * (texts.length - 1);
  const needed = (share: number) =>
    texts.reduce((sum, { label, value }) => {
      const labelWidth = emWidth(label.toUpperCase()) * LABEL_POINTS;
      return sum + Math.max(labelWidth, emWidth(value) * points * share);
    }, 0);
  for (let percent = 100; percent > leastPercent; percent -= STEP) {
    if (needed(percent / 100) <= room) return percent;
  }
  return leastPercent;
}

/** Classes of characters by their width in the system fonts of phones and computers (measured in Inter), in em. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u, 1],
  [/\p{Extended_Pictographic}/u, 1.25],
  [/\p{M}/u, 0],
  [/[ijl|!'.,:;·]/u, 0.28],
  [/[\sftrI()[\]/\\-]/u, 0.38],
  [/[mwMW@%—…]/u, 0.9],
  [/[\p{Lu}&#+=<>~€$£¥]/u, 0.7],
  [/\p{N}/u, 0.63],
];
const USUAL_WIDTH = 0.57;

/** About how wide a text is in a system font, in em. */
export function emWidth(text: string): number {
  let sum = 0;
  for (const character of text) {
    sum += WIDTHS.find(([characters]) => characters.test(character))?.[1] ?? USUAL_WIDTH;
  }
  return sum;
}
