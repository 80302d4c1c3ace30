import type { ClientCertificate, HostCommand, HostMessage, ReceivedRequest } from "./control.ts";
import type { FaultPlan } from "./faults.ts";
import type { PushLog, RecordedPush } from "./push-log.ts";
import { answerOf, type Refusal, type Registry, refusalOf, tokenIn } from "./rules.ts";

export interface TrafficOptions {
  readonly registry: Registry;
  readonly faults: FaultPlan;
  readonly log: PushLog;
  readonly keepPushes: boolean;
  readonly command: (command: HostCommand) => void;
}

interface Connection {
  readonly certificate: ClientCertificate | undefined;
  lastReceived: number;
  /** Later streams are not processed: a GOAWAY said so. */
  lastAccepted: number;
}

const keyOf = (of: { readonly connection: number; readonly stream: number }) => `${of.connection} ${of.stream}`;

/** What is going on on the connections, and what is answered. */
export class Traffic {
  /** The open ones. */
  readonly connections = new Map<number, Connection>();
  /** Of all connections ever, in their order. */
  readonly certificates: (ClientCertificate | undefined)[] = [];
  readonly inFlight = new Set<string>();
  answered = 0;
  mostStreams = 0;
  /** Every client knows the limit that was set last. */
  limited = Promise.withResolvers<void>();
  #goAwayIn: { left: number; readonly reason: string } | undefined;
  readonly #options: TrafficOptions;

  constructor(options: TrafficOptions) {
    this.#options = options;
  }

  onMessage(message: HostMessage): void {
    switch (message.type) {
      case "connected":
        this.certificates.push(message.certificate);
        this.connections.set(message.connection, {
          certificate: message.certificate,
          lastReceived: 0,
          lastAccepted: Number.POSITIVE_INFINITY,
        });
        break;
      case "closed":
        this.connections.delete(message.connection);
        break;
      case "request":
        this.#receive(message.request);
        break;
      case "gone":
        this.inFlight.delete(keyOf(message));
        break;
      case "limited":
        this.limited.resolve();
        break;
      case "listening":
        break;
      default:
        message satisfies never;
    }
    this.#options.log.wake();
  }

  goAwayAfter(count: number, reason: string): void {
    this.#goAwayIn = { left: count, reason };
  }

  goAway(number: number, reason: string): void {
    const connection = this.connections.get(number);
    if (!connection) return;
    const lastStream = connection.lastReceived;
    connection.lastAccepted = lastStream;
    this.#options.command({ type: "goaway", connection: number, lastStream, data: JSON.stringify({ reason }) });
  }

  #receive(request: ReceivedRequest): void {
    const connection = this.connections.get(request.connection);
    if (!connection || request.stream > connection.lastAccepted) return;
    this.mostStreams = Math.max(this.mostStreams, request.openStreams);
    connection.lastReceived = Math.max(connection.lastReceived, request.stream);
    this.inFlight.add(keyOf(request));
    this.#countDown(request.connection);
    this.#answer(request, connection.certificate);
  }

  #countDown(connection: number): void {
    if (!this.#goAwayIn) return;
    this.#goAwayIn.left -= 1;
    if (this.#goAwayIn.left > 0) return;
    this.goAway(connection, this.#goAwayIn.reason);
    this.#goAwayIn = undefined;
  }

  #answer(request: ReceivedRequest, certificate: ClientCertificate | undefined): void {
    const { faults, registry, log, command } = this.#options;
    const { connection, stream } = request;
    const fault = faults.take({ token: tokenIn(request.path), topic: request.headers["apns-topic"] });
    if (fault === undefined) {
      this.#respond(request, refusalOf(request, certificate, registry));
      return;
    }
    if (!("kind" in fault)) {
      this.#respond(request, fault);
      return;
    }
    if (fault.kind === "slow") {
      void Promise.allSettled([fault.until()]).then(() => {
        this.#respond(request, refusalOf(request, certificate, registry));
        log.wake();
      });
      return;
    }
    this.#record(request, fault.kind);
    // Without an answer the stream stays in flight until the client gives up.
    if (fault.kind !== "hang") this.inFlight.delete(keyOf(request));
    if (fault.kind === "reset") command({ type: "reset", connection, stream, code: fault.code ?? 2 });
    if (fault.kind === "drop") command({ type: "drop", connection });
  }

  #respond(request: ReceivedRequest, refusal: Refusal | undefined): void {
    // The client may have taken it back meanwhile.
    if (!this.inFlight.delete(keyOf(request))) return;
    const answer = answerOf(refusal);
    this.#record(request, answer.status);
    const { connection, stream } = request;
    this.#options.command({ type: "answer", connection, stream, answer });
  }

  #record(request: ReceivedRequest, status: RecordedPush["status"]): void {
    this.answered += 1;
    const { keepPushes, log, registry } = this.#options;
    if (!keepPushes) return;
    const { connection, method, path, headers, neverIndexed, body: payload } = request;
    log.add({
      token: tokenIn(path),
      topic: headers["apns-topic"],
      method,
      path,
      headers,
      neverIndexed,
      payload,
      connection,
      certificateUid: this.certificates[connection - 1]?.uid,
      status,
      at: registry.now(),
    });
  }
}
