import type { HostCommand, HostMessage, HostSettings } from "./control.ts";

export interface Http2Host {
  readonly port: number;
  command(command: HostCommand): void;
  stop(): Promise<void>;
}

let program: Promise<string> | undefined;

/** Node 20 cannot read TypeScript. */
async function bundle(): Promise<string> {
  const built = await Bun.build({ entrypoints: [`${import.meta.dir}/http2-server.ts`], target: "node", format: "esm" });
  const [output] = built.outputs;
  if (!output) throw new Error("The program of the fake's process could not be built.");
  return output.text();
}

/** Starts the Node process that holds the connections; it ends with its standard input, also when the tests are killed. */
export async function startHttp2Host(
  settings: HostSettings,
  onMessage: (message: HostMessage) => void,
): Promise<Http2Host> {
  program ??= bundle();
  const child = Bun.spawn(["node", "--input-type=module", "--eval", await program], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  let isFlushing = false;
  const write = (document: HostSettings | HostCommand): void => {
    child.stdin.write(`${JSON.stringify(document)}\n`);
    if (isFlushing) return;
    isFlushing = true;
    queueMicrotask(() => {
      isFlushing = false;
      void child.stdin.flush();
    });
  };
  write(settings);
  const listening = Promise.withResolvers<number>();
  const reading = readLines(child.stdout, (line) => {
    const message = JSON.parse(line) as HostMessage;
    if (message.type === "listening") listening.resolve(message.port);
    else onMessage(message);
  });
  void reading.then(() => listening.reject(new Error("The fake's process ended before it listened.")));
  return {
    port: await listening.promise,
    command: write,
    async stop() {
      await child.stdin.end();
      await child.exited;
      await reading;
    },
  };
}

async function readLines(stream: ReadableStream<Uint8Array>, onLine: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  }
}
