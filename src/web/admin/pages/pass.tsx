/** @jsxImportSource preact */
import { devicesOf } from "../../../apple/device-store.ts";
import { AppError } from "../../../errors.ts";
import { changedNames } from "../../../passes/new-values.ts";
import { listPassEvents } from "../../../passes/pass-store.ts";
import { textsFor } from "../../landing/texts/index.ts";
import { PassFront } from "../../preview/pass-front.tsx";
import { passColourRule } from "../../preview/preview-style.ts";
import { definePage } from "../admin-page.ts";
import { Notice } from "../components/notice.tsx";
import { Page } from "../components/page.tsx";
import { PassStatusBadge } from "../components/pass-status.tsx";
import type { PageDependencies } from "../page-dependencies.ts";
import type { Visit } from "../visit.ts";
import { whoIs } from "../words.ts";
import { ErasePerson } from "./erase-person.tsx";
import { PassActions } from "./pass-actions.tsx";
import { fieldsOfForm, PassFields } from "./pass-fields.tsx";
import { PassPhones, PassRecipient, WalletLink } from "./pass-parts.tsx";
import { PassTimeline } from "./pass-timeline.tsx";

type Dependencies = Pick<
  PageDependencies,
  "updater" | "reminders" | "eraser" | "outbox" | "connections" | "db" | "config" | "previewPass"
>;

const PREVIEW_ID = "preview";
const PREVIEW_TEXTS = textsFor(["en"]).preview;

/** One pass: what it says, whose it is, what became of it, and what can be done with it. */
export const passPage = ({
  updater,
  reminders,
  eraser,
  outbox,
  connections,
  db,
  config,
  previewPass,
}: Dependencies) => {
  const referenceOf = ({ account, params }: Visit) => ({
    accountId: account.id,
    serial: params["serial"] ?? "",
  });

  return definePage({
    path: "/passes/:serial",
    section: "passes",
    role: "viewer",
    async load(visit) {
      const whole = await updater.find(referenceOf(visit));
      const { serial } = whole.pass;
      const [events, devices, jobs, connection, preview] = await Promise.all([
        listPassEvents(db.read, serial),
        devicesOf(db.read, serial),
        outbox.ofOrderingKey(serial),
        connections.status(visit.account.id),
        previewPass(whole),
      ]);
      return { whole, events, devices, jobs, preview, sandbox: connection.mode === "sandbox" };
    },

    title: ({ whole }) => whole.recipient.name ?? "Pass",

    style: ({ preview }) => preview && passColourRule(PREVIEW_ID, preview),

    render({ whole, events, devices, jobs, preview, sandbox }, visit) {
      const { pass, recipient, template } = whole;
      return (
        <Page
          title={
            <>
              {whoIs(recipient) ?? "Pass"} <PassStatusBadge of={whole} now={visit.now} />
            </>
          }
          back={{ href: visit.to("/passes"), label: "Passes" }}
          lead={template.definition.name}
        >
          {pass.notes.length > 0 && (
            <Notice tone="warning" title="Worth knowing">
              <ul>
                {pass.notes.map((note) => (
                  <li key={note}>{note}</li>
                ))}
              </ul>
            </Notice>
          )}
          {pass.repaired && (
            <Notice tone="info">
              The request that made it was no valid JSON and was mended. Look whether the values are right.
            </Notice>
          )}
          <div class="columns">
            <div>
              <PassFields whole={whole} visit={visit} />
              <PassRecipient whole={whole} visit={visit} />
              <PassTimeline whole={whole} events={events} devices={devices} jobs={jobs} visit={visit} />
              <PassPhones devices={devices} now={visit.now} />
            </div>
            <div>
              {preview && <PassFront view={preview} texts={PREVIEW_TEXTS} id={PREVIEW_ID} />}
              {pass.state !== "deleted" && <WalletLink publicUrl={config.publicUrl} serial={pass.serial} />}
              {visit.may("editor") && (
                <PassActions pass={pass} visit={visit} hasPhones={devices.length > 0} sandbox={sandbox} />
              )}
              {visit.may("owner") && <ErasePerson recipient={recipient} visit={visit} />}
            </div>
          </div>
        </Page>
      );
    },

    actions: {
      update: {
        role: "editor",
        async perform(visit, form) {
          const reference = referenceOf(visit);
          const { pass, template } = await updater.find(reference);
          if (form.text("seen") !== String(pass.updatedAt)) {
            throw new AppError(
              "conflict",
              "The pass changed while you were typing. Load the page again to see its values.",
            );
          }
          const { pass: now } = await updater.update(reference, fieldsOfForm(template.definition, form));
          const isSame = changedNames(pass.values, now.values).length === 0;
          return {
            notice: isSame
              ? "Nothing was different."
              : "The values are saved. Phones that hold the pass are told where it looks different.",
          };
        },
      },
      void: {
        role: "editor",
        async perform(visit) {
          await updater.setVoided(referenceOf(visit), true);
          return { notice: "The pass is void. Phones show it so." };
        },
      },
      unvoid: {
        role: "editor",
        async perform(visit) {
          await updater.setVoided(referenceOf(visit), false);
          return { notice: "The pass is good again." };
        },
      },
      delete: {
        role: "editor",
        async perform(visit, form) {
          if (form.text("confirm").toLowerCase() !== "delete") {
            throw new AppError("invalid", "The pass was not deleted.", {
              details: [{ path: "confirm", message: "Type the word delete to delete the pass." }],
            });
          }
          await updater.remove(referenceOf(visit));
          return { notice: "The pass is deleted. Its link leads nowhere, and phones show it void." };
        },
      },
      erase: {
        role: "owner",
        async perform(visit, form) {
          if (form.text("confirm-erase").toLowerCase() !== "erase") {
            throw new AppError("invalid", "Nobody was erased.", {
              details: [{ path: "confirm-erase", message: "Type the word erase to erase the person." }],
            });
          }
          const { recipient } = await updater.find(referenceOf(visit));
          const accountId = visit.account.id;
          await eraser.erase({ accountId, by: "id", value: recipient.id, requestedBy: visit.admin.email });
          return { to: "/erasures", notice: "The person is erased here, and Klaviyo is asked to forget them." };
        },
      },
      "write-back": {
        role: "editor",
        async perform(visit) {
          await reminders.writeBack(referenceOf(visit));
          return { notice: "Klaviyo is told again." };
        },
      },
      push: {
        role: "editor",
        async perform(visit) {
          await reminders.push(referenceOf(visit));
          return { notice: "Phones that hold the pass are told to look for changes." };
        },
      },
    },
  });
};
