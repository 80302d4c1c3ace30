import { isObject } from "../../templates/placeholders.ts";
import { certificateFacts } from "./certificate-info.ts";
import type { Finding, LintContext, LintReport } from "./finding.ts";
import { findingsOf, lintPass } from "./lint-pass.ts";
import type { PackageInput } from "./package-input.ts";
import { readPassStrings } from "./pass-strings.ts";
import { imageSizes } from "./png.ts";
import { readJson } from "./read-json.ts";
import { readSignature } from "./read-signature.ts";
import { readZip, type ZipReading } from "./read-zip.ts";
import type { PackageRule } from "./rule.ts";
import { RULES } from "./rules.ts";

export interface LintPackageOptions {
  /** Milliseconds: what dates are held against. */
  readonly now: number;
  /** False for a server that is being tried out, as in `LintContext`. */
  readonly production?: boolean;
  /** Takes certificates with EC keys, of which it is not known whether phones take them. */
  readonly allowEc?: boolean;
}

const PACKAGE_RULES = RULES.filter((rule): rule is PackageRule => rule.on === "package");

/** What is wrong with a `.pkpass`, whoever made it. Never throws, whatever the bytes are. */
export async function lintPackage(bytes: Uint8Array, options: LintPackageOptions): Promise<LintReport> {
  const zip = withoutEnclosingFolder(await readZip(bytes));
  const json = (name: string) => {
    const content = zip.files.get(name);
    return content ? readJson(content, name) : { problems: [] };
  };
  const [pass, manifest, personalization] = ["pass.json", "manifest.json", "personalization.json"].map(json);
  const signature = readSignature(zip.files.get("signature"), zip.files.get("manifest.json"));
  const input: PackageInput = {
    now: options.now,
    names: zip.names,
    files: zip.files,
    zipProblems: zip.problems,
    jsonProblems: [pass, manifest, personalization].flatMap((reading) => reading?.problems ?? []),
    manifest: isObject(manifest?.value) ? manifest.value : undefined,
    pass: isObject(pass?.value) ? pass.value : undefined,
    signature,
    allowEc: options.allowEc ?? false,
  };
  const findings = PACKAGE_RULES.flatMap((rule) => findingsOf(rule, rule.check(input)));
  if (input.pass) {
    const certificate = signature.kind === "read" && signature.leaf ? certificateFacts(signature.leaf) : undefined;
    const context: LintContext = {
      now: options.now,
      ...filesContext(zip.files),
      ...(personalization && "value" in personalization ? { personalization: personalization.value } : {}),
      certificate,
      production: options.production,
    };
    findings.push(...lintPass(input.pass, context));
  }
  const sorted = findings.sort((a, b) => a.id.localeCompare(b.id));
  return { ok: !sorted.some(isError), findings: sorted };
}

export const isError = ({ severity }: Finding): boolean => severity === "error";

/** Images and languages out of the files of a package. */
export function filesContext(
  files: ReadonlyMap<string, Uint8Array>,
): Pick<LintContext, "images" | "locales"> & { brokenStrings: ReadonlyMap<string, string> } {
  const locales = new Map<string, ReadonlyMap<string, string> | undefined>();
  const brokenStrings = new Map<string, string>();
  for (const [name, content] of files) {
    const language = /^([^/]+)\.lproj\/pass\.strings$/.exec(name)?.[1];
    if (language === undefined) continue;
    const reading = readPassStrings(content);
    if (reading.ok) locales.set(language, reading.strings);
    else brokenStrings.set(language, reading.message);
  }
  return { images: imageSizes(files), locales, brokenStrings };
}

/** A folder that was packed instead of what is in it: said once, then the pass is looked at as if it were not there. */
function withoutEnclosingFolder(zip: ZipReading): ZipReading {
  if (zip.names.has("pass.json")) return zip;
  const inside = [...zip.names].find((name) => /^[^/]+\/pass\.json$/.test(name));
  if (inside === undefined) return zip;
  const folder = inside.slice(0, -"pass.json".length);
  const strip = (name: string) => (name.startsWith(folder) ? name.slice(folder.length) : name);
  return {
    names: new Set([...zip.names].map(strip)),
    files: new Map([...zip.files].map(([name, content]) => [strip(name), content])),
    problems: [
      { path: folder, message: "encloses the pass; pack the files themselves, not their folder" },
      ...zip.problems.filter(({ path }) => !path.startsWith(folder)),
    ],
  };
}
