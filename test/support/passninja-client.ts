/** What a call of the client came to: its value, or what the caller can catch. */
export interface ClientOutcome {
  readonly value?: unknown;
  readonly error?: string;
  readonly status?: number;
  readonly body?: { readonly error?: unknown; readonly code?: unknown };
}

export interface ClientProcess extends AsyncDisposable {
  call(object: "pass" | "passTemplate", method: string, ...args: unknown[]): Promise<ClientOutcome>;
}

/** Starts `@passninja/passninja-js`, unmodified, in a Node of its own, with the server at `url` as its proxy. */
export function startPassNinjaClient(url: string, accountId: string, apiKey: string): ClientProcess {
  const child = Bun.spawn(["node", `${import.meta.dir}/passninja-client.cjs`, accountId, apiKey], {
    env: { PATH: process.env["PATH"] ?? "", https_proxy: url },
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const answers = linesOf(child.stdout);
  return {
    async call(...call) {
      child.stdin.write(`${JSON.stringify(call)}\n`);
      await child.stdin.flush();
      const { value } = await answers.next();
      if (value === undefined) throw new Error(`The client ended with ${await child.exited}.`);
      return JSON.parse(value) as ClientOutcome;
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await child.exited;
    },
  };
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    yield* lines;
  }
}
