import { connect } from "node:net";

const LONGEST_SILENCE_MS = 5_000;

export interface RawAnswer {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Parsed; nothing where there was none. */
  readonly body: unknown;
}

/** The same, with the body as text. */
export interface RawText extends Omit<RawAnswer, "body"> {
  readonly text: string;
}

/** A request exactly as it is written: no library puts its target or the names of its headers in order. */
export async function sendRaw(
  port: number,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body = "",
): Promise<RawAnswer> {
  const answer = await sendRawText(port, method, target, Object.entries(headers), Buffer.from(body));
  const { text, ...rest } = answer;
  return { ...rest, body: text === "" ? undefined : JSON.parse(text) };
}

/** The same with any bytes for a body, and with headers that may come twice. */
export function sendRawText(
  port: number,
  method: string,
  target: string,
  headers: readonly (readonly [string, string])[],
  body: Uint8Array,
): Promise<RawText> {
  const lines = [["Host", "api.passninja.com"], ["Connection", "close"], ...headers];
  if (body.length > 0) lines.push(["Content-Length", String(body.length)]);
  const head = [`${method} ${target} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`)];
  return sendRawBytes(port, Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]));
}

/** Whatever the bytes are; answers when the connection ends. */
export function sendRawBytes(port: number, bytes: Uint8Array): Promise<RawText> {
  const { promise, resolve, reject } = Promise.withResolvers<RawText>();
  let received = Buffer.alloc(0);
  const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
  });
  socket.on("error", reject);
  socket.setTimeout(LONGEST_SILENCE_MS, () => {
    socket.destroy();
    reject(new Error(`no answer to ${Buffer.from(bytes).toString("latin1", 0, 200)}`));
  });
  socket.on("end", () => resolve(parseAnswer(received)));
  return promise;
}

function parseAnswer(received: Buffer): RawText {
  const end = received.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = received.toString("latin1", 0, end).split("\r\n");
  const headers = new Map(
    lines.map((line) => line.split(": ", 2)).map(([name = "", value = ""]) => [name.toLowerCase(), value]),
  );
  const rest = received.subarray(end + 4);
  const text = headers.get("transfer-encoding") === "chunked" ? unchunked(rest) : rest.toString();
  return { status: Number(statusLine.split(" ")[1]), headers, text };
}

/** RFC 9112, section 7.1. */
function unchunked(bytes: Buffer): string {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (!(size > 0)) return Buffer.concat(chunks).toString();
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
