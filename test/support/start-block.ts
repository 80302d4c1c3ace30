/** What a first start prints for its user to go on with. */
export interface PrintedCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The curl command of a start block, read as a shell would. */
export function printedCall(startBlock: string): PrintedCall {
  const command = startBlock.slice(startBlock.indexOf("\ncurl ") + 1);
  if (!command.startsWith("curl ")) throw new Error(`There is no curl command in:\n${startBlock}`);
  const words = [...command.matchAll(/-H|-d|'(?:[^']|'\\'')*'/g)].map(([word]) =>
    word.startsWith("'") ? word.slice(1, -1).replaceAll("'\\''", "'") : word,
  );
  const after = (flag: string) => words.flatMap((word, i) => (words[i - 1] === flag ? [word] : []));
  const headers = after("-H").map((header) => header.split(": ", 2) as [string, string]);
  return { url: words[0] ?? "", headers: Object.fromEntries(headers), body: after("-d")[0] ?? "" };
}

/** Does what the curl command does. */
export function call({ url, headers, body }: PrintedCall): Promise<Response> {
  return fetch(url, { method: "POST", headers, body });
}

/** An address that the block names, such as that of the `sample pass`. */
export function printedFact(startBlock: string, name: string): string {
  return new RegExp(`^${name} +(\\S+)$`, "m").exec(startBlock)?.[1] ?? "";
}
