import type { Clock } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import { type PushAnswer, unreachable } from "./answer.ts";
import type { Connection, ConnectionEvents } from "./connection.ts";
import { createFifo } from "./fifo.ts";

export interface PushQueue {
  /** Resolves within `timeoutMs` of the clock. */
  push(pushToken: string, signal: AbortSignal | undefined): Promise<PushAnswer>;
  /** What was not sent yet is unreachable; the connection closes when what is in flight has its answers. */
  close(reason: string): void;
}

export interface PushQueueOptions {
  readonly topic: string;
  /** May throw. */
  readonly open: (events: ConnectionEvents) => Connection;
  readonly clock: Clock;
  readonly idleMs: number;
  readonly timeoutMs: number;
  /** Every push has its answer and no connection takes more: the queue may be forgotten. */
  readonly onUnused: () => void;
}

interface Pending {
  readonly pushToken: string;
  readonly calledAt: number;
  readonly settle: (answer: PushAnswer) => void;
  isSettled: boolean;
  sentOn: Connection | undefined;
  /** What the connection had heard when this was sent. */
  heardBefore: number;
  takeBack: () => void;
}

/**
 * The pushes of one identity, in the order of the calls, and the one connection that takes them: opened when there is
 * something to send, opened anew after it broke. A push that waits is one small object; streams are made only as the
 * connection has room.
 */
export function createPushQueue({ topic, open, clock, idleMs, timeoutMs, onUnused }: PushQueueOptions): PushQueue {
  const waiting = createFifo<Pending>();
  /** All that have no answer yet, oldest first. */
  const pending = new Set<Pending>();
  let connection: Connection | undefined;
  /** Whether the connection has been given a push. */
  let hasTaken = false;
  let cancelTimeout: (() => void) | undefined;
  let cancelIdle: (() => void) | undefined;

  function openNext(): void {
    try {
      const opened: Connection = open({
        onRoom: send,
        onClosing(reason) {
          if (connection !== opened) return;
          connection = undefined;
          // After one that worked the rest goes on over the next; after one that never did they would try for ever.
          if (hasTaken) send();
          else failWaiting(reason);
          forgetIfUnused();
        },
      });
      connection = opened;
      hasTaken = false;
    } catch (error) {
      // A certificate and key that do not fit, or a key that cannot be decrypted.
      failWaiting(messageOf(error));
    }
  }

  function send(): void {
    for (;;) {
      const one = waiting.first();
      if (!one) return;
      if (one.isSettled) {
        waiting.dropFirst();
        continue;
      }
      if (!connection) openNext();
      if (!connection?.hasRoom) return;
      waiting.dropFirst();
      one.sentOn = connection;
      one.heardBefore = connection.heard;
      hasTaken = true;
      one.takeBack = connection.send(one.pushToken, topic, one.settle);
    }
  }

  function failWaiting(reason: string): void {
    for (let one = waiting.first(); one; one = waiting.first()) {
      waiting.dropFirst();
      one.settle(unreachable(reason));
    }
  }

  /** One timer for all: the oldest is always the first to run out. */
  function watchOldest(): void {
    const [oldest] = pending;
    cancelTimeout = oldest && clock.after(Math.max(0, oldest.calledAt + timeoutMs - clock.now()), timeOut);
  }

  function timeOut(): void {
    const now = clock.now();
    const reason = `no answer within ${timeoutMs / 1000} s`;
    const silent = new Set<Connection>();
    for (const one of pending) {
      if (one.calledAt + timeoutMs > now) break;
      if (one.sentOn ? one.sentOn.heard === one.heardBefore : connection && !connection.isReady) {
        const dead = one.sentOn ?? connection;
        if (dead) silent.add(dead);
      }
      one.takeBack();
      one.settle(unreachable(reason));
    }
    // Nothing came back since: a connection whose other end vanished would swallow the next pushes too.
    for (const dead of silent) dead.destroy(reason);
    watchOldest();
  }

  function allSettled(): void {
    cancelTimeout?.();
    cancelTimeout = undefined;
    if (connection) cancelIdle ??= clock.after(idleMs, () => void connection?.close());
    forgetIfUnused();
  }

  function forgetIfUnused(): void {
    if (pending.size > 0 || connection) return;
    cancelIdle?.();
    cancelIdle = undefined;
    onUnused();
  }

  return {
    push(pushToken, signal) {
      const { promise, resolve } = Promise.withResolvers<PushAnswer>();
      const abort = () => {
        one.takeBack();
        one.settle(unreachable(messageOf(signal?.reason)));
      };
      const one: Pending = {
        pushToken,
        calledAt: clock.now(),
        isSettled: false,
        sentOn: undefined,
        heardBefore: 0,
        takeBack: () => {},
        settle(answer) {
          if (one.isSettled) return;
          one.isSettled = true;
          pending.delete(one);
          signal?.removeEventListener("abort", abort);
          resolve(answer);
          if (pending.size === 0) allSettled();
        },
      };
      signal?.addEventListener("abort", abort);
      pending.add(one);
      waiting.add(one);
      cancelIdle?.();
      cancelIdle = undefined;
      if (!cancelTimeout) watchOldest();
      send();
      return promise;
    },
    close(reason) {
      failWaiting(reason);
      void connection?.close();
    },
  };
}
