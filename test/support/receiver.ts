import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { CloudEvent } from "../../src/webhooks/cloud-event.ts";
import type { SenderOptions } from "../../src/webhooks/sender.ts";
import { serverCredentials } from "./apns/certificates.ts";

/** The name that a receiver's certificate is for; it leads to 127.0.0.1. */
export const RECEIVER_HOST = "hooks.example.com";

export interface RecordedDelivery {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As it came. */
  readonly body: string;
  readonly event: CloudEvent & { readonly data: Readonly<Record<string, unknown>> };
}

export interface PlannedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How a receiver takes a delivery: an answer, or something that it does by itself. */
export type Reaction = PlannedAnswer | ((delivery: RecordedDelivery, response: ServerResponse) => void);

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** How a sender finds it and trusts it. */
  readonly network: Pick<SenderOptions, "ca" | "resolve">;
  /** In the order in which they came. */
  readonly deliveries: readonly RecordedDelivery[];
  /** For the next delivery that nothing is planned for. */
  plan(...reactions: readonly Reaction[]): void;
  /** For every delivery that nothing is planned for; at first 200. */
  reactAlways(reaction: Reaction): void;
  /** Resolves when so many have come since the start. */
  waitFor(count: number): Promise<void>;
}

/** Somebody who is told of passes, on loopback; over https unless `plain`. */
export async function startReceiver({ plain = false }: { readonly plain?: boolean } = {}): Promise<Receiver> {
  const { caPem, certificatePem, privateKeyPem } = serverCredentials(RECEIVER_HOST);
  const deliveries: RecordedDelivery[] = [];
  const planned: Reaction[] = [];
  let always: Reaction = { status: 200 };
  let waiters: { readonly count: number; readonly resolve: () => void }[] = [];
  const sockets = new Set<Socket>();

  function receive(path: string, headers: IncomingHttpHeaders, body: string, response: ServerResponse): void {
    const event = JSON.parse(body) as RecordedDelivery["event"];
    const delivery: RecordedDelivery = { path, headers: headers as Record<string, string>, body, event };
    deliveries.push(delivery);
    const reaction = planned.shift() ?? always;
    if (typeof reaction === "function") reaction(delivery, response);
    else response.writeHead(reaction.status, reaction.headers).end(reaction.body ?? "");
    const told = waiters.filter(({ count }) => deliveries.length >= count);
    waiters = waiters.filter((waiter) => !told.includes(waiter));
    for (const { resolve } of told) resolve();
  }

  const secure = { key: privateKeyPem, cert: certificatePem };
  const server = plain ? createServer() : createSecureServer(secure);
  server.on("request", (request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => receive(request.url ?? "", request.headers, body, response));
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: plain ? `http://127.0.0.1:${port}/passes` : `https://${RECEIVER_HOST}:${port}/passes`,
    network: { ca: caPem, resolve: async () => [{ address: "127.0.0.1", family: 4 }] },
    deliveries,
    plan: (...reactions) => void planned.push(...reactions),
    reactAlways(reaction) {
      always = reaction;
    },
    waitFor: (count) =>
      deliveries.length >= count ? Promise.resolve() : new Promise((resolve) => waiters.push({ count, resolve })),
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
