/** @jsxImportSource preact */
import { renderSVG } from "uqr";
import type { devicesOf } from "../../../apple/device-store.ts";
import { passUrl } from "../../../passes/pass-url.ts";
import type { WholePass } from "../../../passes/whole-pass.ts";
import { Badge } from "../components/badge.tsx";
import { Card } from "../components/card.tsx";
import { CodeBlock } from "../components/code-block.tsx";
import { Facts } from "../components/facts.tsx";
import { Time } from "../components/time.tsx";
import type { Visit } from "../visit.ts";

/** The link that leads to the pass, also to be scanned. */
export function WalletLink({ publicUrl, serial }: { publicUrl: string; serial: string }) {
  const url = passUrl(publicUrl, serial);
  return (
    <Card title="Wallet link">
      <div
        class="qr"
        role="img"
        aria-label="QR code of the wallet link"
        // An SVG that is drawn here from our own address.
        dangerouslySetInnerHTML={{ __html: renderSVG(url, { border: 1 }) }}
      />
      <CodeBlock code={url} label="Wallet link" />
      <p class="aside">Whoever has this link has the pass.</p>
    </Card>
  );
}

export function PassRecipient({ whole: { pass, recipient, template }, visit }: { whole: WholePass; visit: Visit }) {
  return (
    <Card title="Recipient">
      <Facts
        facts={[
          ["Name", recipient.name],
          ["E-mail", recipient.email],
          ["Phone", recipient.phone],
          ["Klaviyo profile", recipient.klaviyoId && <code>{recipient.klaviyoId}</code>],
          ["Customer id", recipient.externalId && <code>{recipient.externalId}</code>],
          ["Serial number", <code>{pass.serial}</code>],
          ["Version", `${pass.version} (template version ${template.version})`],
          ["Klaviyo flow", pass.flowId && <code>{pass.flowId}</code>],
          ["Issued", <Time at={pass.createdAt} now={visit.now} />],
        ]}
      />
    </Card>
  );
}

export type HoldingDevice = Awaited<ReturnType<typeof devicesOf>>[number];

/** Enough to tell phones apart. */
export const shortDeviceId = (id: string): string => `${id.slice(0, 8)}…`;

/** The phones that hold the pass, and whether they could be told of changes. */
export function PassPhones({ devices, now }: { devices: readonly HoldingDevice[]; now: number }) {
  return (
    <Card title="Phones">
      {devices.length === 0 ? (
        <p class="faint">No phone holds this pass now.</p>
      ) : (
        <ul class="rows">
          {devices.map(({ deviceId, registeredAt, lastPushAt, lastPushResult }) => (
            <li key={deviceId}>
              <code>{shortDeviceId(deviceId)}</code>
              <span>
                added <Time at={registeredAt} now={now} />
              </span>
              {lastPushResult !== null && (
                <Badge tone={lastPushResult === "200" ? "good" : "bad"}>
                  {lastPushResult === "200" ? "Reached" : `Not reached: ${lastPushResult}`}
                </Badge>
              )}
              {lastPushAt !== null && (
                <span>
                  told <Time at={lastPushAt} now={now} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
