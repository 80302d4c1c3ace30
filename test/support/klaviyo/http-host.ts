import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Answer, RawRequest } from "./api.ts";

/** What happens on the wire. */
export type Outcome =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "truncated"; readonly answer: Answer }
  | { readonly kind: "reset" }
  | { readonly kind: "hang" };

export interface HttpHost {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * node:http and not Bun.serve, because only it hands out the socket: a handler that throws in Bun.serve still answers,
 * with a 500.
 *
 * Without `keepAlive` every answer closes its connection. Bun's fetch silently repeats a GET whose kept-alive connection
 * was reset, which would consume a second fault unseen.
 */
export async function startHttpHost(
  handle: (request: RawRequest) => Promise<Outcome>,
  sent: () => void,
  keepAlive: boolean,
): Promise<HttpHost> {
  const server = createServer(async (message, response) => {
    const request = await readRequest(message);
    if (request === undefined) return;
    await send(await handle(request), message, response, keepAlive);
    sent();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Undefined when the client went away while sending. */
async function readRequest(message: IncomingMessage): Promise<RawRequest | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of message) chunks.push(chunk);
  } catch {
    return undefined;
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return { method: message.method ?? "", target: message.url ?? "/", headers, body: Buffer.concat(chunks) };
}

async function send(
  outcome: Outcome,
  message: IncomingMessage,
  response: ServerResponse,
  keepAlive: boolean,
): Promise<void> {
  if (outcome.kind === "hang" || message.socket.destroyed) return;
  if (outcome.kind === "reset") {
    message.socket.destroy();
    return;
  }
  const { status, headers, body } = outcome.answer;
  const bytes = Buffer.from(body);
  // An empty answer has nothing to cut, so a truncated one announces a body that never comes.
  const half = bytes.subarray(0, Math.floor(bytes.byteLength / 2));
  const length = outcome.kind === "truncated" ? Math.max(2, bytes.byteLength) : bytes.byteLength;
  response.writeHead(status, {
    ...headers,
    "content-length": String(length),
    ...(keepAlive ? {} : { connection: "close" }),
  });
  if (outcome.kind === "truncated") {
    await new Promise<void>((resolve) => response.write(half.byteLength > 0 ? half : "{", () => resolve()));
    message.socket.destroy();
  } else {
    response.end(bytes);
  }
}
