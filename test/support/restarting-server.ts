import { type ServerProcess, type ServerProcessOptions, startServerProcess } from "./server-process.ts";

/** A server that is killed and started again, on the same folder and port. */
export interface RestartingServer extends AsyncDisposable {
  readonly url: string;
  /** Resolves when a server listens: at once, or after the restart that is under way. */
  up(): Promise<void>;
  /** `kill -9`, and the next process as soon as the system has cleared the last away. */
  killAndRestart(): Promise<void>;
  /** Ends it for good; resolves to its exit status. */
  stop(signal: NodeJS.Signals): Promise<number | string>;
}

export async function startRestartingServer(options: ServerProcessOptions): Promise<RestartingServer> {
  let process: ServerProcess = await startServerProcess(options);
  let restarted: Promise<void> = Promise.resolve();
  return {
    url: process.url,
    up: () => restarted,
    async killAndRestart() {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      // Whoever waits for the server waits in vain if it does not start; the caller is told why.
      promise.catch(() => {});
      restarted = promise;
      try {
        await process.stop("SIGKILL");
        process = await startServerProcess(options);
        resolve();
      } catch (error) {
        reject(error);
        throw error;
      }
    },
    stop: (signal) => process.stop(signal),
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}
