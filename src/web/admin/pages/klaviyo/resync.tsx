/** @jsxImportSource preact */
import { AppError } from "../../../../errors.ts";
import { definePage } from "../../admin-page.ts";
import { Button, LinkButton } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Field, Select } from "../../components/field.tsx";
import { Form, Hidden } from "../../components/form.tsx";
import { Live } from "../../components/live.tsx";
import { Page } from "../../components/page.tsx";
import type { PageDependencies } from "../../page-dependencies.ts";
import type { Visit } from "../../visit.ts";
import { count } from "./health.ts";
import { ResyncsUnderWay } from "./resyncs-under-way.tsx";
import { KlaviyoTabs } from "./tabs.tsx";

const PATH = "/klaviyo/resync";
const MAX_TEMPLATES = 200;

/** Telling Klaviyo of passes again: first how many they are, then whether to. */
export const resyncPage = ({ klaviyo, templates }: Pick<PageDependencies, "klaviyo" | "templates">) =>
  definePage({
    path: PATH,
    section: "klaviyo",
    role: "viewer",
    title: () => "Tell Klaviyo again",

    async load({ account: { id: accountId }, query }) {
      const chosen = readChoice((name) => query.get(name) ?? "");
      const [{ items }, resyncs, { mode }] = await Promise.all([
        templates.list(accountId, { limit: MAX_TEMPLATES }),
        klaviyo.status.resyncs(accountId),
        klaviyo.connections.info(accountId),
      ]);
      const passes = query.has("what") ? await klaviyo.resyncs.count({ accountId, ...chosen.scope }) : undefined;
      return { templates: items, resyncs, mode, chosen, passes };
    },
    live: ({ resyncs }) => resyncs,

    render: ({ templates: known, resyncs, mode, chosen, passes }, visit) => (
      <Page
        title="Klaviyo"
        lead="For passes that Klaviyo does not know: those of the sandbox, of another Klaviyo account, or after something was repaired. What it knows already stays as it is."
      >
        <KlaviyoTabs visit={visit} at={PATH} />
        {resyncs.length > 0 && (
          <Live visit={visit}>
            <ResyncsUnderWay resyncs={resyncs} />
          </Live>
        )}
        {passes === undefined ? (
          <Choose templates={known} chosen={chosen} visit={visit} />
        ) : (
          <Start passes={passes} chosen={chosen} mode={mode} visit={visit} />
        )}
        <Card title="What happens">
          <ul class="examples">
            <li>Each pass's profile is written as it is now.</li>
            <li>
              Its events are sent with the time at which they happened. Klaviyo counts none twice, and{" "}
              <strong>no flow is started by them</strong>.
            </li>
            <li>Its WalletPass record is written, where the object is set up.</li>
            <li>New changes go first, so nobody waits longer for a pass.</li>
          </ul>
        </Card>
      </Page>
    ),

    actions: {
      start: {
        role: "editor",
        async perform({ account }, form) {
          const { scope, recordsOnly } = readChoice((name) => form.text(name));
          const request = { accountId: account.id, ...scope, recordsOnly };
          const { passes } = await klaviyo.resyncs.start(request).catch((error: unknown) => {
            if (!(error instanceof AppError && error.code === "conflict")) throw error;
            throw new AppError("conflict", "WalletPass is not set up, so there is nowhere to send records to.");
          });
          return {
            notice:
              passes === 0
                ? "There is no such pass whose person Klaviyo could know."
                : `${count(passes, "pass is", "passes are")} told again, after what is new.`,
          };
        },
      },
    },
  });

interface Choice {
  readonly what: "all" | "records";
  readonly template: string;
  /** A day, as forms send it. */
  readonly since: string;
  readonly scope: { readonly templateId?: string; readonly since?: number };
  readonly recordsOnly: boolean;
}

/** From an address or a form; what cannot be read counts as not chosen. */
function readChoice(given: (name: string) => string): Choice {
  const since = /^\d{4}-\d{2}-\d{2}$/.test(given("since")) ? given("since") : "";
  const ms = Date.parse(since);
  const template = given("template");
  const what = given("what") === "records" ? "records" : "all";
  return {
    what,
    template,
    since: Number.isNaN(ms) ? "" : since,
    scope: { ...(template ? { templateId: template } : {}), ...(Number.isNaN(ms) ? {} : { since: ms }) },
    recordsOnly: what === "records",
  };
}

const WHAT: Readonly<Record<Choice["what"], string>> = {
  all: "Profiles, events and records",
  records: "Only WalletPass records",
};

interface ChooseProps {
  readonly templates: readonly { readonly id: string; readonly name: string }[];
  readonly chosen: Choice;
  readonly visit: Visit;
}

/** By GET: it only counts. */
function Choose({ templates, chosen, visit }: ChooseProps) {
  return (
    <Card title="Which passes?">
      <form class="form" action={visit.to(PATH)}>
        <div class="field-grid">
          <Select
            label="Template"
            name="template"
            value={chosen.template}
            options={[
              { value: "", label: "All templates" },
              ...templates.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
          <Field label="Changed since" type="date" name="since" value={chosen.since} hint="Empty for all." />
          <Select
            label="What"
            name="what"
            value={chosen.what}
            options={Object.entries(WHAT).map(([value, label]) => ({ value, label }))}
          />
        </div>
        <Button>Count the passes</Button>
      </form>
    </Card>
  );
}

interface StartProps {
  readonly passes: number;
  readonly chosen: Choice;
  readonly mode: "sandbox" | "live" | "disconnected";
  readonly visit: Visit;
}

function Start({ passes, chosen, mode, visit }: StartProps) {
  const which =
    `${chosen.template ? "of this template " : ""}${chosen.since ? `changed since ${chosen.since}` : ""}`.trim();
  return (
    <Card title={passes === 0 ? "No such pass" : `Tell Klaviyo of ${count(passes, "pass", "passes")} again?`}>
      <p>
        {passes === 0
          ? "There is none whose person Klaviyo could know: that takes an email, a phone number or an id."
          : `${WHAT[chosen.what]}${which ? ` of passes ${which}` : ""}. ${MODE_WORDS[mode]}`}
      </p>
      <div class="button-row">
        {passes > 0 &&
          (visit.may("editor") ? (
            <Form action={visit.action("start")} inline>
              <Hidden name="template" value={chosen.template} />
              <Hidden name="since" value={chosen.since} />
              <Hidden name="what" value={chosen.what} />
              <Button tone="primary">Tell Klaviyo again</Button>
            </Form>
          ) : (
            <p class="aside">This takes an editor.</p>
          ))}
        <LinkButton href={visit.to(PATH)}>{passes === 0 ? "Back" : "Cancel"}</LinkButton>
      </div>
    </Card>
  );
}

const MODE_WORDS: Readonly<Record<StartProps["mode"], string>> = {
  live: "It takes about a minute for every few hundred passes.",
  sandbox: "This account is a sandbox: it will only be recorded, not sent.",
  disconnected: "Klaviyo is disconnected: it will wait until there is a key.",
};
