/** @jsxImportSource preact */
import type { WaitingRequest } from "../../../apple/certificate-requests.ts";
import type { SigningIdentity } from "../../../apple/identity-store.ts";
import { definePage } from "../admin-page.ts";
import { Badge, type Tone } from "../components/badge.tsx";
import { LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Notice } from "../components/notice.tsx";
import { Page } from "../components/page.tsx";
import { Pagination, pageRequest } from "../components/pagination.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/time.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import type { Visit } from "../visit.ts";

const PATH = "/certificates";
export const ADD_CERTIFICATE = `${PATH}/add`;

interface ListedIdentity {
  readonly identity: SigningIdentity;
  /** Whether passes of its type are signed with it now. */
  readonly signs: boolean;
}

/** What passes are signed with. */
export const certificatesPage = ({ identities }: Pick<PageDependencies, "identities">) =>
  definePage({
    path: PATH,
    section: "certificates",
    role: "viewer",
    title: () => "Certificates",

    async load(visit) {
      const { id } = visit.account;
      const [page, waiting] = await Promise.all([
        identities.list(id, pageRequest(visit)),
        identities.waitingRequests(id),
      ]);
      const items = await Promise.all(
        page.items.map(async (identity): Promise<ListedIdentity> => {
          const chosen = await identities.find(id, identity.passTypeIdentifier);
          return { identity, signs: chosen?.id === identity.id };
        }),
      );
      return { items, next: page.next, waiting };
    },

    render: ({ items, next, waiting }, visit) => (
      <Page
        title="Certificates"
        lead="A pass is signed with a certificate from Apple; iPhones take no other. Apple's are good for about a year. Add the next one before the end: passes move to it by themselves."
        actions={
          visit.may("owner") && (
            <LinkButton tone="primary" href={visit.to(ADD_CERTIFICATE)}>
              Add a certificate
            </LinkButton>
          )
        }
      >
        {waiting.length > 0 && <Waiting waiting={waiting} visit={visit} />}
        {items.length === 0 ? (
          <EmptyState icon="seal" title="No certificate yet">
            <p>Passes can be issued, but nobody can add them to a wallet until there is one.</p>
          </EmptyState>
        ) : (
          <Card flush>
            <Table
              label="Certificates"
              rows={items}
              columns={[
                { title: "Pass type", cell: ({ identity }) => <code>{identity.passTypeIdentifier}</code> },
                { title: "Team", cell: ({ identity }) => <code>{identity.teamIdentifier}</code> },
                { title: "Ends", cell: ({ identity }) => <Ends at={identity.expiresAt} now={visit.now} /> },
                { title: "What it does", cell: (listed) => <Use {...listed} now={visit.now} /> },
              ]}
            />
          </Card>
        )}
        <Pagination visit={visit} path={PATH} next={next} words={{ first: "Beginning", next: "More" }} />
      </Page>
    ),
  });

function Waiting({ waiting, visit }: { waiting: readonly WaitingRequest[]; visit: Visit }) {
  const newest = waiting.at(-1);
  if (!newest) return null;
  return (
    <Notice
      tone="info"
      title="A request waits for Apple's answer."
      {...(visit.may("owner") ? { link: { href: visit.to(ADD_CERTIFICATE), label: "Go on" } } : {})}
    >
      Made <Time at={newest.createdAt} now={visit.now} />. Upload the certificate that Apple makes from it.
    </Notice>
  );
}

const DAY_MS = 24 * 3_600_000;

function Ends({ at, now }: { at: number; now: number }) {
  const tone = toneOfEnd(at - now);
  return (
    <div>
      {tone === "plain" ? (
        <Time at={at} now={now} />
      ) : (
        <Badge tone={tone}>
          <Time at={at} now={now} />
        </Badge>
      )}
      <small>{new Date(at).toISOString().slice(0, 10)}</small>
    </div>
  );
}

/** As the warnings go: 30, 14, 7 and 1 day before the end. */
function toneOfEnd(leftMs: number): Tone {
  if (leftMs <= 7 * DAY_MS) return "bad";
  return leftMs <= 30 * DAY_MS ? "warning" : "plain";
}

function Use({
  identity: { development, expiresAt, passTypeIdentifier },
  signs,
  now,
}: ListedIdentity & { now: number }) {
  const { tone, word, text } = useOf(development, signs, expiresAt <= now, passTypeIdentifier);
  return (
    <div>
      <Badge tone={tone}>{word}</Badge>
      <span class="reason">{text}</span>
    </div>
  );
}

function useOf(
  development: boolean,
  signs: boolean,
  expired: boolean,
  passType: string,
): { tone: Tone; word: string; text: string } {
  if (development && signs) {
    const text = "Made here, so that everything can be tried at once. No iPhone takes what it signs.";
    return { tone: "accent", word: "For trying things out", text };
  }
  if (development) return { tone: "plain", word: "Not used", text: "One of Apple's has taken its place." };
  if (signs && expired) {
    const text = `Nothing else is here for ${passType}: iPhones refuse new passes and updates. Webhooks are still taken.`;
    return { tone: "bad", word: "Expired", text };
  }
  if (signs) return { tone: "good", word: "Signs", text: "Passes and pushes of its pass type." };
  return { tone: "plain", word: "Replaced", text: "One that lives longer signs in its place." };
}
