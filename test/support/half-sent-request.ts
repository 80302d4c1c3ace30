import { connect, type Socket } from "node:net";

/** A request that the server has begun to read and that is not whole yet. */
export interface HalfSentRequest {
  /** Sends the rest; resolves to the status of the answer, once the connection is closed. */
  finish(): Promise<number>;
}

/** Sends the headers and the first half of the body, and makes sure that the server has seen them. */
export async function sendHalf(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<HalfSentRequest> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = "";
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("data", (chunk) => {
    received += chunk;
  });
  // A reset shows as an answer that is missing.
  socket.on("error", () => {});
  const head = Object.entries({
    ...headers,
    host: hostname,
    "content-length": String(body.length),
    connection: "close",
  })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
  const half = body.length >> 1;
  await write(socket, `POST ${path} HTTP/1.1\r\n${head}\r\n${body.slice(0, half)}`);
  // Whatever came first is read first: when these are answered, the half request has been seen.
  for (let i = 0; i < 3; i++) await (await fetch(`${url}/livez`)).text();
  return {
    async finish() {
      await write(socket, body.slice(half));
      await closed;
      return Number(/^HTTP\/1\.1 (\d{3})/.exec(received)?.[1]);
    },
  };
}

function write(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve) => socket.write(text, () => resolve()));
}
