/** @jsxImportSource preact */
import type { CheckedKey } from "../../../../klaviyo/key-checks.ts";
import type { StoredStatus } from "../../../../klaviyo/status.ts";
import { definePage } from "../../admin-page.ts";
import { Badge, type Tone } from "../../components/badge.tsx";
import { Button, LinkButton } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Facts } from "../../components/facts.tsx";
import { Form } from "../../components/form.tsx";
import { Page } from "../../components/page.tsx";
import { Time } from "../../components/time.tsx";
import type { PageDependencies } from "../../page-dependencies.ts";
import type { Visit } from "../../visit.ts";
import { GivenUp } from "./given-up.tsx";
import { type Health, healthOf } from "./health.ts";
import { Lanes } from "./lanes.tsx";
import { Limits } from "./limits.tsx";
import { ResyncsUnderWay } from "./resyncs-under-way.tsx";
import { ScopeList } from "./scope-list.tsx";
import { KlaviyoTabs } from "./tabs.tsx";

/** Klaviyo may take seconds, and the page is to open all the same. */
const PATIENCE_MS = 3_000;

/** How the connection to Klaviyo is, and what to do next. */
export const klaviyoPage = ({ klaviyo, clock }: Pick<PageDependencies, "klaviyo" | "clock">) =>
  definePage({
    path: "/klaviyo",
    section: "klaviyo",
    role: "viewer",
    title: () => "Klaviyo",

    async load({ account: { id } }) {
      const patience = new Promise<undefined>((resolve) => clock.after(PATIENCE_MS, () => resolve(undefined)));
      const [status, checked] = await Promise.all([
        klaviyo.status.stored(id),
        Promise.race([klaviyo.keyChecks.of(id), patience]),
      ]);
      return { status, checked, gates: klaviyo.gates.describe(id) };
    },

    render: ({ status, checked, gates }, visit) => (
      <Page title="Klaviyo">
        <KlaviyoTabs visit={visit} at="/klaviyo" />
        <Headline health={healthOf(status, checked)} visit={visit} mode={status.mode} />
        <div class="columns">
          <div>
            <Lanes status={status} visit={visit} />
            <GivenUp dead={status.dead} visit={visit} />
            <ResyncsUnderWay resyncs={status.resyncs} />
            {checked?.scopes && (
              <Card title="What the key may do">
                <ScopeList report={checked.scopes} />
              </Card>
            )}
          </div>
          <div>
            <Connection status={status} checked={checked} visit={visit} />
            {status.mode === "live" && <Limits status={status} gates={gates} visit={visit} />}
          </div>
        </div>
      </Page>
    ),

    actions: {
      check: {
        role: "viewer",
        async perform({ account }) {
          await klaviyo.keyChecks.again(account.id);
          return {};
        },
      },
      share: {
        role: "owner",
        async perform({ account }, form) {
          await klaviyo.connections.setShare(account.id, Number(form.required("share")));
          return { notice: "The share is saved. It holds from the next request on." };
        },
      },
    },
  });

function Headline({ health, visit, mode }: { health: Health; visit: Visit; mode: StoredStatus["mode"] }) {
  const { tone, title, text, link } = health;
  const isOwners = link?.path === "/klaviyo/connect" && !visit.may("owner");
  return (
    <section class={`headline ${tone}`}>
      <span class="dot" aria-hidden="true" />
      <div>
        <h2>{title}</h2>
        <p>{text}</p>
        {isOwners && <p class="aside">Only an owner can connect Klaviyo: ask one.</p>}
      </div>
      <div class="actions">
        {link && !isOwners && (
          <LinkButton tone="primary" href={visit.to(link.path)}>
            {link.label}
          </LinkButton>
        )}
        {mode === "sandbox" && <LinkButton href={visit.to("/klaviyo/sandbox")}>See what would be sent</LinkButton>}
      </div>
    </section>
  );
}

interface ConnectionProps {
  readonly status: StoredStatus;
  readonly checked: CheckedKey | null | undefined;
  readonly visit: Visit;
}

function Connection({ status, checked, visit }: ConnectionProps) {
  const { account } = visit;
  return (
    <Card title="Connection">
      <Facts
        facts={[
          ["Mode", <Mode mode={status.mode} />],
          ["Organisation", status.mode === "sandbox" ? null : status.organizationName],
          ["Klaviyo account", status.klaviyoAccountId && <code>{status.klaviyoAccountId}</code>],
          ["Key", status.mode !== "live" ? null : <KeyState checked={checked} visit={visit} />],
          [
            status.mode === "live" ? "Connected" : "Since",
            status.mode === "disconnected" ? null : <Time at={Date.parse(status.connectedAt)} now={visit.now} />,
          ],
          ["WalletPass", <a href={visit.to("/klaviyo/object")}>{OBJECTS[status.objects.state]}</a>],
          [
            "External id",
            <a href={visit.to("/klaviyo/external-id")}>
              {account.externalIdPolicy === "set" ? "becomes the serial number" : "is left alone"}
            </a>,
          ],
        ]}
      />
    </Card>
  );
}

const OBJECTS: Readonly<Record<StoredStatus["objects"]["state"], string>> = {
  none: "not set up",
  incomplete: "set-up not finished",
  active: "kept for each pass",
  unavailable: "not in your plan",
};

function Mode({ mode }: { mode: StoredStatus["mode"] }) {
  switch (mode) {
    case "sandbox":
      return <Badge tone="accent">Sandbox</Badge>;
    case "live":
      return <Badge tone="good">Live</Badge>;
    case "disconnected":
      return <Badge tone="warning">Disconnected</Badge>;
    default:
      return mode satisfies never;
  }
}

type KeyStateName = CheckedKey["key"]["state"];
const KEY_TONES: Readonly<Record<KeyStateName, Tone>> = { valid: "good", refused: "bad", unknown: "warning" };
const KEY_WORDS: Readonly<Record<KeyStateName, string>> = { valid: "Good", refused: "Refused", unknown: "Not known" };

function KeyState({ checked, visit }: Pick<ConnectionProps, "checked" | "visit">) {
  return (
    <div class="key-state">
      {checked ? (
        <span>
          <Badge tone={KEY_TONES[checked.key.state]}>{KEY_WORDS[checked.key.state]}</Badge>{" "}
          <span class="faint">
            asked <Time at={checked.at} now={visit.now} />
          </span>
        </span>
      ) : (
        <Badge tone="warning">Not answered yet</Badge>
      )}
      <Form action={visit.action("check")} inline>
        <Button>Ask again</Button>
      </Form>
    </div>
  );
}
