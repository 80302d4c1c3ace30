/** @jsxImportSource preact */
import type { CertificateFiles } from "../../../apple/certificate.ts";
import { requestFileName, type WaitingRequest } from "../../../apple/certificate-requests.ts";
import type { IdentityInfo, IssuedCertificate } from "../../../apple/identities.ts";
import { AppError } from "../../../errors.ts";
import { definePage } from "../admin-page.ts";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Confirm } from "../components/confirm.tsx";
import { Field } from "../components/field.tsx";
import { Form } from "../components/form.tsx";
import { Page } from "../components/page.tsx";
import { Time } from "../components/time.tsx";
import type { FormState } from "../form-state.ts";
import type { PageDependencies } from "../page-dependencies.ts";
import type { SentForm } from "../sent-form.ts";
import type { Visit } from "../visit.ts";
import { atFields } from "./certificate-problems.ts";
import { ADD_CERTIFICATE } from "./certificates.tsx";

/** A certificate has 2 KB, a PKCS #12 file with a whole chain less than 20. */
const MAX_UPLOAD_BYTES = 256 * 1024;

/** The way to a certificate without a Mac, and the door for those who have one already. */
export const addCertificatePage = ({ identities }: Pick<PageDependencies, "identities">) => {
  /** Stores what was uploaded; what is wrong stands at the form's own fields. */
  async function store(
    { account }: Visit,
    files: CertificateFiles | IssuedCertificate,
    fields: { readonly certificate: string; readonly key: string },
  ) {
    try {
      return { to: "/certificates", notice: importedWords(await identities.import(account.id, files)) };
    } catch (error) {
      throw error instanceof AppError ? atFields(error, fields) : error;
    }
  }

  return definePage({
    path: ADD_CERTIFICATE,
    section: "certificates",
    role: "owner",
    title: () => "Add a certificate",
    load: ({ account }) => identities.waitingRequests(account.id),

    render: (waiting, visit) => (
      <Page
        title="Add a certificate"
        back={{ href: visit.to("/certificates"), label: "Certificates" }}
        lead="Three steps, in any browser, without a Mac. You need a membership in the Apple Developer Program, as Account Holder or Admin."
      >
        <Card title="1. Make a request">
          <p>
            This makes a private key and a request for Apple. The key stays in this server's database, encrypted; the
            request is a small file that holds no secret.
          </p>
          <Requests waiting={waiting} visit={visit} />
        </Card>
        <AtApple />
        <Card title="3. Upload Apple's answer">
          <Form action={visit.action("issued")} files>
            <Field
              label="The file pass.cer from Apple"
              type="file"
              accept=".cer,.crt,.pem,.der"
              required
              hint="It finds its request by itself."
              {...visit.form("issued").field("certificate")}
            />
            <Intermediate form={visit.form("issued")} />
            <Button tone="primary">Add the certificate</Button>
          </Form>
        </Card>
        <FromElsewhere visit={visit} />
      </Page>
    ),

    actions: {
      request: {
        role: "owner",
        async perform({ account }) {
          await identities.request(account.id);
          return { notice: "The request is made. Download it, and go on with step 2." };
        },
      },
      issued: {
        role: "owner",
        maxBytes: MAX_UPLOAD_BYTES,
        async perform(visit, form) {
          const files = { certificate: await requiredFile(form, "certificate"), ...(await intermediateIn(form)) };
          return store(visit, files, { certificate: "certificate", key: "certificate" });
        },
      },
      p12: {
        role: "owner",
        maxBytes: MAX_UPLOAD_BYTES,
        async perform(visit, form) {
          const files = { p12: await requiredFile(form, "p12"), passphrase: form.raw("passphrase") };
          return store(visit, { ...files, ...(await intermediateIn(form)) }, { certificate: "p12", key: "p12" });
        },
      },
      pair: {
        role: "owner",
        maxBytes: MAX_UPLOAD_BYTES,
        async perform(visit, form) {
          const files = {
            certificate: await requiredFile(form, "certificate"),
            key: await requiredFile(form, "key"),
            passphrase: form.raw("passphrase") || undefined,
          };
          return store(
            visit,
            { ...files, ...(await intermediateIn(form)) },
            { certificate: "certificate", key: "key" },
          );
        },
      },
    },

    downloads: {
      file: {
        role: "owner",
        async load({ account, query }) {
          const id = query.get("request") ?? "";
          const content = await identities.requestFile(account.id, id);
          return { name: requestFileName(id), type: "application/pkcs10", content };
        },
      },
    },
  });
};

function Requests({ waiting, visit }: { waiting: readonly WaitingRequest[]; visit: Visit }) {
  return (
    <>
      {waiting.length > 0 && (
        <ul class="rows">
          {waiting.toReversed().map(({ id, createdAt }) => (
            <li key={id}>
              <a href={visit.to(`${ADD_CERTIFICATE}/file`, { request: id })} download>
                Download {requestFileName(id)}
              </a>
              <span>
                made <Time at={createdAt} now={visit.now} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <Form action={visit.action("request")} inline>
        <Button tone={waiting.length === 0 ? "primary" : "plain"}>
          {waiting.length === 0 ? "Make the request" : "Make another request"}
        </Button>
      </Form>
    </>
  );
}

function AtApple() {
  return (
    <Card title="2. Give it to Apple">
      <ol class="instructions">
        <li>
          Open{" "}
          <a href="https://developer.apple.com/account/resources/identifiers/list/passTypeId" rel="noreferrer">
            Identifiers at developer.apple.com
          </a>{" "}
          and sign in. If there is no Pass Type ID for your passes yet, press the plus sign, choose <b>Pass Type IDs</b>
          , describe it, and give it an identifier such as <code>pass.com.example.card</code>. This is done once.
        </li>
        <li>
          Open{" "}
          <a href="https://developer.apple.com/account/resources/certificates/add" rel="noreferrer">
            Create a New Certificate
          </a>
          , choose <b>Pass Type ID Certificate</b> under Services, and press Continue.
        </li>
        <li>
          Choose your Pass Type ID, press <b>Choose File</b>, and take the request that you downloaded in step 1.
        </li>
        <li>
          Press Continue, then <b>Download</b>. The file is called <code>pass.cer</code>.
        </li>
      </ol>
    </Card>
  );
}

function FromElsewhere({ visit }: { visit: Visit }) {
  const [p12, pair] = [visit.form("p12"), visit.form("pair")];
  return (
    <Card title="Or bring a certificate with its key">
      <p>For one that you have already, from a Mac's Keychain or another system.</p>
      <div class="stack">
        <Confirm label="A .p12 file…" open={p12.refused}>
          <Form action={visit.action("p12")} files>
            <Field label="PKCS #12 file" type="file" accept=".p12,.pfx" required {...p12.field("p12")} />
            <Field
              label="Its passphrase"
              type="password"
              autocomplete="off"
              hint="Empty if it has none."
              {...p12.field("passphrase")}
            />
            <Intermediate form={p12} />
            <Button tone="primary">Add the certificate</Button>
          </Form>
        </Confirm>
        <Confirm label="Certificate and key as files…" open={pair.refused}>
          <Form action={visit.action("pair")} files>
            <Field
              label="Certificate"
              type="file"
              accept=".cer,.crt,.pem,.der"
              hint="PEM or DER"
              required
              {...pair.field("certificate")}
            />
            <Field
              label="Private key"
              type="file"
              accept=".key,.pem,.der"
              hint="PEM or DER"
              required
              {...pair.field("key")}
            />
            <Field
              label="Passphrase of the key"
              type="password"
              autocomplete="off"
              hint="Empty if it has none."
              {...pair.field("passphrase")}
            />
            <Intermediate form={pair} />
            <Button tone="primary">Add the certificate</Button>
          </Form>
        </Confirm>
      </div>
    </Card>
  );
}

/** Rarely needed: opened where it is what was wrong. */
function Intermediate({ form }: { form: FormState }) {
  const field = form.field("intermediate");
  return (
    <details class="more" open={field.error !== undefined}>
      <summary>Apple's intermediate certificate</summary>
      <Field
        label="Intermediate certificate"
        type="file"
        accept=".cer,.crt,.pem,.der"
        hint="Only where Apple issued the certificate by another than WWDR G4, which is built in."
        {...field}
      />
    </details>
  );
}

async function requiredFile(form: SentForm, name: string): Promise<Buffer> {
  const file = form.file(name);
  if (file) return Buffer.from(await file.arrayBuffer());
  throw new AppError("invalid", "A file is missing.", { details: [{ path: name, message: "Choose a file." }] });
}

async function intermediateIn(form: SentForm): Promise<{ readonly intermediate?: Buffer }> {
  const file = form.file("intermediate");
  return file ? { intermediate: Buffer.from(await file.arrayBuffer()) } : {};
}

const importedWords = ({ passTypeIdentifier, development }: IdentityInfo): string =>
  development
    ? `The certificate for ${passTypeIdentifier} is here. It was not issued by Apple: no iPhone takes what it signs.`
    : `The certificate for ${passTypeIdentifier} is here. Passes are signed with it from now on.`;
