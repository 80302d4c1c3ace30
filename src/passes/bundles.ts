import type { PassPackages } from "../apple/pass-packages.ts";
import { zipEntry, zipStored } from "../apple/zip.ts";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { AppError } from "../errors.ts";
import type { Vault } from "../secrets.ts";
import type { Templates } from "../templates/templates.ts";
import type { Pass } from "./pass.ts";
import { type WholePass, wholePassOf } from "./whole-pass.ts";

export type Bundles = ReturnType<typeof createBundles>;

export interface BundleLink {
  readonly url: string;
  readonly expiresAt: string;
  readonly serialNumbers: readonly string[];
}

export interface BundleDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly templates: Templates;
  readonly packages: PassPackages;
  readonly publicUrl: string;
}

/** Apple: "Distributing and updating a pass": at most ten passes or 150 MB. */
const MAX_PASSES = 10;
const MAX_BYTES = 150 * 1024 * 1024;
const LINK_LIVES_MS = 15 * 60_000;
const CONTEXT = "bundle link";

/**
 * Several passes in one file (`.pkpasses`). A link to one carries its serial numbers encrypted and lives for a quarter
 * of an hour: nothing is stored, and nobody can put a bundle together who could not read the passes.
 */
export function createBundles({ db, clock, vault, templates, packages, publicUrl }: BundleDependencies) {
  /** Throws `invalid` for too many or repeated ones, `not_found` and `gone` for those that cannot be had. */
  async function load(accountId: string, serials: readonly string[]): Promise<WholePass[]> {
    if (serials.length === 0 || serials.length > MAX_PASSES) {
      throw new AppError("invalid", `A bundle holds 1 to ${MAX_PASSES} passes; these are ${serials.length}.`);
    }
    if (new Set(serials).size < serials.length) throw new AppError("invalid", "A pass is named twice.");
    const wholes = await Promise.all(serials.map((serial) => wholePassOf(db.read, templates, accountId, serial)));
    const gone = wholes.find(({ pass }) => pass.state === "deleted");
    if (gone) throw new AppError("gone", `Pass ${gone.pass.serial} was deleted.`);
    return wholes;
  }

  async function pack(wholes: readonly WholePass[]): Promise<Buffer> {
    const passes = await Promise.all(wholes.map(async (whole) => (await packages.of(whole)).bytes()));
    const size = passes.reduce((sum, bytes) => sum + bytes.length, 0);
    if (size > MAX_BYTES)
      throw new AppError(
        "too_large",
        `The passes have ${Math.ceil(size / 1024 / 1024)} MB together; a bundle holds 150 MB.`,
      );
    return zipStored(passes.map((bytes, i) => zipEntry(`pass-${i + 1}.pkpass`, bytes)));
  }

  return {
    build: async (accountId: string, serials: readonly string[]): Promise<Buffer> =>
      pack(await load(accountId, serials)),

    async link(accountId: string, serials: readonly string[]): Promise<BundleLink> {
      await load(accountId, serials);
      const until = clock.now() + LINK_LIVES_MS;
      const token = vault.encrypt(JSON.stringify({ accountId, serials, until }), CONTEXT);
      return {
        url: `${publicUrl}/p/bundles/${token}`,
        expiresAt: new Date(until).toISOString(),
        serialNumbers: serials,
      };
    },

    /** What a link leads to. Throws `not_found` for one that is not ours, `gone` for one that is over. */
    async follow(token: string): Promise<{ content: Buffer; passes: readonly Pass[] }> {
      const content = vault.tryDecrypt(token, CONTEXT);
      if (content === undefined) throw new AppError("not_found", "There is no such bundle.");
      // Nobody else could have encrypted it.
      const { accountId, serials, until } = JSON.parse(content) as {
        accountId: string;
        serials: string[];
        until: number;
      };
      if (clock.now() > until) throw new AppError("gone", "This link is over. Ask for a new one.");
      const wholes = await load(accountId, serials);
      return { content: await pack(wholes), passes: wholes.map(({ pass }) => pass) };
    },
  };
}
