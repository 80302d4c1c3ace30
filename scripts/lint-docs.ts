/**
 * Writes the table of rules in `docs/lint.md` from the rules themselves: `bun-pinned scripts/lint-docs.ts`. Run after
 * changing a rule; a test compares.
 */
import { ZIP_LIMITS } from "../src/apple/lint/read-zip.ts";
import type { Rule } from "../src/apple/lint/rule.ts";
import { RULES } from "../src/apple/lint/rules.ts";

export const LINT_DOC = new URL("../docs/lint.md", import.meta.url).pathname;

const GROUPS: Readonly<Record<string, string>> = {
  "0": "Package and certificate",
  "1": "Top level",
  "2": "Fields",
  "3": "Barcodes, NFC and relevance",
  "4": "Images and languages",
  "5": "Semantics and styles",
  "6": "Personalization",
};

const MB = 1024 * 1024;

const INTRODUCTION = `# Checking passes

\`\`\`sh
passhook pass lint card.pkpass          # why an iPhone would refuse it; exit status 1 when it has errors
passhook pass lint card.pkpass --json   # {"ok": …, "findings": [{id, severity, path, message, deviceMessage?}]}
passhook template schema > schema.json  # JSON Schema of template.json, for editors
\`\`\`

\`pass lint\` takes any \`.pkpass\` file, whoever made it. It unpacks it, computes every hash again, verifies the signature
over the manifest as it is stored and the chain inside the signature, and holds pass.json, images and languages against
the rules below. An iPhone says only that a pass "cannot be added"; its reason is in the device's log, and where that
text is known it stands beside the finding.

**error**: a device refuses the pass, or something essential is missing on it. **warning**: something is lost that the
pass can do without. A chain that holds but does not end at Apple's certificates is a warning of APL006: right for
trying things out, refused by every iPhone.

How well each rule is established: _documented_ by Apple, _observed_ on devices by others, _community_ (reported, not
confirmed by Apple), _inferred_ by us. A rule keeps its identifier; one that is dropped is never used again.

An archive is read up to ${ZIP_LIMITS.archiveBytes / MB} MB, ${ZIP_LIMITS.entries} entries, ${ZIP_LIMITS.entryBytes / MB} MB for a file and ${ZIP_LIMITS.totalBytes / MB} MB together, whatever it says about itself.

## In an editor

Visual Studio Code checks and explains template.json when its settings name the schema:

\`\`\`json
{ "json.schemas": [{ "fileMatch": ["template.json"], "url": "./schema.json" }] }
\`\`\`

## Rules
`;

export function lintDocument(): string {
  const sections = Object.entries(GROUPS).map(([digit, title]) => {
    const rows = RULES.filter(({ id }) => id[3] === digit).map(row);
    return `\n### ${title}\n\n| id | severity | what is wrong | on the phone | established |\n| --- | --- | --- | --- | --- |\n${rows.join("\n")}\n`;
  });
  return INTRODUCTION + sections.join("");
}

function row({ id, severity, summary, effect, deviceMessage, mark }: Rule): string {
  const cells = [id, severity, summary, deviceMessage ? `${effect}: "${deviceMessage}"` : effect, mark];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("<", "\\<")).join(" | ")} |`;
}

if (import.meta.main) {
  await Bun.write(LINT_DOC, lintDocument());
  // The formatter widens the tables, where it looks at Markdown.
  const root = new URL("..", import.meta.url).pathname;
  Bun.spawnSync([`${root}node_modules/.bin/biome`, "format", "--write", LINT_DOC], { cwd: root });
}
