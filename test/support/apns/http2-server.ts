/**
 * The program of the Node process: speaks HTTP/2 and decides nothing. It runs in Node because its HTTP/2 is another's
 * (nghttp2), so that a fault which Bun's client and server share cannot hide, and because Bun's server (1.4.5) still
 * delivers streams above the mark of a GOAWAY and then sends a second GOAWAY with a higher mark, which RFC 9113
 * (section 6.8) forbids.
 */
import { createSecureServer, type ServerHttp2Session, type ServerHttp2Stream, sensitiveHeaders } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { createInterface } from "node:readline";
import type { TLSSocket } from "node:tls";
import type { ClientCertificate, HostAnswer, HostCommand, HostMessage, HostSettings } from "./control.ts";

interface Connection {
  readonly number: number;
  readonly session: ServerHttp2Session;
  readonly socket: Socket | undefined;
  readonly streams: Map<number, ServerHttp2Stream>;
  openStreams: number;
  /** Streams above it are not processed: a GOAWAY said so. */
  lastStream: number;
}

const EVERY_STREAM = 2 ** 31 - 1;
const connections = new Map<number, Connection>();
const lines = createInterface({ input: process.stdin });
let isStarted = false;
lines.on("line", (line) => {
  if (isStarted) obey(JSON.parse(line) as HostCommand);
  else start(JSON.parse(line) as HostSettings);
  isStarted = true;
});
lines.on("close", () => process.exit(0));

let unsent: string[] = [];
function tell(message: HostMessage): void {
  if (unsent.length === 0) setImmediate(flush);
  unsent.push(JSON.stringify(message));
}
function flush(): void {
  process.stdout.write(`${unsent.join("\n")}\n`);
  unsent = [];
}

let limit = 0;

function start({ certificatePem, privateKeyPem, trustedRoots, maxConcurrentStreams }: HostSettings): void {
  limit = maxConcurrentStreams;
  const server = createSecureServer({
    cert: certificatePem,
    key: privateKeyPem,
    ca: [...trustedRoots],
    requestCert: true,
    // Judged above, so that the answer is Apple's and not an alert.
    rejectUnauthorized: false,
    settings: { maxConcurrentStreams },
  });
  const sockets = new Map<number, Socket>();
  let count = 0;
  server.on("connection", (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(port));
  });
  server.on("session", (session) => {
    count += 1;
    const tls = session.socket as TLSSocket;
    const socket = sockets.get(tls.remotePort ?? 0);
    const connection = { number: count, session, socket, streams: new Map(), openStreams: 0, lastStream: EVERY_STREAM };
    connections.set(count, connection);
    // SETTINGS of the server's options; a limit that was changed later must be said again.
    if (limit !== maxConcurrentStreams) session.settings({ maxConcurrentStreams: limit });
    session.on("error", () => {});
    session.on("close", () => {
      connections.delete(connection.number);
      tell({ type: "closed", connection: connection.number });
    });
    session.on("stream", (stream, headers) => receive(connection, stream, headers));
    tell({ type: "connected", connection: count, certificate: certificateOf(tls, trustedRoots.length > 0) });
  });
  server.listen(0, "127.0.0.1", () => tell({ type: "listening", port: (server.address() as AddressInfo).port }));
}

function certificateOf(tls: TLSSocket, isChecked: boolean): ClientCertificate | undefined {
  const leaf = tls.getPeerCertificate();
  if (!leaf?.subject) return undefined;
  const subject = leaf.subject as unknown as Readonly<Record<string, string>>;
  return {
    uid: subject["UID"],
    serialNumber: leaf.serialNumber,
    validTo: Date.parse(leaf.valid_to),
    isTrusted: !isChecked || tls.authorized,
  };
}

function receive(connection: Connection, stream: ServerHttp2Stream, received: object): void {
  const id = stream.id ?? 0;
  stream.on("error", () => {});
  if (id > connection.lastStream) return;
  const { number, streams } = connection;
  connection.openStreams += 1;
  const { openStreams } = connection;
  streams.set(id, stream);
  stream.on("close", () => {
    connection.openStreams -= 1;
    if (streams.delete(id)) tell({ type: "gone", connection: number, stream: id });
    closeIfDone(connection);
  });
  const all = received as Readonly<Record<string, string>> & { readonly [sensitiveHeaders]?: readonly string[] };
  const headers = Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith(":")));
  let body = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    body += text;
  });
  stream.on("end", () => {
    if (!streams.has(id)) return;
    const [method = "", path = ""] = [all[":method"], all[":path"]];
    const neverIndexed = all[sensitiveHeaders] ?? [];
    tell({
      type: "request",
      request: { connection: number, stream: id, method, path, headers, neverIndexed, body, openStreams },
    });
  });
}

function obey(command: HostCommand): void {
  switch (command.type) {
    case "answer":
      answer(takeStream(command), command.answer);
      break;
    case "reset":
      takeStream(command)?.close(command.code);
      break;
    case "goaway":
      sayGoAway(command.connection, command.lastStream, command.data);
      break;
    case "drop":
      connections.get(command.connection)?.socket?.resetAndDestroy();
      break;
    case "limit":
      changeLimit(command.maxConcurrentStreams);
      break;
    default:
      command satisfies never;
  }
}

function sayGoAway(number: number, lastStream: number, data: string): void {
  const connection = connections.get(number);
  if (!connection) return;
  connection.lastStream = lastStream;
  connection.session.goaway(0, lastStream, Buffer.from(data));
  closeIfDone(connection);
}

/** After a GOAWAY with nothing left to do Node's session stops reading and would never notice that the client left. */
function closeIfDone({ session, lastStream, openStreams }: Connection): void {
  if (lastStream < EVERY_STREAM && openStreams === 0) setImmediate(() => session.close());
}

/** What was taken is not reported as gone. */
function takeStream(of: { readonly connection: number; readonly stream: number }): ServerHttp2Stream | undefined {
  const streams = connections.get(of.connection)?.streams;
  const stream = streams?.get(of.stream);
  streams?.delete(of.stream);
  return stream?.destroyed ? undefined : stream;
}

function answer(stream: ServerHttp2Stream | undefined, { status, headers, body, isTruncated }: HostAnswer): void {
  stream?.respond({ ":status": status, ...headers }, { endStream: body === "" });
  if (body === "") return;
  if (isTruncated) stream?.write(body.slice(0, body.length / 2), () => stream.close(2));
  else stream?.end(body);
}

function changeLimit(maxConcurrentStreams: number): void {
  limit = maxConcurrentStreams;
  let unacknowledged = connections.size;
  if (unacknowledged === 0) tell({ type: "limited" });
  for (const { session } of connections.values()) {
    session.settings({ maxConcurrentStreams }, () => {
      unacknowledged -= 1;
      if (unacknowledged === 0) tell({ type: "limited" });
    });
  }
}
