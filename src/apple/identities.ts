import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { newId } from "../ids.ts";
import type { PageRequest } from "../page.ts";
import type { Vault } from "../secrets.ts";
import { type CertificateFiles, readSigningMaterial } from "./certificate.ts";
import { createDevelopmentChain } from "./development-chain.ts";
import { identitiesByPreference, insertIdentity, listIdentities, type SigningIdentity } from "./identity-store.ts";
import { createSigner, type Signer } from "./signer.ts";

export type Identities = ReturnType<typeof createIdentities>;

const DEVELOPMENT = { passTypeIdentifier: "pass.dev.passhook.demo", teamIdentifier: "PASSHOOKDV" };

/** What people may see of an identity. */
export interface IdentityInfo {
  readonly id: string;
  readonly passTypeIdentifier: string;
  readonly teamIdentifier: string;
  readonly expiresAt: string;
  readonly development: boolean;
}

/** Pass Type ID certificates with their keys: importing, choosing, signing. */
export function createIdentities({ db, clock, vault }: { db: Database; clock: Clock; vault: Vault }) {
  const signers = new Map<string, Promise<Signer>>();

  /** Checks and stores a certificate with its key, encrypted. Throws `invalid` with every problem. */
  async function importFiles(accountId: string, files: CertificateFiles): Promise<IdentityInfo> {
    const now = clock.now();
    const { privateKeyPem, notBefore: _, ...material } = readSigningMaterial(files, now);
    const id = newId("sid");
    const privateKeyEncrypted = vault.encrypt(privateKeyPem, keyContext(id));
    const identity = await db.transaction((tx) =>
      insertIdentity(tx.query, { id, accountId, ...material, privateKeyEncrypted, createdAt: now }),
    );
    return identityInfo(identity);
  }

  return {
    import: importFiles,

    /** A certificate of a chain made here, for trying things out until Apple's is imported. */
    async createDevelopment(accountId: string): Promise<IdentityInfo> {
      const chain = createDevelopmentChain({ ...DEVELOPMENT, now: clock.now() });
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
      const all = await identitiesByPreference(db.read, accountId);
      const now = clock.now();
      const fitting = all.filter(
        (one) =>
          passTypeIdentifier === undefined || one.passTypeIdentifier === passTypeIdentifier || all[0]?.development,
      );
      const chosen = fitting.find((one) => one.expiresAt > now) ?? fitting[0];
      if (chosen) return chosen;
      throw new AppError(
        "unavailable",
        `There is no signing certificate${passTypeIdentifier ? ` for ${passTypeIdentifier}` : ""}. Import one with: passhook certificate import`,
        { retryAfterMs: 60_000 },
      );
    },

    /** The signer of an identity; its key is decrypted once. */
    signerOf(identity: SigningIdentity): Promise<Signer> {
      const known = signers.get(identity.id);
      if (known) return known;
      const privateKeyPem = vault.decrypt(identity.privateKeyEncrypted, keyContext(identity.id));
      const signer = createSigner({ ...identity, privateKeyPem });
      signers.set(identity.id, signer);
      return signer;
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
