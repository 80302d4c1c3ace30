/** @jsxImportSource preact */
import { KNOWN_EVENT_TYPES, type Webhook, type WebhookResult } from "../../../webhooks/webhook.ts";
import { definePage } from "../admin-page.ts";
import { Badge } from "../components/badge.tsx";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { CodeBlock } from "../components/code-block.tsx";
import { Confirm } from "../components/confirm.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Facts } from "../components/facts.tsx";
import { Form } from "../components/form.tsx";
import { Notice } from "../components/notice.tsx";
import { Page } from "../components/page.tsx";
import { Pagination, pageRequest } from "../components/pagination.tsx";
import { Time } from "../components/time.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import type { Visit } from "../visit.ts";
import { offsetPage, offsetPart } from "./offset-page.ts";
import { WebhookFields, webhookInputIn } from "./webhook-form.tsx";
import { WebhookResults } from "./webhook-results.tsx";
import { answerWords, shortEventWords, webhookState } from "./webhook-words.ts";

const MINUTE_MS = 60_000;

const idOf = ({ params }: Visit): string => params["id"] ?? "";

/** One webhook: how its receiver stands, what came of deliveries, and what can be done with it. */
export const webhookPage = ({ webhooks, templates }: Pick<PageDependencies, "webhooks" | "templates">) =>
  definePage({
    path: "/webhooks/:id",
    section: "webhooks",
    role: "viewer",

    async load(visit) {
      const accountId = visit.account.id;
      const part = offsetPart(pageRequest(visit));
      const webhook = await webhooks.get(accountId, idOf(visit));
      const [results, template] = await Promise.all([
        webhooks.results(accountId, webhook.id, part),
        webhook.templateId === null
          ? undefined
          : templates.current(accountId, webhook.templateId).catch(() => undefined),
      ]);
      return { webhook, page: offsetPage(results, part), templateName: template?.definition.name };
    },

    title: ({ webhook }) => webhook.name,

    render({ webhook, page: { items, next }, templateName }, visit) {
      const { tone, word } = webhookState(webhook);
      return (
        <Page
          title={
            <>
              {webhook.name} <Badge tone={tone}>{word}</Badge>
            </>
          }
          back={{ href: visit.to("/webhooks"), label: "Webhooks" }}
        >
          <Secrets visit={visit} />
          <Trouble webhook={webhook} visit={visit} />
          <div class="columns">
            <div>
              <Card title="What came of deliveries" flush>
                {items.length === 0 ? (
                  <EmptyState icon="hook" title="Nothing was delivered yet">
                    {visit.may("owner") && <p>Send a test to see whether the receiver answers.</p>}
                  </EmptyState>
                ) : (
                  <WebhookResults results={items} visit={visit} />
                )}
              </Card>
              <Pagination visit={visit} path={`/webhooks/${webhook.id}`} next={next} />
            </div>
            <div>
              <About webhook={webhook} templateName={templateName} visit={visit} />
              {visit.may("owner") && <Controls webhook={webhook} visit={visit} />}
            </div>
          </div>
        </Page>
      );
    },

    actions: {
      edit: {
        role: "owner",
        async perform(visit, form) {
          await webhooks.update(visit.account.id, idOf(visit), webhookInputIn(form));
          return { notice: "The webhook is saved." };
        },
      },
      pause: {
        role: "owner",
        async perform(visit) {
          await webhooks.update(visit.account.id, idOf(visit), { active: false });
          return { notice: "The webhook is paused: nothing is sent, and what waited for it is dropped." };
        },
      },
      resume: {
        role: "owner",
        async perform(visit) {
          await webhooks.update(visit.account.id, idOf(visit), { active: true });
          return { notice: "From now on it is told of everything again." };
        },
      },
      delete: {
        role: "owner",
        async perform(visit) {
          await webhooks.remove(visit.account.id, idOf(visit));
          return { to: "/webhooks", notice: "The webhook is deleted, with its results." };
        },
      },
      test: {
        role: "owner",
        async perform(visit) {
          return { notice: testWords(await webhooks.test(visit.account.id, idOf(visit))) };
        },
      },
    },
  });

const testWords = (result: WebhookResult): string =>
  result.success
    ? `The receiver took the test: it answered ${answerWords(result)}.`
    : `The receiver did not take the test: ${result.responseStatus === null ? "" : "it answered "}${answerWords(result)}.`;

/** Both secrets of a webhook that was just made: the only time that they can be seen. */
function Secrets({ visit }: { visit: Visit }) {
  const { bearerToken, signingSecret } = visit.flash?.once ?? {};
  if (bearerToken === undefined || signingSecret === undefined) return null;
  return (
    <Notice tone="good" title="Copy these two secrets now. They cannot be shown again.">
      <Facts
        facts={[
          ["Bearer token", <CodeBlock code={bearerToken} label="Bearer token" />],
          ["Signing secret", <CodeBlock code={signingSecret} label="Signing secret" />],
        ]}
      />
      <p>The receiver tells by them that an event is from here: by the token, or better by the signature.</p>
    </Notice>
  );
}

function Trouble({ webhook, visit: { now } }: { webhook: Webhook; visit: Visit }) {
  const { active, inactiveReason, consecutiveFailures, failingSince, pausedUntil } = webhook;
  if (!active) {
    return inactiveReason === null ? (
      <Notice tone="info">Paused by one of you: nothing is sent, and what happens meanwhile is not told later.</Notice>
    ) : (
      <Notice tone="bad" title="It was switched off.">
        {inactiveReason} Nothing is sent until somebody resumes it.
      </Notice>
    );
  }
  if (failingSince === null) return null;
  const since = (
    <>
      It has failed {consecutiveFailures === 1 ? "once" : `${consecutiveFailures} times in a row`}, the first time{" "}
      <Time at={failingSince} now={now} />.
    </>
  );
  return pausedUntil === null ? (
    <Notice tone="warning" title="The receiver does not take events.">
      {since} Each is tried again for seven days.
    </Notice>
  ) : (
    <Notice tone="bad" title="The receiver does not take events.">
      {since} It is left in peace for a while; one event tries it again{" "}
      {pausedUntil - now < MINUTE_MS ? "within a minute" : <Time at={pausedUntil} now={now} />}. The rest waits, and is
      kept for seven days.
    </Notice>
  );
}

function About({ webhook, templateName, visit }: { webhook: Webhook; templateName: string | undefined; visit: Visit }) {
  const { url, subscribedEvents, templateId, includeValues, createdAt } = webhook;
  const isAll = subscribedEvents.length === KNOWN_EVENT_TYPES.length;
  return (
    <Card title="About">
      <Facts
        facts={[
          ["Address", <code>{url}</code>],
          ["Told of", isAll ? "everything" : subscribedEvents.map(shortEventWords).join(", ")],
          ["Passes of", templateId === null ? "every template" : (templateName ?? templateId)],
          ["Values of fields", includeValues ? "sent" : "left out"],
          ["Made", <Time at={createdAt} now={visit.now} />],
          ["Id", <code>{webhook.id}</code>],
        ]}
      />
    </Card>
  );
}

function Controls({ webhook, visit }: { webhook: Webhook; visit: Visit }) {
  const edit = visit.form("edit");
  return (
    <Card title="Actions">
      <div class="stack">
        <Form action={visit.action("test")} inline>
          <Button>Send a test</Button>
        </Form>
        <Confirm label="Edit…" open={edit.refused}>
          <Form action={visit.action("edit")}>
            <WebhookFields form={edit} initial={webhook} />
            <Button tone="primary">Save the webhook</Button>
          </Form>
        </Confirm>
        {webhook.active ? (
          <Confirm label="Pause…">
            <Form action={visit.action("pause")}>
              <p>Nothing is sent any more. What waits is dropped, and what happens meanwhile is not told later.</p>
              <Button tone="danger">Pause the webhook</Button>
            </Form>
          </Confirm>
        ) : (
          <Form action={visit.action("resume")} inline>
            <Button tone="primary">Resume</Button>
          </Form>
        )}
        <Confirm label="Delete…" tone="danger">
          <Form action={visit.action("delete")}>
            <p>This cannot be undone: its secrets, its results and what waits for it are gone.</p>
            <Button tone="danger">Delete the webhook</Button>
          </Form>
        </Confirm>
      </div>
    </Card>
  );
}
