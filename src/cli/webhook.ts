import type { Command } from "commander";
import { webhookObject, webhookResultObject } from "../api/webhook-object.ts";
import type { App } from "../app.ts";
import { toIso } from "../clock.ts";
import { AppError, UsageError } from "../errors.ts";
import { KNOWN_EVENT_TYPES, type WebhookResult } from "../webhooks/webhook.ts";
import type { Listed, ListPart } from "../webhooks/webhook-store.ts";
import { type CliIo, command, pageOfOptions, pageOptions, textOption } from "./context.ts";
import { facts, print, printPage } from "./output.ts";
import { collect } from "./pass-arguments.ts";

type Options = Readonly<Record<string, unknown>>;

/** Of an answer's body, in a list. */
const MAX_SHOWN_CHARACTERS = 60;

/** `webhook`: who is told of what happens to passes. */
export function webhookCommands(io: CliIo, program: Command): void {
  const webhook = program.command("webhook").description("receivers that are told of what happens to passes");

  command(io, webhook, "create", "make a webhook; its secrets are shown this once", async (context, _, options) => {
    const events = textsOption(options, "event");
    const template = textOption(options, "template");
    const made = await context.withApp(async (app) =>
      app.webhooks.create(await accountIdOf(app, options), {
        name: textOption(options, "name") ?? "",
        url: textOption(options, "url") ?? "",
        subscribedEvents: events.length > 0 ? events : KNOWN_EVENT_TYPES,
        includeValues: options["includeValues"] === true,
        ...(template === undefined ? {} : { templateId: template }),
      }),
    );
    const { bearerToken, signingSecret } = made;
    print(context.output, { ...webhookObject(made.webhook), bearerToken, signingSecret }, () =>
      facts([
        ["webhook", made.webhook.id],
        ["url", made.webhook.url],
        ["events", made.webhook.subscribedEvents.join(", ")],
        ["bearer token", bearerToken],
        ["signing secret", signingSecret],
      ]),
    );
  })
    .requiredOption("--name <name>", "what it is for")
    .requiredOption("--url <url>", "where to post, https")
    .option("--event <type>", "event to be told of; may be repeated (default: all)", collect, [])
    .option("--template <id>", "only passes of this template")
    .option("--include-values", "deliveries carry the values of the pass's fields")
    .option("--account <id>", "account (default: the first)");

  pageOptions(
    command(io, webhook, "list", "list webhooks", async ({ output, withApp }, _, options) => {
      const page = await withApp(async (app) => {
        const accountId = await accountIdOf(app, options);
        return pageOf(options, (part) => app.webhooks.list(accountId, textOption(options, "template"), part));
      });
      if (output.json) return print(output, { ...page, items: page.items.map(webhookObject) }, () => "");
      const items = page.items.map(({ id, name, url, active, failingSince }) => {
        const state = active ? (failingSince === null ? "active" : `fails since ${toIso(failingSince)}`) : "inactive";
        return { id, name, url, state };
      });
      printPage(output, { ...page, items }, "There is no webhook. Make one with: passhook webhook create");
    })
      .option("--template <id>", "only those of this template")
      .option("--account <id>", "account (default: the first)"),
  );

  command(
    io,
    webhook,
    "update <id>",
    "change a webhook, or switch it on or off",
    async (context, [id = ""], options) => {
      const changes = changesIn(options);
      const updated = await context.withApp(async (app) =>
        app.webhooks.update(await accountIdOf(app, options), id, changes),
      );
      print(context.output, webhookObject(updated), () =>
        facts([
          ["webhook", updated.id],
          ["name", updated.name],
          ["url", updated.url],
          ["events", updated.subscribedEvents.join(", ")],
          ["state", updated.active ? "active" : "inactive"],
        ]),
      );
    },
  )
    .option("--name <name>", "what it is for")
    .option("--url <url>", "where to post, https")
    .option("--event <type>", "event to be told of, in place of those before; may be repeated", collect, [])
    .option("--activate", "switch it on: from now on it is told of everything again")
    .option("--deactivate", "switch it off, and drop what waits for it")
    .option("--account <id>", "account (default: the first)");

  command(
    io,
    webhook,
    "delete <id>",
    "remove a webhook with all that waits for it",
    async (context, [id = ""], options) => {
      await context.withApp(async (app) => app.webhooks.remove(await accountIdOf(app, options), id));
      print(context.output, { id }, () => `Webhook ${id} is deleted.`);
    },
  ).option("--account <id>", "account (default: the first)");

  pageOptions(
    command(
      io,
      webhook,
      "results <id>",
      "what came of deliveries, newest first",
      async (context, [id = ""], options) => {
        const page = await context.withApp(async (app) => {
          const accountId = await accountIdOf(app, options);
          return pageOf(options, (part) => app.webhooks.results(accountId, id, part));
        });
        if (context.output.json) {
          return print(context.output, { ...page, items: page.items.map(webhookResultObject) }, () => "");
        }
        const items = page.items.map((result) => ({
          at: toIso(result.at),
          event: result.eventType,
          attempt: result.attempt,
          answer: answerOf(result),
        }));
        printPage(context.output, { ...page, items }, "Nothing was delivered yet.");
      },
    ).option("--account <id>", "account (default: the first)"),
  );

  command(io, webhook, "test <id>", "send a ping now, and show the answer", async (context, [id = ""], options) => {
    const result = await context.withApp(async (app) => app.webhooks.test(await accountIdOf(app, options), id));
    print(context.output, webhookResultObject(result), () => `The receiver's answer: ${answerOf(result)}`);
    if (!result.success) throw new AppError("unavailable", "The ping was not taken.");
  }).option("--account <id>", "account (default: the first)");
}

async function accountIdOf(app: App, options: Options): Promise<string> {
  return (await app.accounts.resolve(textOption(options, "account"))).id;
}

function changesIn(options: Options) {
  const [name, url, subscribedEvents] = [
    textOption(options, "name"),
    textOption(options, "url"),
    textsOption(options, "event"),
  ];
  const [activate, deactivate] = [options["activate"] === true, options["deactivate"] === true];
  if (activate && deactivate) throw new UsageError("give --activate or --deactivate.");
  const changes = {
    ...(name === undefined ? {} : { name }),
    ...(url === undefined ? {} : { url }),
    ...(subscribedEvents.length === 0 ? {} : { subscribedEvents }),
    ...(activate || deactivate ? { active: activate } : {}),
  };
  if (Object.keys(changes).length === 0) throw new UsageError("give what to change (--help shows what can be).");
  return changes;
}

/** A page of a list that is counted from its beginning: the cursor is how many rows come before. */
async function pageOf<T>(options: Options, list: (part: ListPart) => Promise<Listed<T>>) {
  const { limit, after = "0" } = pageOfOptions(options);
  if (!/^\d{1,9}$/.test(after)) throw new UsageError(`"${after}" is not the cursor of a page.`);
  const end = Number(after) + limit;
  const { rows, total } = await list({ offset: Number(after), limit });
  return { items: rows, next: end < total ? String(end) : null };
}

/** On one line: what a stranger answered must not move the cursor. */
function answerOf({ responseStatus, responseBody, error }: WebhookResult): string {
  if (responseStatus === null) return `none, ${error}`;
  const text = (responseBody ?? "").replace(/[\p{Cc}\s]+/gu, " ").slice(0, MAX_SHOWN_CHARACTERS);
  return `${responseStatus} ${text}`.trim();
}

function textsOption(options: Options, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
}
