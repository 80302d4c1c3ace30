import { connect } from "node:net";

export interface RawAnswer {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Parsed; nothing where there was none. */
  readonly body: unknown;
}

/** A request exactly as it is written: no library puts its target or the names of its headers in order. */
export function sendRaw(
  port: number,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body = "",
): Promise<RawAnswer> {
  const lines = Object.entries({ Host: "api.passninja.com", Connection: "close", ...headers });
  if (body !== "") lines.push(["Content-Length", String(Buffer.byteLength(body))]);
  const head = [`${method} ${target} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`)];
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  let received = Buffer.alloc(0);
  const socket = connect(port, "127.0.0.1", () => socket.write(`${head.join("\r\n")}\r\n\r\n${body}`));
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
  });
  socket.on("error", reject);
  socket.on("end", () => resolve(parseAnswer(received)));
  return promise;
}

function parseAnswer(received: Buffer): RawAnswer {
  const end = received.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = received.toString("latin1", 0, end).split("\r\n");
  const headers = new Map(
    lines.map((line) => line.split(": ", 2)).map(([name = "", value = ""]) => [name.toLowerCase(), value]),
  );
  const rest = received.subarray(end + 4);
  const json = headers.get("transfer-encoding") === "chunked" ? unchunked(rest) : rest.toString();
  return { status: Number(statusLine.split(" ")[1]), headers, body: json === "" ? undefined : JSON.parse(json) };
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
