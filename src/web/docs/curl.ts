import type { ReadOperation } from "./read-document.ts";

/** A body as an example sends it. */
export interface ExampleBody {
  readonly mediaType: string;
  readonly text: string;
}

/** A command that makes the operation's example call, for a shell that has `KEY` and `ACCOUNT`. */
export function curlOf({ operation, method, path, server }: ReadOperation, body?: ExampleBody): string {
  const given = (operation.parameters ?? []).filter(({ example }) => example !== undefined);
  let address = server + path;
  for (const { name, in: place, example } of given) {
    if (place === "path") address = address.replace(`{${name}}`, encodeURIComponent(String(example)));
  }
  const query = given.filter((parameter) => parameter.in === "query").map(({ name, example }) => `${name}=${example}`);
  if (query.length > 0) address += `?${query.join("&")}`;
  const isImplied = method === (body ? "POST" : "GET");
  return [
    `curl ${isImplied ? "" : `-X ${method} `}${query.length > 0 ? `"${address}"` : address}`,
    ...(operation.security?.length === 0 ? [] : ['-H "X-API-KEY: $KEY"', '-H "X-ACCOUNT-ID: $ACCOUNT"']),
    ...(body ? [`-H "Content-Type: ${body.mediaType}"`, `--data-binary ${quoted(body.text)}`] : []),
  ].join(" \\\n  ");
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
