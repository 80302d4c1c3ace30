import { readFileSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { SCOPES } from "../klaviyo/scopes.ts";
import { createSnippet, SNIPPET_ACTIONS } from "../klaviyo/snippet.ts";
import { type CliIo, command, textOption, wholeNumber } from "./context.ts";
import { connectedText, scopeLines, snippetText, statusText } from "./klaviyo-text.ts";
import { facts, print } from "./output.ts";

type Options = Readonly<Record<string, unknown>>;

const accountIdOf = async (app: App, options: Options): Promise<string> =>
  (await app.accounts.resolve(textOption(options, "account"))).id;

/** `klaviyo`: the connection of an account. */
export function klaviyoCommands(io: CliIo, program: Command): void {
  const klaviyo = program.command("klaviyo").description("the connection to Klaviyo");
  const add: typeof command = (...args) => command(...args).option("--account <id>", "account (default: the first)");

  add(
    io,
    klaviyo,
    "connect",
    "check a private key and use it for write-backs",
    async ({ output, withApp }, _, options) => {
      const apiKey = readFileSync(textOption(options, "keyFile") ?? "", "utf8").trim();
      if (apiKey === "") throw new AppError("invalid", "The key file is empty.");
      const share = options["share"] === undefined ? undefined : Number(options["share"]);
      const answer = await withApp(async (app) => {
        const id = await accountIdOf(app, options);
        const connected = await app.connections.connect(id, apiKey, share);
        return { ...connected, scopes: await app.klaviyo.keyChecks.scopesOf(id, connected) };
      });
      print(output, answer, () => connectedText(answer));
    },
  )
    .requiredOption("--key-file <file>", "file with the private API key (pk_…)")
    .option("--share <percent>", "how much of Klaviyo's limits to use, 1 to 100 (at first 70)", wholeNumber(100))
    .addHelpText("after", () =>
      ["", "Scopes to tick in Klaviyo when the key is made:", ...scopeLines(SCOPES)].join("\n"),
    );

  add(
    io,
    klaviyo,
    "disconnect",
    "forget the key; jobs wait until there is another",
    async ({ output, withApp }, _, options) => {
      const info = await withApp(async (app) => app.connections.disconnect(await accountIdOf(app, options)));
      print(
        output,
        info,
        () => "Disconnected. Jobs wait, none is lost; go on with: passhook klaviyo connect --key-file FILE",
      );
    },
  );

  add(
    io,
    klaviyo,
    "setup",
    "make the custom object WalletPass in Klaviyo; may be run again at any time",
    async ({ output, withApp }, _, options) => {
      const result = await withApp(async (app) =>
        app.klaviyo.setup.run(await accountIdOf(app, options), ({ step, text }) => io.stderr(`${step}: ${text}\n`)),
      );
      const { state, note, passes } = result;
      print(output, result, () =>
        facts([
          ["custom object", state],
          ["", note],
          ["records", passes > 0 ? `${passesText(passes)} sent, issued before` : null],
        ]),
      );
    },
  );

  add(
    io,
    klaviyo,
    "status",
    "how the connection stands: key, scopes, what waits, what failed, what is stopped and why",
    async ({ output, withApp }, _, options) => {
      const status = await withApp(async (app) => app.klaviyo.status.read(await accountIdOf(app, options)));
      print(output, status, () => statusText(status));
    },
  );

  add(
    io,
    klaviyo,
    "snippet",
    "what to paste into the webhook action of a flow",
    async ({ output, withApp }, _, options) => {
      const snippet = await withApp(async (app) => {
        const template = await app.templates.current(
          await accountIdOf(app, options),
          textOption(options, "template") ?? "",
        );
        const action = SNIPPET_ACTIONS.find((known) => known === options["action"]) ?? "issue";
        return createSnippet({ action, template, publicUrl: app.config.publicUrl });
      });
      print(output, snippet, () => snippetText(snippet));
    },
  )
    .requiredOption("--template <id>", "template of the passes")
    .addOption(
      new Option("--action <what>", "what the flow does with a pass").choices(SNIPPET_ACTIONS).default("issue"),
    );

  add(
    io,
    klaviyo,
    "resync",
    "tell Klaviyo of passes again; flows are not started by it",
    async ({ output, withApp }, _, options) => {
      const resync = await withApp(async (app) => {
        const accountId = await accountIdOf(app, options);
        const template = textOption(options, "template");
        const templateId = template && (await app.templates.current(accountId, template)).id;
        return app.klaviyo.resyncs.start({
          accountId,
          templateId,
          since: options["since"] === undefined ? undefined : Number(options["since"]),
          recordsOnly: options["recordsOnly"] === true,
        });
      });
      print(output, resync, () =>
        resync.passes === 0
          ? "There is no such pass whose person Klaviyo could know."
          : `${passesText(resync.passes)} sent again, after what is new. How far it is: passhook klaviyo status`,
      );
    },
  )
    .option("--template <id>", "only passes of this template")
    .option("--since <date>", "only what changed since then, such as 2026-11-21 or 2026-11-21T18:30Z", parseTime)
    .option("--records-only", "only the records of the custom object");
}

const passesText = (passes: number): string => (passes === 1 ? "1 pass is" : `${passes} passes are`);

/** Milliseconds. */
function parseTime(text: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new InvalidArgumentError("must be a date, such as 2026-11-21.");
}
