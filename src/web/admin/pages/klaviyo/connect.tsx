/** @jsxImportSource preact */
import { AppError } from "../../../../errors.ts";
import type { Connected, ConnectionInfo } from "../../../../klaviyo/connections.ts";
import type { ScopeReport } from "../../../../klaviyo/scopes.ts";
import { definePage } from "../../admin-page.ts";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { Field } from "../../components/field.tsx";
import { Form } from "../../components/form.tsx";
import { Page } from "../../components/page.tsx";
import type { PageDependencies } from "../../page-dependencies.ts";
import type { Visit } from "../../visit.ts";
import { listed } from "./health.ts";
import { ScopeList } from "./scope-list.tsx";
import { KlaviyoTabs } from "./tabs.tsx";

/** Giving Passhook a key of Klaviyo's, another one, or none. */
export const connectPage = ({ klaviyo }: Pick<PageDependencies, "klaviyo">) =>
  definePage({
    path: "/klaviyo/connect",
    section: "klaviyo",
    role: "owner",
    title: () => "Connect Klaviyo",
    load: ({ account }) => klaviyo.connections.info(account.id),

    render: (connection, visit) => (
      <Page title="Klaviyo" lead={LEADS[connection.mode]}>
        <KlaviyoTabs visit={visit} at="/klaviyo/connect" />
        <div class="columns">
          <div>
            <KeyForm connection={connection} visit={visit} />
            {connection.mode === "live" && <Disconnect connection={connection} visit={visit} />}
          </div>
          <Card title="Scopes to tick">
            <p class="aside">
              In Klaviyo: Settings, API keys, Create private API key, Custom key. Scopes are fixed when the key is made;
              to add one later, make another key.
            </p>
            <ScopeList />
          </Card>
        </div>
      </Page>
    ),

    actions: {
      connect: {
        role: "owner",
        async perform({ account }, form) {
          const apiKey = readKey(form.required("key"));
          const connected = await klaviyo.connections.connect(account.id, apiKey);
          const scopes = await klaviyo.keyChecks.scopesOf(account.id, connected);
          return { to: "/klaviyo", notice: connectedWords(connected, scopes) };
        },
      },
      disconnect: {
        role: "owner",
        async perform({ account }) {
          await klaviyo.connections.disconnect(account.id);
          return { to: "/klaviyo", notice: "Disconnected. The key is forgotten; what Klaviyo should know waits." };
        },
      },
    },
  });

const LEADS: Readonly<Record<ConnectionInfo["mode"], string>> = {
  sandbox: "With a private key Passhook writes to your profiles. Until then everything is only recorded.",
  live: "Klaviyo is connected. To replace the key, connect with the new one: nothing is lost in between.",
  disconnected: "There is no key. What Klaviyo should know waits, and goes out as soon as you connect.",
};

function KeyForm({ connection: { mode }, visit }: { connection: ConnectionInfo; visit: Visit }) {
  return (
    <Card title={mode === "live" ? "Replace the key" : "Connect"}>
      <ol class="how">
        <li>In Klaviyo, open Settings, API keys, and create a private key with the scopes that are listed here.</li>
        <li>Copy the key. Klaviyo shows it only once.</li>
        <li>Paste it here.</li>
      </ol>
      <Form action={visit.action("connect")}>
        <Field
          label="Private API key"
          type="password"
          autocomplete="off"
          placeholder="pk_…"
          mono
          hint="It is tried first, then stored encrypted, and never shown again."
          required
          {...visit.form("connect").field("key")}
        />
        <Button tone="primary">{mode === "live" ? "Try and replace" : "Try and connect"}</Button>
      </Form>
    </Card>
  );
}

function Disconnect({ connection, visit }: { connection: ConnectionInfo; visit: Visit }) {
  return (
    <Card title="Disconnect">
      <p class="aside">
        Connected to {connection.organizationName ?? "Klaviyo"}
        {connection.klaviyoAccountId && (
          <>
            {" "}
            (<code>{connection.klaviyoAccountId}</code>)
          </>
        )}
        .
      </p>
      <Confirm label="Disconnect…" tone="danger">
        <Form action={visit.action("disconnect")}>
          <p>
            Passhook forgets the key. Passes are issued and change as before; what Klaviyo should know waits until there
            is a key again. Flows that start on passes stand still meanwhile.
          </p>
          <Button tone="danger">Disconnect</Button>
        </Form>
      </Confirm>
    </Card>
  );
}

/** What cannot be one is said at the field, before Klaviyo is asked. */
function readKey(text: string): string {
  if (/^pk_\w+$/.test(text)) return text;
  const message = /^\w{6}$/.test(text)
    ? "is the public key of your Klaviyo account; a private one begins with pk_"
    : "must be a private key of Klaviyo: it begins with pk_";
  throw new AppError("invalid", "The key was not stored.", { details: [{ path: "key", message }] });
}

function connectedWords(connected: Connected, scopes: ScopeReport | null): string {
  const { organizationName, previousMode, previousKlaviyoAccountId } = connected;
  const missing = scopes?.missing.map(({ name }) => name) ?? [];
  const parts = [`Connected to ${organizationName ?? "Klaviyo"}.`];
  if (previousKlaviyoAccountId !== null) {
    parts.push(
      `This is another Klaviyo account than before (${previousKlaviyoAccountId}). It knows nothing of your passes: set up WalletPass there, then tell it again.`,
    );
  } else if (previousMode === "sandbox") {
    parts.push("Passes issued so far are not in Klaviyo yet; “Tell it again” sends them.");
  }
  if (missing.length > 0) parts.push(`The key lacks ${listed(missing)}.`);
  return parts.join(" ");
}
