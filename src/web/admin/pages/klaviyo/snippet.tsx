/** @jsxImportSource preact */
import { AppError } from "../../../../errors.ts";
import {
  createSnippet,
  SNIPPET_ACTIONS,
  type Snippet,
  type SnippetAction,
  unreachable,
} from "../../../../klaviyo/snippet.ts";
import { definePage } from "../../admin-page.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { CodeBlock } from "../../components/code-block.tsx";
import { Form } from "../../components/form.tsx";
import { Notice } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";
import type { PageDependencies } from "../../page-dependencies.ts";
import type { Visit } from "../../visit.ts";
import { type Arrival, lastArrival } from "./arrival.ts";
import { ArrivalPart } from "./arrival-part.tsx";
import { ACTION_WORDS } from "./snippet-words.ts";
import { KlaviyoTabs } from "./tabs.tsx";

type Dependencies = Pick<PageDependencies, "accounts" | "config" | "rejected" | "search" | "templates">;

/** What to paste into the webhook action of a flow, piece by piece in the order of Klaviyo's form. */
export const snippetPage = ({ accounts, config, rejected, search, templates }: Dependencies) => {
  const obstacles = unreachable(config.publicUrl);
  return definePage<{ readonly snippet: Snippet; readonly arrival: Arrival | undefined }>({
    path: "/klaviyo/flow/:template/:does",
    section: "klaviyo",
    role: "viewer",
    title: ({ snippet }) => `Webhook for ${snippet.template.name}`,

    async load({ account, params, now }) {
      const action = actionOf(params["does"]);
      const template = await templates.current(account.id, params["template"] ?? "");
      const snippet = createSnippet({ action, template, publicUrl: config.publicUrl });
      const arrival =
        action === "issue"
          ? await lastArrival({ search, rejected }, { accountId: account.id, templateId: template.id, now })
          : undefined;
      return { snippet, arrival };
    },
    live: ({ arrival }) =>
      arrival?.type === "pass" ? arrival.found.pass.serial : arrival?.type === "rejected" ? arrival.request.id : null,

    render: ({ snippet, arrival }, visit) => (
      <Page
        title="Klaviyo"
        back={{ href: visit.to("/klaviyo/flow"), label: "Webhooks for flows" }}
        lead={
          <>
            A webhook of “{snippet.template.name}” that {ACTION_WORDS[snippet.action].lead}. In Klaviyo: Flows, your
            flow, drag Webhook into it, and fill in its form from here.
          </>
        }
      >
        <KlaviyoTabs visit={visit} at="/klaviyo/flow" />
        <Actions snippet={snippet} visit={visit} />
        {obstacles.map((text) => (
          <Notice key={text} tone="warning" title={text} />
        ))}
        <div class="columns">
          <div>
            <Request snippet={snippet} visit={visit} />
            {arrival && <ArrivalPart arrival={arrival} visit={visit} />}
          </div>
          <div>
            <LookOver snippet={snippet} />
            <Links snippet={snippet} />
            <Card title="Good to know">
              <ul class="examples">
                {snippet.notes
                  .filter((note) => !obstacles.includes(note))
                  .map((note) => (
                    <li key={note}>{note}</li>
                  ))}
              </ul>
            </Card>
          </div>
        </div>
      </Page>
    ),

    actions: {
      key: {
        role: "owner",
        async perform({ account, params }) {
          const template = await templates.current(account.id, params["template"] ?? "");
          const label = `Klaviyo: ${template.definition.name}`;
          const { apiKey } = await accounts.createKey(account.id, label, { scope: "issue" });
          return { once: { apiKey } };
        },
      },
    },
  });
};

function actionOf(text: string | undefined): SnippetAction {
  const action = SNIPPET_ACTIONS.find((known) => known === text);
  if (action) return action;
  throw new AppError("not_found", "A webhook can issue, update or void a pass.");
}

function Actions({ snippet: { action, template }, visit }: { snippet: Snippet; visit: Visit }) {
  return (
    <div class="filters">
      <nav aria-label="What the flow does">
        <b aria-hidden="true">The flow shall</b>
        {SNIPPET_ACTIONS.map((one) => (
          <a
            key={one}
            href={visit.to(`/klaviyo/flow/${template.id}/${one}`)}
            aria-current={one === action ? "true" : undefined}
          >
            {ACTION_WORDS[one].short.toLowerCase()} a pass
          </a>
        ))}
      </nav>
    </div>
  );
}

function Request({ snippet: { url, headers, body }, visit }: { snippet: Snippet; visit: Visit }) {
  return (
    <Card title="Klaviyo's form">
      <div class="pieces">
        <h3>Destination URL</h3>
        <CodeBlock code={url} label="Destination URL" />
        <h3>Headers</h3>
        {headers.map(({ name, value }) => (
          <div key={name} class="header-pair">
            <CodeBlock code={name} label="Key" />
            {name === "X-API-KEY" ? <KeyValue visit={visit} /> : <CodeBlock code={value} label={`Value of ${name}`} />}
          </div>
        ))}
        <h3>JSON body</h3>
        <div class="json">
          <CodeBlock code={body} label="JSON body" />
        </div>
      </div>
    </Card>
  );
}

/** The one thing that is not always there to copy: keys are shown once. */
function KeyValue({ visit }: { visit: Visit }) {
  const apiKey = visit.flash?.once?.["apiKey"];
  if (apiKey !== undefined) {
    return (
      <div class="new-key">
        <CodeBlock code={apiKey} label="Value of X-API-KEY" />
        <small>Copy it now: it cannot be shown again.</small>
      </div>
    );
  }
  if (!visit.may("owner")) return <p class="aside">An API key that an owner made for this flow.</p>;
  return (
    <Form action={visit.action("key")} inline>
      <Button tone="primary">Make a key for Klaviyo</Button>
    </Form>
  );
}

function LookOver({ snippet: { adapt } }: { snippet: Snippet }) {
  if (adapt.length === 0) return null;
  return (
    <Card title="Look these over">
      <ul class="look-over">
        {adapt.map(({ field, tag, why }) => (
          <li key={field}>
            <strong>{field}</strong>
            <code>{tag}</code>
            <small>{why}</small>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Links({ snippet: { links } }: { snippet: Snippet }) {
  return (
    <Card title="The link for emails and texts">
      {links.map(({ tag, when }) => (
        <div key={tag}>
          <CodeBlock code={tag} label="Link" />
          <p class="aside">Works {when}.</p>
        </div>
      ))}
    </Card>
  );
}
