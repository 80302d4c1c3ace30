import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { AppError, type Problem } from "../errors.ts";
import { newId } from "../ids.ts";
import type { PageRequest } from "../page.ts";
import type { StoredSecret, Vault } from "../secrets.ts";
import { type CertificateFiles, publicKeyHashOf, readSigningMaterial } from "./certificate.ts";
import { deleteCertificateRequest } from "./certificate-request-store.ts";
import { createCertificateRequests } from "./certificate-requests.ts";
import type { createDevelopmentChain } from "./development-chain.ts";
import { examineIdentity } from "./examine-identity.ts";
import {
  allIdentities,
  identitiesByPreference,
  insertIdentity,
  listIdentities,
  type SigningIdentity,
} from "./identity-store.ts";
import type { PushIdentity } from "./push-client.ts";
import { createSigner, type Signer } from "./signer.ts";

export type Identities = ReturnType<typeof createIdentities>;

const DEVELOPMENT = { passTypeIdentifier: "pass.dev.passhook.demo", teamIdentifier: "PASSHOOKDV" };

/** Apple's answer to a request that was made here: the certificate alone, its key is in the database. */
export interface IssuedCertificate {
  readonly certificate: Buffer;
  readonly intermediate?: Buffer | undefined;
}

/** What people may see of an identity. */
export interface IdentityInfo {
  readonly id: string;
  readonly passTypeIdentifier: string;
  readonly teamIdentifier: string;
  readonly expiresAt: string;
  readonly development: boolean;
}

export interface IdentityDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly developmentChain: typeof createDevelopmentChain;
}

/** Pass Type ID certificates with their keys: importing, choosing, signing. */
export function createIdentities({ db, clock, vault, developmentChain }: IdentityDependencies) {
  const signers = new Map<string, Promise<Signer>>();
  const requests = createCertificateRequests({ db, clock, vault });

  const keyOf = ({ id, privateKeyEncrypted }: SigningIdentity): string =>
    vault.decrypt(privateKeyEncrypted, keyContext(id));

  /** The key that was made here for a certificate; a renewed one may have been requested with the key of the one before. */
  async function storedKeyOf(accountId: string, certificate: Buffer): Promise<Buffer> {
    const hash = publicKeyHashOf(certificate);
    const known = await identitiesByPreference(db.read, accountId);
    const same = known.find(({ certificatePem }) => publicKeyHashOf(Buffer.from(certificatePem)) === hash);
    return Buffer.from(same ? keyOf(same) : await requests.keyOf(accountId, hash));
  }

  /**
   * Checks and stores a certificate with its key, encrypted; a request that it answers is done with. Throws `invalid`
   * with every problem.
   */
  async function importFiles(accountId: string, files: CertificateFiles | IssuedCertificate): Promise<IdentityInfo> {
    const now = clock.now();
    const keyed =
      "p12" in files || "key" in files ? files : { ...files, key: await storedKeyOf(accountId, files.certificate) };
    const { privateKeyPem, notBefore: _, ...material } = readSigningMaterial(keyed, now);
    const id = newId("sid");
    const privateKeyEncrypted = vault.encrypt(privateKeyPem, keyContext(id));
    const identity = await db.transaction(async (tx) => {
      await deleteCertificateRequest(tx.query, accountId, publicKeyHashOf(Buffer.from(material.certificatePem)));
      return insertIdentity(tx.query, { id, accountId, ...material, privateKeyEncrypted, createdAt: now });
    });
    return identityInfo(identity);
  }

  /** The identity that signs; nothing when none fits. */
  async function find(accountId: string, passTypeIdentifier: string | undefined): Promise<SigningIdentity | undefined> {
    const all = await identitiesByPreference(db.read, accountId);
    const now = clock.now();
    // Once there is one of Apple's, a development identity never stands in for it, not even when it has expired: the
    // pass on a phone would be answered with one of another pass type.
    const fitting = all[0]?.development
      ? all
      : all.filter(
          (one) =>
            !one.development && (passTypeIdentifier === undefined || one.passTypeIdentifier === passTypeIdentifier),
        );
    return fitting.find((one) => one.expiresAt > now) ?? fitting[0];
  }

  return {
    import: importFiles,
    request: requests.create,
    waitingRequests: requests.waiting,
    requestFile: requests.csrOf,
    find,

    /** A certificate of a chain made here, for trying things out until Apple's is imported. */
    async createDevelopment(accountId: string): Promise<IdentityInfo> {
      const chain = developmentChain({ ...DEVELOPMENT, now: clock.now() });
      return importFiles(accountId, {
        certificate: Buffer.from(chain.certificatePem),
        key: Buffer.from(chain.privateKeyPem),
        intermediate: Buffer.from(chain.intermediatePem),
      });
    },

    list: (accountId: string, page: PageRequest) => listIdentities(db.read, accountId, page),

    /**
     * The identity that signs a template's passes: of its pass type where it names one, the account's best otherwise;
     * the development one until any other is imported. Throws `unavailable` when none fits, since importing one mends it.
     */
    async choose(accountId: string, passTypeIdentifier: string | undefined): Promise<SigningIdentity> {
      const chosen = await find(accountId, passTypeIdentifier);
      if (chosen) return chosen;
      throw new AppError(
        "unavailable",
        `There is no signing certificate${passTypeIdentifier ? ` for ${passTypeIdentifier}` : ""}. Import one with: passhook certificate import`,
        { retryAfterMs: 60_000 },
      );
    },

    /** The identity that pushes for a pass type: the one that signs its passes. Nothing when there is none any more. */
    async pushIdentity(accountId: string, passTypeIdentifier: string): Promise<PushIdentity | undefined> {
      const all = await identitiesByPreference(db.read, accountId);
      const identity = all.find((one) => one.passTypeIdentifier === passTypeIdentifier);
      if (!identity) return undefined;
      const { id, certificatePem, intermediatePem, privateKeyEncrypted } = identity;
      const privateKeyPem = () => vault.decrypt(privateKeyEncrypted, keyContext(id));
      return { id, passTypeIdentifier, certificatePem, intermediatePem, privateKeyPem };
    },

    /** The signer of an identity; its key is decrypted once. */
    signerOf(identity: SigningIdentity): Promise<Signer> {
      const version = `${identity.id} ${identity.createdAt}`;
      const known = signers.get(version);
      if (known) return known;
      const signer = createSigner({ ...identity, privateKeyPem: keyOf(identity) });
      signers.set(version, signer);
      return signer;
    },

    /** What keeps an identity from signing now; nothing when all is well. */
    async examine(identity: SigningIdentity): Promise<readonly Problem[]> {
      return examineIdentity(identity, keyOf(identity), clock.now());
    },

    /** Every account's, in order of their ids: for checks of what is stored. */
    all: () => allIdentities(db.read),

    async storedSecrets(): Promise<StoredSecret[]> {
      const all = await allIdentities(db.read);
      const keys = all.map((one) => ({ context: keyContext(one.id), ciphertext: one.privateKeyEncrypted }));
      return [...keys, ...(await requests.storedSecrets())];
    },
  };
}

export const identityInfo = (identity: SigningIdentity): IdentityInfo => ({
  id: identity.id,
  passTypeIdentifier: identity.passTypeIdentifier,
  teamIdentifier: identity.teamIdentifier,
  expiresAt: new Date(identity.expiresAt).toISOString(),
  development: identity.development,
});

const keyContext = (id: string): string => `signing identity ${id}`;
