/** @jsxImportSource preact */
import type { ObjectsSetup } from "../../../../klaviyo/connection-store.ts";
import type { SetupRun } from "../../../../klaviyo/setup-runs.ts";
import { definePage } from "../../admin-page.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Card } from "../../components/card.tsx";
import { Form } from "../../components/form.tsx";
import { Icon } from "../../components/icon.tsx";
import { Live } from "../../components/live.tsx";
import { Notice } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";
import type { PageDependencies } from "../../page-dependencies.ts";
import type { Visit } from "../../visit.ts";
import { count } from "./health.ts";
import { KlaviyoTabs } from "./tabs.tsx";
import { STEP_WORDS, withoutCommand } from "./words.ts";

interface Loaded {
  readonly mode: "sandbox" | "live" | "disconnected";
  readonly state: ObjectsSetup["objectsState"];
  readonly note: string | null;
  readonly run: SetupRun | undefined;
}

/** The custom object WalletPass: what it is, and making it, step by step. */
export const objectPage = ({ klaviyo }: Pick<PageDependencies, "klaviyo">) =>
  definePage<Loaded>({
    path: "/klaviyo/object",
    section: "klaviyo",
    role: "viewer",
    title: () => "WalletPass",

    async load({ account }) {
      const { mode, objects } = await klaviyo.connections.status(account.id);
      return { mode, state: objects.state, note: objects.note, run: klaviyo.setupRuns.find(account.id) };
    },
    live: (loaded) => loaded,

    render: (loaded, visit) => (
      <Page
        title="Klaviyo"
        lead="WalletPass is an object in Klaviyo with a record of each pass, tied to its profile. With it segments can ask for passes: who has one and has not added it to a wallet, whose ends next week."
      >
        <KlaviyoTabs visit={visit} at="/klaviyo/object" />
        <Live visit={visit}>
          <State loaded={loaded} visit={visit} />
          {loaded.mode === "live" && <Steps loaded={loaded} />}
        </Live>
        <Card title="What it is for">
          <ul class="examples">
            <li>
              <strong>Has the pass, but not in the wallet:</strong> WalletPass where <code>state</code> is{" "}
              <code>active</code> and <code>installed</code> is false.
            </li>
            <li>
              <strong>A reminder before it ends:</strong> a date flow on <code>expires_at</code>.
            </li>
            <li>
              <strong>Gold members:</strong> WalletPass where <code>fields</code> contains{" "}
              <code>member-level: Gold</code>.
            </li>
          </ul>
          <p class="aside">
            Custom objects belong to Klaviyo's paid plans. Without them profiles and events are written all the same.
          </p>
        </Card>
      </Page>
    ),

    actions: {
      run: {
        role: "owner",
        async perform({ account }) {
          klaviyo.setupRuns.start(account.id);
          return {};
        },
      },
    },
  });

const isRunning = ({ run }: Pick<Loaded, "run">): boolean => run !== undefined && run.outcome === undefined;

function State({ loaded, visit }: { loaded: Loaded; visit: Visit }) {
  const { mode, state, note, run } = loaded;
  if (mode !== "live") {
    return (
      <Notice tone="info" title="Connect Klaviyo first">
        {mode === "sandbox"
          ? "In the sandbox, records are written down like everything else, and not sent."
          : "There is no key to make it with."}{" "}
        {visit.may("owner") && <a href={visit.to("/klaviyo/connect")}>Connect</a>}
      </Notice>
    );
  }
  if (isRunning(loaded)) {
    return (
      <Notice tone="info" title="Klaviyo is being set up">
        It goes on if you leave this page.
      </Notice>
    );
  }
  const failure = run?.outcome?.state === "failed" ? run.outcome.reason : note;
  switch (state) {
    case "active":
      return (
        <Notice tone="good" title="WalletPass is there, and each pass has its record">
          {run?.outcome?.state === "active" && run.outcome.passes > 0
            ? `${count(run.outcome.passes, "pass", "passes")} issued before ${run.outcome.passes === 1 ? "is" : "are"} sent now.`
            : "Records follow within minutes of a change."}
        </Notice>
      );
    case "unavailable":
      return (
        <Notice tone="warning" title="Your Klaviyo plan has no custom objects">
          <div class="stack">
            <p>
              They belong to Klaviyo's paid plans. Nothing is broken: profiles and events are written all the same.
              After an upgrade, run the set-up again.
            </p>
            <Run visit={visit} label="Try again" />
          </div>
        </Notice>
      );
    case "incomplete":
      return (
        <Notice tone="warning" title="The set-up is not finished">
          <div class="stack">
            <p>{failure ? withoutCommand(failure) : "It was interrupted."} It goes on where it was.</p>
            <Run visit={visit} label="Go on" />
          </div>
        </Notice>
      );
    case "none":
      return (
        <Card title="Not set up yet">
          <p>
            Passhook makes the object in your Klaviyo account. It takes a minute or two, may be run again at any time,
            and touches nothing else.
          </p>
          {failure && <Notice tone="bad" title={withoutCommand(failure)} />}
          <Run visit={visit} label="Set up WalletPass" />
        </Card>
      );
    default:
      return state satisfies never;
  }
}

function Run({ visit, label }: { visit: Visit; label: string }) {
  if (!visit.may("owner")) return <p class="aside">Only an owner can set it up.</p>;
  return (
    <Form action={visit.action("run")} inline>
      <Button tone="primary">{label}</Button>
    </Form>
  );
}

/** As far as it is: a step that has told something is under way or done, and those before the last one are done. */
function Steps({ loaded }: { loaded: Loaded }) {
  const { run, state } = loaded;
  if (!run && state !== "active") return null;
  const reached = new Set(run?.progress.map(({ step }) => step));
  const isActive = state === "active" && !isRunning(loaded);
  const isDone = (at: number) =>
    isActive ||
    STEP_WORDS.some(([step], other) => reached.has(step) && (other > at || (other === at && step !== "activation")));
  const current = isRunning(loaded) ? STEP_WORDS.findIndex((_, at) => !isDone(at)) : -1;
  return (
    <Card title="Step by step" aside={isRunning(loaded) && <Badge tone="accent">Running</Badge>}>
      <ol class="steps">
        {STEP_WORDS.map(([step, title, text], at) => (
          <li key={step} class={isDone(at) ? "done" : at === current ? "current" : undefined}>
            <span class="mark">{isDone(at) && <Icon name="check" />}</span>
            <div>
              <p>
                {title} {isDone(at) && <span class="unseen">(done)</span>}
              </p>
              <small>{(at === current && run?.progress.findLast((one) => one.step === step)?.text) || text}</small>
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}
