import type { Identities } from "../../../apple/identities.ts";
import type { Config } from "../../../config.ts";
import type { Database } from "../../../db/database.ts";
import type { Connections } from "../../../klaviyo/connections.ts";
import { wasInstalled, wasIssued } from "../../../passes/milestones-store.ts";
import type { Templates } from "../../../templates/templates.ts";

/** Something to do before a shop's customers get their passes. */
export interface Step {
  readonly title: string;
  readonly text: string;
  /** Followed from what is stored, never ticked by hand. */
  readonly done: boolean;
  /** A command on the server that does it. */
  readonly command?: string;
  /** A page of the account where it is done. */
  readonly path?: string;
}

export interface ChecklistDependencies {
  readonly config: Config;
  readonly connections: Connections;
  readonly db: Database;
  readonly identities: Identities;
  readonly templates: Templates;
}

/** How far an account is on the way to its first pass in a wallet. */
export async function readChecklist(deps: ChecklistDependencies, accountId: string): Promise<readonly Step[]> {
  const { config, connections, db, identities, templates } = deps;
  const [identity, known, connection, issued, installed] = await Promise.all([
    identities.find(accountId, undefined),
    templates.list(accountId, { limit: 1 }),
    connections.status(accountId),
    wasIssued(db.read, accountId),
    wasInstalled(db.read, accountId),
  ]);
  return [
    {
      title: "Have a template",
      text: "How a pass looks, and which values a flow fills in.",
      done: known.items.length > 0,
      command: "passhook template init points-card ./card && passhook template push ./card",
    },
    {
      title: "Get a certificate from Apple",
      text: "It signs your passes. Until it is here they are signed for trying things out, and no iPhone takes them.",
      done: identity !== undefined && !identity.development,
      path: "/certificates",
    },
    {
      title: "Give the server a public address",
      text: `Phones fetch passes over https only. Now it is ${config.publicUrl}.`,
      done: config.publicUrl.startsWith("https:"),
      command: "PASSHOOK_PUBLIC_URL=https://passes.example.com passhook serve",
    },
    {
      title: "Connect Klaviyo",
      text: "So that profiles know their pass, and flows can start when it is added or removed.",
      done: connection.mode === "live",
      path: "/klaviyo",
    },
    {
      title: "Receive the first webhook",
      text: "Add a webhook to a Klaviyo flow: everything that its form asks for is ready to copy.",
      done: issued,
      path: "/klaviyo/flow",
    },
    {
      title: "See the first pass in a wallet",
      text: "Open a pass's link on your iPhone, and add it.",
      done: installed,
      path: "/passes",
    },
  ];
}
