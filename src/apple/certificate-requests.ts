import { createHash, createPublicKey, generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import forge from "node-forge";
import { type Clock, toIso } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { newId } from "../ids.ts";
import type { StoredSecret, Vault } from "../secrets.ts";
import {
  allCertificateRequests,
  type CertificateRequest,
  insertCertificateRequest,
  pendingCertificateRequests,
} from "./certificate-request-store.ts";

export interface NewCertificateRequest {
  readonly id: string;
  /** PKCS #10 as PEM, for Apple's portal. The key that belongs to it stays in the database. */
  readonly csrPem: string;
}

/** A request without its key. */
export type WaitingRequest = Pick<CertificateRequest, "id" | "createdAt">;

/** What the file of a request is called, so that it is known again among downloads. */
export const requestFileName = (id: string): string => `passhook-${id}.certSigningRequest`;

export type CertificateRequests = ReturnType<typeof createCertificateRequests>;

/** Keys made here for certificates that Apple has yet to issue, so that nobody needs a Mac's Keychain. */
export function createCertificateRequests({ db, clock, vault }: { db: Database; clock: Clock; vault: Vault }) {
  return {
    /** Makes a key, which is stored encrypted and never leaves, and the request to upload at Apple's portal. */
    async create(accountId: string): Promise<NewCertificateRequest> {
      const id = newId("csr");
      // Apple certifies keys of this size only (Apple: "Create a certificate signing request").
      const { privateKey, publicKey } = await promisify(generateKeyPair)("rsa", {
        modulusLength: 2048,
        publicKeyEncoding: { type: "spki", format: "pem" },
        privateKeyEncoding: { type: "pkcs8", format: "pem" },
      });
      const csrPem = signRequest(id, publicKey, privateKey);
      const request: CertificateRequest = {
        id,
        accountId,
        publicKeyHash: hashOfPublicKey(publicKey),
        privateKeyEncrypted: vault.encrypt(privateKey, keyContext(id)),
        createdAt: clock.now(),
      };
      await db.transaction((tx) => insertCertificateRequest(tx.query, request));
      return { id, csrPem };
    },

    /** The private key (PKCS #8, PEM) of the request with that public key. Throws `invalid` where there is none. */
    async keyOf(accountId: string, publicKeyHash: string): Promise<string> {
      const pending = await pendingCertificateRequests(db.read, accountId);
      const request = pending.find((one) => one.publicKeyHash === publicKeyHash);
      if (request) return vault.decrypt(request.privateKeyEncrypted, keyContext(request.id));
      throw new AppError("invalid", noneFits(accountId, pending));
    },

    /** Those that no certificate has answered yet, oldest first. */
    async waiting(accountId: string): Promise<WaitingRequest[]> {
      const pending = await pendingCertificateRequests(db.read, accountId);
      return pending.map(({ id, createdAt }) => ({ id, createdAt }));
    },

    /** The file of a request that waits, once more: its key makes the same again. Throws `not_found`. */
    async csrOf(accountId: string, id: string): Promise<string> {
      const pending = await pendingCertificateRequests(db.read, accountId);
      const request = pending.find((one) => one.id === id);
      if (!request) throw new AppError("not_found", "There is no such request; it may have its certificate already.");
      const privateKey = vault.decrypt(request.privateKeyEncrypted, keyContext(id));
      const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
      return signRequest(id, publicKey, privateKey);
    },

    /** For a check of what is stored. */
    async storedSecrets(): Promise<StoredSecret[]> {
      const all = await allCertificateRequests(db.read);
      return all.map(({ id, privateKeyEncrypted }) => ({ context: keyContext(id), ciphertext: privateKeyEncrypted }));
    },
  };
}

/** Signed with SHA-256. Apple writes the subject of the certificate itself; this one only tells requests apart. */
function signRequest(id: string, publicKeyPem: string, privateKeyPem: string): string {
  const csr = forge.pki.createCertificationRequest();
  csr.publicKey = forge.pki.publicKeyFromPem(publicKeyPem);
  // An underscore is no PrintableString. forge takes a type here; its type declaration says class.
  const valueTagClass = forge.asn1.Type.UTF8 as unknown as forge.asn1.Class;
  csr.setSubject([{ name: "commonName", value: `Passhook ${id}`, valueTagClass }]);
  csr.sign(forge.pki.privateKeyFromPem(privateKeyPem), forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(csr).replaceAll("\r\n", "\n");
}

const hashOfPublicKey = (pem: string): string =>
  createHash("sha256")
    .update(createPublicKey(pem).export({ type: "spki", format: "der" }))
    .digest("hex");

const keyContext = (id: string): string => `certificate request ${id}`;

function noneFits(accountId: string, pending: readonly CertificateRequest[]): string {
  const made = pending.map(({ id, createdAt }) => `${id} of ${toIso(createdAt).slice(0, 10)}`).join(", ");
  const state = made
    ? `The certificate was made from none of the requests that wait in account ${accountId} (${made})`
    : `No certificate request waits in account ${accountId}`;
  return `${state}, so its private key is not here. Give the key, too, or the certificate to the account that made its request; or make a new request, and give its file to Apple.`;
}
